import { Agent, get } from 'node:http';

/** What users saw: each answer, and requests that got none. Requests before the first answer do not count. */
export interface Users {
  /** Bodies of the answers by how often they came. */
  readonly answers: ReadonlyMap<string, number>;
  /** Those since it was asked last: each fails one test, and not all that follow. */
  takeFailures(): readonly string[];
  forget(): void;
  stop(): void;
}

const EVERY_MS = 10;

/** Users who ask the stable address of a service all the time, over connections that are kept and over new ones. */
export function sendUsers(port: number): Users {
  const kept = new Agent({ keepAlive: true, maxSockets: 16 });
  const answers = new Map<string, number>();
  const failures: string[] = [];
  let answered = false;
  let turn = 0;
  const fail = (what: string) => {
    if (answered) failures.push(`${new Date().toISOString()} ${what}`);
  };
  const timer = setInterval(() => {
    turn += 1;
    const agent = turn % 2 === 0 ? kept : false;
    const request = get({ host: '127.0.0.1', port, path: '/', agent, timeout: 10_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        answered = true;
        answers.set(body, (answers.get(body) ?? 0) + 1);
      });
      response.on('error', (error) => fail(error.message));
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
    request.on('error', (error) => fail(error.message));
  }, EVERY_MS);
  return {
    answers,
    takeFailures: () => failures.splice(0),
    forget: () => answers.clear(),
    stop: () => {
      clearInterval(timer);
      kept.destroy();
    },
  };
}
