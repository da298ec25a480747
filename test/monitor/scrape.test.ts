import { gzipSync } from 'node:zlib';
import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { METRICS, monitor, serve } from './service.js';

/** What a scrape says of a service that answers with this. */
async function scrapeOf(body: string | Buffer, headers: Record<string, string> = {}, status = 200) {
  const address = await serve((_, response) => {
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4', ...headers });
    response.end(body);
  });
  return monitor({ maxBytes: 64 * 1024 }).sample(address, METRICS);
}

describe('a scrape', () => {
  it('reads what prom-client writes', async () => {
    const registry = new Registry();
    const requests = new Counter({
      name: 'http_requests_total',
      help: 'All requests',
      labelNames: ['status', 'path'],
      registers: [registry],
    });
    const duration = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Latency',
      labelNames: ['path'],
      buckets: [0.1, 0.5],
      registers: [registry],
    });
    const address = await serve((_, response) => {
      registry.metrics().then((text) => response.end(text));
    });
    expect(await monitor().sample(address, METRICS)).toMatchObject({
      ok: true,
      sample: { requests: 0, errors: 0, latency: null },
    });
    requests.inc({ status: '200', path: '/{a}"b\\' }, 7);
    requests.inc({ status: '503', path: '/' }, 2);
    requests.inc({ status: '500', path: '/' }, 1);
    duration.observe({ path: '/a' }, 0.05);
    duration.observe({ path: '/b' }, 0.3);
    duration.observe({ path: '/b' }, 9);
    expect(await monitor().sample(address, METRICS)).toMatchObject({
      ok: true,
      sample: {
        requests: 10,
        errors: 3,
        latency: [
          { upperBound: 0.1, count: 1 },
          { upperBound: 0.5, count: 2 },
          { upperBound: Number.POSITIVE_INFINITY, count: 3 },
        ],
      },
    });
  });

  it('goes over one kept-alive connection, and over a new one when the service closed it', async () => {
    const ports = new Set<number | undefined>();
    const address = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('http_requests_total 1\n');
    });
    const scraper = monitor();
    for (let round = 0; round < 3; round++) await scraper.sample(address, METRICS);
    expect(ports.size).toBe(1);
    address.server.closeAllConnections();
    expect(await scraper.sample(address, METRICS)).toMatchObject({ ok: true });
  });

  it('does not ask for compression', async () => {
    let asked: unknown = null;
    const address = await serve((request, response) => {
      asked = request.headers['accept-encoding'];
      response.end('http_requests_total 1\n');
    });
    await monitor().sample(address, METRICS);
    expect(asked).toBeUndefined();
  });
});

describe('a metrics endpoint that', () => {
  it('is missing is named with its status', async () => {
    const problem = 'the metrics endpoint /metrics: answers status 404';
    expect(await scrapeOf('nothing here', {}, 404)).toEqual({ ok: false, problem });
  });

  it('is HTML, said or unsaid, is not metrics', async () => {
    const problem = 'the metrics endpoint /metrics: answers HTML, not metrics';
    expect(await scrapeOf('<!doctype html>', { 'content-type': 'text/html' })).toEqual({
      ok: false,
      problem,
    });
    expect(await scrapeOf('\n <html><body>hello')).toEqual({ ok: false, problem });
  });

  it('is JSON is not metrics either', async () => {
    expect(await scrapeOf('{"up":true}')).toMatchObject({ ok: false });
  });

  it('redirects is not followed', async () => {
    const sampled = await scrapeOf('', { location: 'http://user:secret@example.com/' }, 302);
    expect(JSON.stringify(sampled)).toContain('redirects are not followed');
    expect(JSON.stringify(sampled)).not.toContain('secret');
  });

  it('answers compressed is not unpacked', async () => {
    const sampled = await scrapeOf(gzipSync('http_requests_total 1\n'), { 'content-encoding': 'gzip' });
    expect(sampled).toMatchObject({ ok: false });
    expect(JSON.stringify(sampled)).toContain('compressed');
  });

  it('counts something else is told what is there', async () => {
    const body = 'http_request_total 5\nprocess_cpu 1\nzzz 1\nhttp_requests 4\n';
    const sampled = await scrapeOf(body);
    expect(JSON.stringify(sampled)).toContain(
      'no series named http_requests_total; there are: http_request_total, http_requests, process_cpu',
    );
  });

  it('is empty has no series at all', async () => {
    expect(JSON.stringify(await scrapeOf(''))).toContain('there are no series at all');
  });

  it('has no end is cut off at the limit', async () => {
    let sent = 0;
    let cut = false;
    const address = await serve((_, response) => {
      const line = Buffer.from(`other_total{a="${'x'.repeat(1000)}"} 1\n`.repeat(60));
      const more = () => {
        while (!cut && sent < 100 * 1024 * 1024 && response.write(line)) sent += line.length;
      };
      response.on('drain', more);
      response.on('close', () => {
        cut = true;
      });
      more();
    });
    const sampled = await monitor({ maxBytes: 1024 * 1024 }).sample(address, METRICS);
    expect(sampled).toEqual({
      ok: false,
      problem: 'the metrics endpoint /metrics: answers more than 1048576 bytes',
    });
    expect(sent).toBeLessThan(50 * 1024 * 1024);
  });

  it('hangs, before or within its body, is given up', async () => {
    const problem = 'the metrics endpoint /metrics: no whole answer within 200ms';
    const silent = await serve(() => undefined);
    expect(await monitor({ timeoutMs: 200 }).sample(silent, METRICS)).toEqual({ ok: false, problem });
    const trickling = await serve((_, response) => {
      const timer = setInterval(() => response.write('# x\n'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await monitor({ timeoutMs: 200 }).sample(trickling, METRICS)).toEqual({ ok: false, problem });
  });

  it('breaks off is no answer', async () => {
    const address = await serve((_, response) => {
      response.write('http_requests_total 1\n');
      setImmediate(() => response.destroy());
    });
    expect(await monitor().sample(address, METRICS)).toMatchObject({ ok: false });
  });

  it('is not there at all says that nothing listens', async () => {
    const address = await serve(() => undefined);
    await new Promise((resolve) => address.server.close(resolve));
    expect(JSON.stringify(await monitor().sample(address, METRICS))).toContain('nothing listens there');
  });

  it('has a path that cannot be asked for is a problem, not a crash', async () => {
    const address = await serve((_, response) => response.end());
    expect(await monitor().sample(address, { ...METRICS, path: '/a b\n' })).toMatchObject({ ok: false });
  });
});

describe('error labels of the catalog', () => {
  it('that could run away are refused by name', async () => {
    const address = await serve((_, response) => response.end('http_requests_total 1\n'));
    const sampled = await monitor().sample(address, { ...METRICS, errors: { status: '(a+)+' } });
    expect(JSON.stringify(sampled)).toContain('metrics.errors.status in the catalog');
    expect(await monitor().sample(address, { ...METRICS, errors: {} })).toMatchObject({ ok: false });
  });
});
