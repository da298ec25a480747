import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Pause } from '../../../controller/adapters/github/limits.js';
import { ForgeUnavailable } from '../../../controller/ports/forge.js';
import { recordingLog } from '../../git/support.js';
import { failureOf, openSite, REPOSITORY, type Site } from './site.js';

const at = { owner: 'acme', repo: 'gitops' };
const FACTS = '^/repos/acme/gitops$';
const ISSUES = '^/repos/acme/gitops/issues$';
const SECONDARY = { message: 'You have exceeded a secondary rate limit.' };
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.calm());

describe('a limit that is reached', () => {
  it.each([
    ['a secondary limit', { action: 'secondary-limit', retryAfter: 60 }],
    [
      'a secondary limit, told with 429',
      { action: 'status', status: 429, body: SECONDARY, headers: { 'retry-after': '60' } },
    ],
    ['the hour’s limit, told with 429', { action: 'primary-limit', status: 429, resetInSeconds: 60 }],
    ['the hour’s limit, told with 403', { action: 'primary-limit', status: 403, resetInSeconds: 60 }],
  ] as const)(
    '%s: the message says so, and nothing is sent before the pause is over',
    async (_title, fault) => {
      const client = site.user();
      site.github.faults.set({ rules: [{ match: { path: FACTS }, times: 1, ...fault }] });
      const error = await failureOf(client.facts());
      expect(error).toBeInstanceOf(ForgeUnavailable);
      expect(error.message).toMatch(/asks for a pause: .*rate limit/);
      expect(site.since()).toHaveLength(1);
      const { issues, git } = await client.rest();
      for (const call of [
        client.facts(),
        client.actor(),
        issues.create({ ...at, title: 'x' }),
        git.getRef({ ...at, ref: 'heads/main' }),
      ]) {
        const meanwhile = await failureOf(call);
        expect(meanwhile.message).toMatch(/asked for a pause until 2\d{3}-.*Z \(rate limit\)/);
        expect([meanwhile.status, meanwhile instanceof ForgeUnavailable]).toEqual([429, true]);
      }
      expect(site.since()).toEqual([]);
      site.expectNoSecrets(error);
    },
  );

  it('is told in the log, with when it ends', async () => {
    site.github.faults.set({
      rules: [{ match: { path: FACTS }, times: 1, action: 'secondary-limit', retryAfter: 60 }],
    });
    await failureOf(site.user().facts());
    expect(site.log.lines.at(-1)).toMatch(/asks for a pause: a secondary rate limit .*"until":"2/);
  });

  it('for an App holds for everything that the App does', async () => {
    const app = site.app();
    await app.facts();
    site.github.faults.set({
      rules: [{ match: { path: FACTS }, times: 1, action: 'secondary-limit', retryAfter: 60 }],
    });
    await failureOf(app.facts());
    site.since();
    expect((await failureOf(app.actor())).message).toContain('asked for a pause');
    expect(site.since()).toEqual([]);
  });

  it('for a second or two is sat out, for reading and for making', async () => {
    const client = site.user();
    const { issues } = await client.rest();
    const fault = { action: 'secondary-limit', retryAfter: 1 } as const;
    site.github.faults.set({
      rules: [
        { match: { method: 'GET', path: FACTS }, times: 1, ...fault },
        { match: { method: 'POST', path: ISSUES }, times: 1, ...fault },
      ],
    });
    const begun = performance.now();
    expect((await client.facts()).fullName).toBe(REPOSITORY);
    expect(performance.now() - begun).toBeGreaterThan(900);
    await issues.create({ ...at, title: 'once' });
    expect(site.since().map(({ method }) => method)).toEqual(['GET', 'GET', 'POST', 'POST']);
    const { body } = await site.olga(`GET /repos/${REPOSITORY}/issues?per_page=100`);
    expect((body as { title: string }[]).filter(({ title }) => title === 'once')).toHaveLength(1);
  });

  it('for a moment, twice in a row, is not sat out endlessly', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, action: 'secondary-limit', retryAfter: 1 }] });
    const error = await failureOf(site.user().facts());
    expect(error.message).toContain('asks for a pause');
    expect(site.since()).toHaveLength(2);
  });

  it('by the last request of the hour, not by a fault: what is left is told, then the pause', async () => {
    const client = site.user();
    site.github.leaveRequests(site.token, 1);
    await client.facts();
    expect(site.remaining.at(-1)?.remaining).toBe(0);
    const { git } = await client.rest();
    expect((await failureOf(git.getRef({ ...at, ref: 'heads/main' }))).message).toContain('asks for a pause');
    site.since();
    expect((await failureOf(client.facts())).message).toContain('asked for a pause');
    expect(site.since()).toEqual([]);
    site.github.leaveRequests(site.token, 5000);
  });
});

describe('the pause', () => {
  const at12 = Date.parse('2026-03-01T12:00:00Z');
  const paused = () => {
    const clock = { now: at12 };
    return { clock, pause: new Pause(recordingLog(), () => clock.now) };
  };

  it('is over when its time has come, but for a short rest that is worth waiting for', () => {
    const { clock, pause } = paused();
    pause.check();
    expect(pause.ask(60, 0, 'why')).toBe(false);
    expect(() => pause.check()).toThrow('until 2026-03-01T12:01:00.000Z');
    clock.now = at12 + 56_999;
    expect(() => pause.check()).toThrow();
    clock.now = at12 + 57_000;
    pause.check();
  });

  it('is never made shorter by a later, shorter one', () => {
    const { clock, pause } = paused();
    pause.ask(60, 0, 'why');
    clock.now = at12 + 1000;
    pause.ask(1, 0, 'why');
    expect(() => pause.check()).toThrow('12:01:00');
  });

  it('is worth waiting for once, and only when it is short', () => {
    const { pause } = paused();
    expect([pause.ask(0, 0, ''), pause.ask(3, 0, ''), pause.ask(4, 0, ''), pause.ask(1, 1, '')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
