import { describe, expect, it } from 'vitest';
import { monitor, serve } from './service.js';

describe('a health probe', () => {
  for (const [status, ok] of [
    [200, true],
    [204, true],
    [302, true],
    [404, false],
    [503, false],
  ] as const)
    it(`${ok ? 'takes' : 'does not take'} status ${status}`, async () => {
      const address = await serve((_, response) => response.writeHead(status).end());
      const result = await monitor().probe(address, '/healthz');
      expect(result).toMatchObject({ ok, status, problem: ok ? null : `/healthz answers status ${status}` });
    });

  it('does not wait for a body that never ends', async () => {
    const address = await serve((_, response) => {
      response.write('alive');
    });
    expect(await monitor({ timeoutMs: 300 }).probe(address, '/')).toMatchObject({ ok: true });
  });

  it('gives up on a service that does not answer', async () => {
    const address = await serve(() => undefined);
    const result = await monitor({ timeoutMs: 100 }).probe(address, '/healthz');
    expect(result).toMatchObject({
      ok: false,
      status: null,
      problem: '/healthz: no whole answer within 100ms',
    });
  });

  it('says that nothing listens', async () => {
    const address = await serve(() => undefined);
    await new Promise((resolve) => address.server.close(resolve));
    expect(await monitor().probe(address, '/')).toMatchObject({
      ok: false,
      problem: '/: nothing listens there (connection refused)',
    });
  });
});
