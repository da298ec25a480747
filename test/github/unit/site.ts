import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'vitest';
import {
  type ClientOptions,
  createGitHubClient,
  type GitHubClient,
} from '../../../controller/adapters/github/client.js';
import type { Remaining } from '../../../controller/adapters/github/limits.js';
import { type RecordedLog, recordingLog } from '../../git/support.js';
import { createContract } from '../contract/contract.js';
import { type HeldToContract, heldToContract } from '../stand-in/held-to-contract.js';
import { type GitHub, startGitHub } from '../stand-in/server.js';
import { appKey, type Client, client } from '../stand-in/support.js';

export const REPOSITORY = 'acme/gitops';
export const APP = { slug: 'commander-app', appId: 4711 };
export const BOT = `${APP.slug}[bot]`;

/** A request as it came in, answered or not. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface Site {
  readonly github: GitHub;
  readonly held: HeldToContract;
  readonly folder: string;
  readonly arrived: readonly Arrived[];
  readonly log: RecordedLog;
  readonly remaining: readonly Remaining[];
  readonly appKey: string;
  /** What olga, who owns the repository, asks with curl. */
  readonly olga: Client;
  readonly token: string;
  /** A client of the App. */
  app(change?: Partial<ClientOptions>): GitHubClient;
  /** A client with the token of the user commander-bot. */
  user(change?: Partial<ClientOptions>): GitHubClient;
  /** The next request of a path is answered so, below everything that GitHub would do. */
  answerOnce(path: RegExp, answer: Answer): void;
  /** Takes back faults and answers that were not used up, and forgets which requests came. */
  calm(): void;
  /** Requests since the last call. */
  since(): readonly Arrived[];
  /** Every secret that was seen is in none of these, nor in the log. */
  expectNoSecrets(...values: readonly unknown[]): void;
  close(): Promise<void>;
}

export interface SiteOptions {
  readonly permissions?: Readonly<Record<string, 'read' | 'write'>>;
  readonly files?: Readonly<Record<string, string>>;
}

const PERMISSIONS = {
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
} as const;

/** A repository on the stand-in, with an App and a user for the controller. */
export async function openSite(options: SiteOptions = {}): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-unit-'));
  const held = heldToContract(createContract());
  const arrived: Arrived[] = [];
  const answers: { readonly path: RegExp; readonly answer: Answer }[] = [];
  let seen = 0;
  const github = await startGitHub({
    folder: join(folder, 'repositories'),
    observer: held,
    extra: async (_github, request, response) => {
      const path = request.url ?? '';
      arrived.push({
        method: request.method ?? '',
        path,
        authorization: request.headers.authorization ?? '',
      });
      const index = answers.findIndex((one) => one.path.test(path));
      const [found] = index < 0 ? [] : answers.splice(index, 1);
      found?.answer(request, response);
      return found !== undefined;
    },
  });
  const olga = client(github, github.addUser('olga', { email: 'olga@example.com' }).token);
  const { token } = github.addUser('commander-bot');
  const key = appKey();
  await github.createRepository(REPOSITORY, {
    private: true,
    files: options.files ?? { 'README.md': 'hello\n' },
  });
  github.setPermission(REPOSITORY, 'olga', 'admin');
  github.setPermission(REPOSITORY, 'commander-bot', 'write');
  github.addApp({ ...APP, privateKey: key, permissions: options.permissions ?? PERMISSIONS, events: [] });
  github.installApp(APP.appId, REPOSITORY);
  const log = recordingLog();
  const remaining: Remaining[] = [];
  const make = (change: Partial<ClientOptions>) =>
    createGitHubClient({
      owner: 'acme',
      name: 'gitops',
      credentials: { kind: 'token', token },
      apiUrl: github.url,
      timeoutMs: 5000,
      writesPerMinute: 100_000,
      log,
      onRemaining: (one) => remaining.push(one),
      ...change,
    });
  const credentials = {
    kind: 'app',
    appId: String(APP.appId),
    privateKey: key,
    installationId: null,
  } as const;
  return {
    github,
    held,
    folder,
    arrived,
    log,
    remaining,
    appKey: key,
    olga,
    token,
    app: (change = {}) => make({ credentials, ...change }),
    user: (change = {}) => make(change),
    answerOnce: (path, answer) => answers.push({ path, answer }),
    calm: () => {
      github.faults.clear();
      answers.length = 0;
      seen = arrived.length;
    },
    since: () => {
      const fresh = arrived.slice(seen);
      seen = arrived.length;
      return fresh;
    },
    expectNoSecrets: (...values) => {
      const secrets = [token, ...arrived.map(({ authorization }) => authorization.split(' ')[1] ?? '')];
      const shown = [...values, ...log.lines].map(shownWhole).join('\n');
      for (const secret of new Set(secrets)) if (secret !== '') expect(shown.includes(secret)).toBe(false);
      expect(shown).not.toMatch(
        /\bgh[a-z]_[A-Za-z0-9]{10}|eyJ[A-Za-z0-9_-]{10}|PRIVATE KEY-|authorization['"]?:/,
      );
    },
    close: async () => {
      await github.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      // The stand-in does not read the body of a request whose token it does not take.
      expect(held.breaches.filter(({ what }) => !what.endsWith(' 401'))).toEqual([]);
    },
  };
}

/** Everything that a log or a crash could show of a value. */
function shownWhole(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 10, showHidden: true });
}

/** What a call fails with. */
export async function failureOf(work: Promise<unknown>): Promise<Error & { readonly status?: number }> {
  const outcome = await work.then(
    (value) => new Error(`It did not fail, and gave ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) throw new Error(`It failed with ${inspect(outcome)}, which is no error`);
  return outcome;
}
