// A small checkout service with a health check and Prometheus metrics. Needs nothing but Node.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const {
  version,
  failShare = 0,
  slowMilliseconds = 0,
  crash = false,
} = JSON.parse(readFileSync(new URL('./release.json', import.meta.url), 'utf8'));
if (crash) {
  console.error('FATAL cannot read the price list');
  process.exit(1);
}

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const counts = { 200: 0, 500: 0 };
const buckets = BOUNDS.map(() => 0);
let total = 0;
let seconds = 0;

function record(status, took) {
  counts[status] += 1;
  total += 1;
  seconds += took;
  BOUNDS.forEach((bound, index) => {
    if (took <= bound) buckets[index] += 1;
  });
}

function metrics() {
  return [
    '# TYPE http_requests_total counter',
    ...Object.entries(counts).map(([status, count]) => `http_requests_total{status="${status}"} ${count}`),
    '# TYPE http_request_duration_seconds histogram',
    ...BOUNDS.map((bound, index) => `http_request_duration_seconds_bucket{le="${bound}"} ${buckets[index]}`),
    `http_request_duration_seconds_bucket{le="+Inf"} ${total}`,
    `http_request_duration_seconds_sum ${seconds}`,
    `http_request_duration_seconds_count ${total}`,
    '',
  ].join('\n');
}

const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end('ok\n');
  if (request.url === '/metrics')
    return response.setHeader('content-type', 'text/plain; version=0.0.4').end(metrics());
  const began = performance.now();
  setTimeout(() => {
    const status = Math.random() < failShare ? 500 : 200;
    record(status, (performance.now() - began) / 1000);
    response.statusCode = status;
    response.end(`checkout ${version}${status === 500 ? ': ERROR' : ''}\n`);
  }, slowMilliseconds);
});
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? '0.0.0.0', () =>
  console.log(`checkout ${version} listens`),
);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
