// A service that misbehaves as its release.json says. Copied into the repositories of test services; needs nothing but Node.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const release = JSON.parse(readFileSync(new URL('./release.json', import.meta.url), 'utf8'));
const {
  version,
  failShare = 0,
  slowMilliseconds = 0,
  crash = false,
  health = 'good',
  metrics = 'good',
} = release;
if (crash) {
  console.error('FATAL cannot read the price list');
  process.exit(1);
}

let good = 0;
let bad = 0;
let backwards = 1_000_000;

function exposition() {
  const total = good + bad;
  const fast = slowMilliseconds < 100 ? total : 0;
  return `http_requests_total{status="200"} ${good}
http_requests_total{status="500"} ${bad}
http_request_duration_seconds_bucket{le="0.1"} ${fast}
http_request_duration_seconds_bucket{le="+Inf"} ${total}
http_request_duration_seconds_sum 1
http_request_duration_seconds_count ${total}
`;
}

const METRICS = {
  good: (response) => response.end(exposition()),
  missing: (response) => response.writeHead(404).end('not found'),
  html: (response) =>
    response.setHeader('content-type', 'text/html').end('<html><body>Sign in</body></html>'),
  hanging: () => undefined,
  backwards: (response) => {
    backwards -= 1000;
    response.end(`http_requests_total{status="200"} ${backwards}\n`);
  },
  huge: (response) => {
    const chunk = 'some_other_metric{label="value"} 1\n'.repeat(30_000);
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', write).on('error', () => undefined);
    write();
  },
};

const HEALTH = {
  good: (response) => response.end('ok\n'),
  failing: (response) => response.writeHead(500).end('no\n'),
  hanging: () => undefined,
};

createServer((request, response) => {
  if (request.url === '/healthz') return HEALTH[health](response);
  if (request.url === '/metrics') return METRICS[metrics](response);
  setTimeout(() => {
    const failed = Math.random() < failShare;
    if (failed) bad += 1;
    else good += 1;
    response.statusCode = failed ? 500 : 200;
    response.end(`${version}${failed ? ': ERROR' : ''}`);
  }, slowMilliseconds);
}).listen(Number(process.env.PORT), process.env.HOST, () => console.log(`${version} listens`));
process.on('SIGTERM', () => process.exit(0));
