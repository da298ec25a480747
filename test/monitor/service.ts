import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createScrapeMonitor } from '../../controller/adapters/monitor/monitor.js';
import type { MetricsSpec } from '../../controller/domain/catalog.js';

export const METRICS: MetricsSpec = {
  path: '/metrics',
  requests: 'http_requests_total',
  errors: { status: '5..' },
  latency: 'http_request_duration_seconds',
};

const running: Server[] = [];
const monitors: { close(): void }[] = [];

afterEach(async () => {
  for (const monitor of monitors.splice(0)) monitor.close();
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A real HTTP service on a free port of the loopback; closed after the test. */
export async function serve(
  listener: RequestListener,
): Promise<{ host: string; port: number; server: Server }> {
  const server = createServer(listener);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, server };
}

export function monitor(options: { timeoutMs?: number; maxBytes?: number } = {}) {
  const created = createScrapeMonitor({ timeoutMs: 5000, maxBytes: 4 * 1024 * 1024, ...options });
  monitors.push(created);
  return created;
}
