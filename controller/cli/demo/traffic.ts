import { Agent, get } from 'node:http';

/** Requests at a steady rate, until stopped; what came back is counted by the version that answered. */
export interface Traffic {
  readonly last: () => string;
  /** Requests that failed since the first one that was answered. */
  readonly failed: () => number;
  stop(): void;
}

const REQUESTS_A_SECOND = 50;

export function sendTraffic(port: number): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  let last = '';
  let failed = 0;
  const timer = setInterval(() => {
    const request = get({ host: '127.0.0.1', port, path: '/', agent, timeout: 5000 }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        last = body.trim();
        if ((response.statusCode ?? 0) >= 500) failed += 1;
      });
    });
    request.on('error', () => {
      if (last !== '') failed += 1;
    });
  }, 1000 / REQUESTS_A_SECOND);
  return {
    last: () => last,
    failed: () => failed,
    stop: () => {
      clearInterval(timer);
      agent.destroy();
    },
  };
}
