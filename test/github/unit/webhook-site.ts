import { createHmac, randomUUID } from 'node:crypto';
import { createWebhookVerifier } from '../../../controller/adapters/github/webhook.js';
import { openDatabase } from '../../../controller/adapters/postgres/database.js';
import type { Job, Store } from '../../../controller/ports/store.js';
import type { Operations } from '../../../controller/triggers/api/operations.js';
import { startApi } from '../../../controller/triggers/api/server.js';
import { NOON } from '../../postgres/samples.js';
import { createTestDatabase } from '../../support/database.js';
import { quietLog } from '../../support/quiet-log.js';

export const SECRET = 'a secret of the tests';
export const TOKEN = 'the token of the API';
const OURS = 'https://github.com/acme/gitops';
export const PUSH = JSON.stringify({
  ref: 'refs/heads/main',
  repository: { id: 42, full_name: 'acme/gitops' },
});
export const NOTHING = { jobs: [], deliveries: [] };
export const LOOK = { task: 'look-at-repository', key: `look-at-repository:${OURS}` };

/** What GitHub, or somebody else, puts into the header. */
export const sign = (body: string | Buffer, secret = SECRET, algorithm = 'sha256') =>
  `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`;

export interface Delivered {
  readonly status: number;
  readonly answer: { readonly result?: string; readonly error?: string };
}

/** The API with its webhook endpoint, over a real database. */
export interface WebhookSite {
  readonly url: string;
  readonly log: ReturnType<typeof quietLog>;
  /** How often it was asked whose repository it is. */
  asked(): number;
  /** From now on no job can be written. */
  breakJobs(broken: boolean): void;
  /** A delivery of GitHub, with some headers changed (null: left out). */
  deliver(body: string | Buffer, change?: Readonly<Record<string, string | null>>): Promise<Delivered>;
  /** What deliveries left behind: jobs, and the ids that were noted. */
  left(): Promise<{ readonly jobs: readonly unknown[]; readonly deliveries: readonly unknown[] }>;
  removeJobs(): Promise<void>;
  /** As it was at the beginning. */
  empty(): Promise<void>;
  /** Another API of the same database, without a webhook secret. */
  withoutSecret(): ReturnType<typeof startApi>;
  close(): Promise<void>;
}

export async function openWebhookSite(): Promise<WebhookSite> {
  const log = quietLog();
  const test = await createTestDatabase();
  const database = openDatabase({ url: test.url, log, clock: { now: () => NOON } });
  let asked = 0;
  let broken = false;
  const store = withJobs(database.store, (job, write) =>
    broken ? Promise.reject(new Error('the queue is full')) : write(job),
  );
  const start = (webhooks: Parameters<typeof startApi>[0]['webhooks']) =>
    startApi({
      operations: { store } as Operations,
      token: TOKEN,
      host: '127.0.0.1',
      port: 0,
      metrics: { render: async () => '', contentType: 'text/plain' },
      ready: async () => null,
      webhooks,
      log,
    });
  const api = await start({
    verify: createWebhookVerifier(SECRET),
    repositoryOf: (id, fullName) => {
      asked += 1;
      return id === 42 || fullName === 'acme/gitops' ? OURS : null;
    },
    isOwn: (login) => login === 'commander-app[bot]',
  });
  const query = async (statement: string) => {
    const session = await database.openSession();
    try {
      return await session.query(statement);
    } finally {
      await session.close();
    }
  };
  const removeJobs = async () =>
    void (await query('select graphile_worker.remove_job(key) from graphile_worker.jobs'));
  return {
    url: `${api.url}/webhooks/github`,
    log,
    asked: () => asked,
    breakJobs: (value) => {
      broken = value;
    },
    deliver: (body, change = {}) => post(`${api.url}/webhooks/github`, body, change),
    left: async () => ({
      jobs: await query('select task_identifier as task, key from graphile_worker.jobs order by key'),
      deliveries: await query('select id, event from commander.deliveries order by id'),
    }),
    removeJobs,
    empty: async () => {
      asked = 0;
      broken = false;
      log.lines.length = 0;
      await query('delete from commander.deliveries');
      await removeJobs();
    },
    withoutSecret: () => start(null),
    close: async () => {
      await api.close();
      await database.close();
      await test.drop();
    },
  };
}

type WriteJob = (job: Job) => Promise<void>;

function withJobs(store: Store, job: (job: Job, write: WriteJob) => Promise<void>): Store {
  return {
    ...store,
    transaction: (work) =>
      store.transaction((tx) =>
        work({ ...tx, write: { ...tx.write, job: (one) => job(one, tx.write.job) } }),
      ),
  };
}

async function post(
  url: string,
  body: string | Buffer,
  change: Readonly<Record<string, string | null>>,
): Promise<Delivered> {
  const headers = Object.entries({
    'content-type': 'application/json',
    'x-github-event': 'push',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body),
    ...change,
  }).filter((entry): entry is [string, string] => entry[1] !== null);
  const sent = typeof body === 'string' ? body : new Uint8Array(body);
  const response = await fetch(url, { method: 'POST', headers, body: sent });
  return { status: response.status, answer: (await response.json()) as Delivered['answer'] };
}
