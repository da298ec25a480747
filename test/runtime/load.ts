import { Agent, request } from 'node:http';

export interface Load {
  /** Versions answered so far, in order, and what failed. */
  readonly versions: string[];
  readonly failures: string[];
  stop(): Promise<void>;
}

/** Requests one after the other on several lines, each on a connection kept alive or on a new one, until stopped. */
export function startLoad(port: number, connections: 'kept' | 'new', lines = 4): Load {
  const agent = connections === 'kept' ? new Agent({ keepAlive: true, maxSockets: lines }) : false;
  const versions: string[] = [];
  const failures: string[] = [];
  let running = true;
  const line = async (): Promise<void> => {
    while (running) {
      const answer = await ask(port, agent);
      if (answer instanceof Error) failures.push(answer.message);
      else versions.push(answer);
    }
  };
  const all = Promise.all(Array.from({ length: lines }, line));
  return {
    versions,
    failures,
    async stop() {
      running = false;
      await all;
      if (agent) agent.destroy();
    },
  };
}

function ask(port: number, agent: Agent | false): Promise<string | Error> {
  return new Promise((done) => {
    const call = request(
      { host: '127.0.0.1', port, path: '/slow?ms=2', agent, timeout: 10_000 },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () =>
          done(response.statusCode === 200 ? body : new Error(`status ${response.statusCode}`)),
        );
        response.on('error', done);
      },
    );
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', done);
    call.end();
  });
}
