import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { prepareSite, type Site, type SiteOptions } from '../../end-to-end/harness.js';
import { freePorts } from '../../end-to-end/support/catalog.js';
import { waitFor } from '../../support/wait-for.js';
import { createContract } from '../contract/contract.js';
import { type HeldToContract, heldToContract } from '../stand-in/held-to-contract.js';
import type { Exchange, Observer } from '../stand-in/observer.js';
import { type GitHub, startGitHub } from '../stand-in/server.js';
import { type Answer, type Client, client } from '../stand-in/support.js';

export const REPOSITORY = 'acme/gitops';
export const SECRET = 'a webhook secret of the tests';
const LIMIT_MS = 120_000;
/** Between two looks of a person who waits: the machine is busy with what they wait for. */
const LOOK_MS = 100;
const PUSH_TRIES = 10;
/** In these tests a day's work passes in a minute, and people look far more often than people do. */
const PATIENCE = 10_000_000;
const APP = { slug: 'commander-app', appId: 4711 };

/** What docs/github.md asks for, and nothing more. */
export const PERMISSIONS = {
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
  metadata: 'read',
} as const;

export interface GitHubSiteOptions extends SiteOptions {
  readonly identity?: 'app' | 'token';
  readonly webhooks?: 'deliver' | 'drop' | 'thrice' | 'reorder' | 'none';
}

export interface PullOf {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly merged: boolean;
  readonly merge_commit_sha: string;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string };
  readonly labels: readonly { readonly name: string }[];
}

/** A controller that follows a repository on the stand-in, and the people who work there. */
export interface GitHubSite {
  readonly site: Site;
  readonly github: GitHub;
  readonly held: HeldToContract;
  /** Login of the controller. */
  readonly controller: string;
  /** pat writes intents; rae reviews; olga owns the repository; sam may only read. */
  as(login: 'pat' | 'rae' | 'olga' | 'sam'): Client;
  /** Commits an intent to main as pat, and pushes it. */
  ask(name: string, text: string): Promise<string>;
  push(files: Readonly<Record<string, string | null>>, message: string, branch?: string): Promise<string>;
  /** Waits for the open pull request of an intent. */
  pullOf(intent: string): Promise<PullOf>;
  pull(number: number): Promise<PullOf>;
  review(number: number, event?: string, login?: 'rae' | 'olga' | 'sam' | 'pat'): Promise<Answer>;
  merge(number: number, method?: string, login?: 'rae' | 'olga' | 'pat'): Promise<Answer>;
  /** Waits until a commit's status of a context is as wanted; answers with its description. */
  status(commit: string, context: string, state: string): Promise<string>;
  comments(number: number): Promise<readonly { readonly body: string; readonly user: { login: string } }[]>;
  /** Waits for the controller's comment to say something. */
  comment(number: number, says: string): Promise<string>;
  close(): Promise<void>;
}

export async function openGitHubSite(options: GitHubSiteOptions): Promise<GitHubSite> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-github-'));
  const held = heldToContract(createContract());
  const observer: Observer = {
    ...held,
    exchange: (exchange) => {
      held.exchange(exchange);
      const token = tokenIn(exchange);
      if (token !== null) github.leaveRequests(token, PATIENCE);
    },
  };
  const github: GitHub = await startGitHub({ folder: join(folder, 'repositories'), observer });
  const [port = 0] = await freePorts(1);
  const world = arrange(github, options.identity ?? 'app');
  const webhooks = options.webhooks ?? 'deliver';
  const site = await prepareSite({
    ...options,
    env: {
      GITOPS_REPOSITORIES: '',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_API_URL: github.url,
      GITHUB_WRITES_PER_MINUTE: '6000',
      ...world.credentials,
      ...(webhooks === 'none' ? {} : { GITHUB_WEBHOOK_SECRET: SECRET }),
      COMMANDER_PORT: String(port),
      ...options.env,
    },
  });
  // Relative paths are for repositories that are folders.
  await site.editCatalog((catalog) => ({
    ...catalog,
    services: catalog.services.map((one) => ({ ...one, repository: join(site.folder, String(one.name)) })),
  }));
  await world.create();
  if (webhooks !== 'none') {
    github.faults.set({ rules: [], webhooks });
    github.addWebhook(REPOSITORY, { url: `http://127.0.0.1:${port}/webhooks/github`, secret: SECRET });
  }
  const remote = new URL(`${github.webUrl}/${REPOSITORY}.git`);
  remote.username = 'pat';
  remote.password = world.tokens.pat;
  await site.people.git('remote', 'add', 'origin', remote.href);
  remote.username = 'olga';
  remote.password = world.tokens.olga;
  await site.people.git('push', '--quiet', remote.href, 'main');
  await site.start();
  const made = toolsOf(site, github, held, world, folder);
  return made;
}

/** Waits for what people see on GitHub, looking now and then. */
export function until<T>(what: string, condition: () => Promise<T | false | null | undefined>): Promise<T> {
  const look = async () => {
    const found = await condition();
    if (found === false || found === null || found === undefined) await pause(LOOK_MS);
    return found;
  };
  return waitFor(what, look, LIMIT_MS);
}

/** A new token of the controller's installation; null when the exchange is about something else. */
function tokenIn({ path, responseBody }: Exchange): string | null {
  if (!path.endsWith('/access_tokens')) return null;
  const { token } = (responseBody ?? {}) as { readonly token?: unknown };
  return typeof token === 'string' ? token : null;
}

function arrange(github: GitHub, identity: 'app' | 'token') {
  const people = ['olga', 'pat', 'rae', 'sam'] as const;
  const tokens = Object.fromEntries(
    people.map((login) => [login, github.addUser(login, { email: `${login}@example.com` }).token]),
  ) as Record<(typeof people)[number], string>;
  const bot = github.addUser('commander-bot').token;
  github.addUser('acme');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  return {
    tokens,
    controller: identity === 'app' ? `${APP.slug}[bot]` : 'commander-bot',
    credentials:
      identity === 'token'
        ? { GITHUB_TOKEN: bot }
        : { GITHUB_APP_ID: String(APP.appId), GITHUB_APP_PRIVATE_KEY: pem.replaceAll('\n', '\\n') },
    create: async () => {
      await github.createRepository(REPOSITORY, { private: true });
      for (const token of Object.values(tokens)) github.leaveRequests(token, PATIENCE);
      github.setPermission(REPOSITORY, 'olga', 'admin');
      for (const login of ['pat', 'rae', 'commander-bot']) github.setPermission(REPOSITORY, login, 'write');
      github.setPermission(REPOSITORY, 'sam', 'read');
      github.addApp({ ...APP, privateKey: pem, permissions: PERMISSIONS, events: [] });
      github.installApp(APP.appId, REPOSITORY);
    },
  };
}

function toolsOf(
  site: Site,
  github: GitHub,
  held: HeldToContract,
  world: ReturnType<typeof arrange>,
  folder: string,
): GitHubSite {
  const as: GitHubSite['as'] = (login) => client(github, world.tokens[login]);
  const at = `/repos/${REPOSITORY}`;
  const pull = async (number: number) => (await as('olga')(`GET ${at}/pulls/${number}`)).body as PullOf;
  const push: GitHubSite['push'] = (files, message, branch = 'main') =>
    site.people.alone(async (run) => {
      for (let attempt = 1; ; attempt += 1) {
        await run('fetch', '--quiet', '--prune', 'origin');
        await run('checkout', '--quiet', '--force', '-B', branch, `origin/${branch}`);
        try {
          const commit = await site.people.commitNow(files, message);
          await run('push', '--quiet', 'origin', branch);
          return commit;
        } catch (error) {
          // Others merge and push at the same time.
          if (attempt === PUSH_TRIES) throw error;
        } finally {
          await run('checkout', '--quiet', '--force', 'main');
        }
      }
    });
  const comments: GitHubSite['comments'] = async (number) =>
    (await as('olga')(`GET ${at}/issues/${number}/comments?per_page=100`)).body;
  return {
    site,
    github,
    held,
    controller: world.controller,
    as,
    push,
    pull,
    comments,
    ask: (name, text) =>
      push(
        {
          [`intents/${name}.yaml`]: `${JSON.stringify({ apiVersion: 'devopscommander.io/v1alpha1', kind: 'Intent', metadata: { name }, spec: { text } }, null, 2)}\n`,
        },
        `Intent ${name}`,
      ),
    pullOf: (intent) =>
      until(`a pull request for ${intent}`, async () => {
        const { body } = await as('olga')(`GET ${at}/pulls?state=open&per_page=100`);
        const found = (body as PullOf[]).find(({ head }) => head.ref === `commander/${intent}`);
        return found === undefined ? null : pull(found.number);
      }),
    review: (number, event = 'APPROVE', login = 'rae') =>
      as(login)(`POST ${at}/pulls/${number}/reviews`, { event, body: 'seen' }),
    merge: (number, method = 'merge', login = 'rae') =>
      as(login)(`PUT ${at}/pulls/${number}/merge`, { merge_method: method }),
    status: async (commit, context, state) => {
      const seen = await until(`${context} of ${commit.slice(0, 7)} to be ${state}`, async () => {
        const { body } = await as('olga')(`GET ${at}/commits/${commit}/status?per_page=100`);
        const statuses = body.statuses as { context: string; state: string; description: string }[];
        return statuses.find((one) => one.context === context && one.state === state);
      });
      return seen.description;
    },
    comment: (number, says) =>
      until(`the comment under #${number} to say "${says}"`, async () => {
        const ours = (await comments(number)).filter(({ user }) => user.login === world.controller);
        expect(ours.length).toBeLessThan(2);
        return ours[0]?.body.includes(says) ? ours[0].body : null;
      }),
    close: async () => {
      await site.close();
      await github.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
