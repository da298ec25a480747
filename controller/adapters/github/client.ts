import { createAppAuth } from '@octokit/auth-app';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { RequestError } from '@octokit/request-error';
import { Octokit } from '@octokit/rest';
import type { GitHubCredentials } from '../../domain/github-credentials.js';
import type { Log } from '../../ports/log.js';
import { askConditionally } from './conditional.js';
import { GitHubFailure, translate } from './failures.js';
import { Pause, type Remaining, writeLimits } from './limits.js';
import { wholeAnswers } from './whole-answers.js';

export interface ClientOptions {
  readonly owner: string;
  readonly name: string;
  readonly credentials: GitHubCredentials;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  /** See writeLimits. */
  readonly writesPerMinute: number;
  readonly log: Log;
  readonly onRemaining: (remaining: Remaining) => void;
}

/** Who we are on GitHub. An App acts as `<slug>[bot]`. */
export interface Actor {
  readonly login: string;
  readonly kind: GitHubCredentials['kind'];
}

export interface RepositoryFacts {
  readonly id: number;
  /** As it is called now: it may have been renamed. */
  readonly fullName: string;
  readonly cloneUrl: string;
  readonly webUrl: string;
  readonly defaultBranch: string;
  readonly archived: boolean;
}

/** One repository on GitHub, asked in our name. Every call throws GitHubFailure. */
export interface GitHubClient {
  readonly owner: string;
  readonly repo: string;
  /** The typed REST methods, authenticated. */
  rest(): Promise<Octokit['rest']>;
  octokit(): Promise<Octokit>;
  /** As the App itself (JSON Web Token), where the identity is one; null for a token. */
  readonly app: Octokit | null;
  actor(): Promise<Actor>;
  facts(): Promise<RepositoryFacts>;
  /** For git over https. */
  gitToken(): Promise<string>;
}

const Client = Octokit.plugin(throttling, retry);
/** What asking again does not change; 429 is a pause. */
const FINAL = [400, 401, 403, 404, 409, 410, 422, 429, 451];
const USER_AGENT = 'ai-devops-commander';

export function createGitHubClient(options: ClientOptions): GitHubClient {
  const { owner, name: repo, credentials } = options;
  const repository = `${owner}/${repo}`;
  const pause = new Pause(options.log, Date.now);
  const app =
    credentials.kind === 'app'
      ? build(options, pause, { authStrategy: createAppAuth, auth: { ...appOnly(credentials) } })
      : null;

  async function authenticated(): Promise<Octokit> {
    if (credentials.kind === 'token') return build(options, pause, { auth: credentials.token });
    const installationId = credentials.installationId ?? (await installation());
    const auth = { ...appOnly(credentials), installationId };
    return build(options, pause, { authStrategy: createAppAuth, auth });
  }

  async function installation(): Promise<number> {
    if (app === null) throw new GitHubFailure('Only an App has an installation', 0, undefined);
    return (await app.rest.apps.getRepoInstallation({ owner, repo })).data.id;
  }

  const octokit = remembered(authenticated);
  const rest = async () => (await octokit()).rest;

  return {
    owner,
    repo,
    app,
    octokit,
    rest,
    actor: remembered(async (): Promise<Actor> => {
      if (app === null)
        return { login: (await (await rest()).users.getAuthenticated()).data.login, kind: 'token' };
      const { data } = await app.rest.apps.getAuthenticated();
      if (data?.slug === undefined)
        throw new GitHubFailure('GitHub does not name the App: check GITHUB_APP_ID', 0, undefined);
      return { login: `${data.slug}[bot]`, kind: 'app' };
    }),
    facts: async () => {
      const { data } = await (await rest()).repos.get({ owner, repo });
      const { id, full_name, clone_url, html_url, default_branch, archived } = data;
      if (typeof id !== 'number' || typeof clone_url !== 'string')
        throw new GitHubFailure(`GitHub's answer about ${repository} cannot be read`, 0, undefined);
      return {
        id,
        fullName: full_name,
        cloneUrl: clone_url,
        webUrl: html_url,
        defaultBranch: default_branch,
        archived: archived === true,
      };
    },
    gitToken: async () => {
      if (credentials.kind === 'token') return credentials.token;
      const { token } = (await (await octokit()).auth({ type: 'installation' })) as {
        readonly token: string;
      };
      return token;
    },
  };
}

function appOnly({ appId, privateKey }: Extract<GitHubCredentials, { kind: 'app' }>) {
  return { appId, privateKey };
}

/** Once it has succeeded; what failed is tried again by the next call. */
function remembered<T>(work: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () => {
    known ??= work().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}

function build(options: ClientOptions, pause: Pause, identity: object): Octokit {
  const { log, timeoutMs } = options;
  const octokit = new Client({
    ...identity,
    baseUrl: options.apiUrl,
    userAgent: USER_AGENT,
    request: { fetch: wholeAnswers(timeoutMs) },
    log: { debug() {}, info() {}, warn: (message: string) => log.warn({}, message), error() {} },
    // A network that refuses is asked twice more within two seconds; jobs and polls do the rest.
    retry: { retries: 2, retryAfterBaseValue: 250, doNotRetry: FINAL },
    throttle: {
      ...writeLimits(options.writesPerMinute),
      id: `${options.owner}/${options.name}`,
      onRateLimit: (seconds: number, _options: object, _octokit: unknown, tries: number) =>
        pause.ask(seconds, tries, 'its rate limit is used up'),
      onSecondaryRateLimit: (seconds: number, _options: object, _octokit: unknown, tries: number) =>
        pause.ask(seconds, tries, 'a secondary rate limit'),
    },
  });
  octokit.hook.before('request', (request) => {
    // What may have happened although its answer was lost is looked for before it is done again, not repeated blindly.
    if (request.method === 'POST') request.request = { ...request.request, retries: 0 };
  });
  octokit.hook.after('request', ({ headers }) => observe(options, headers));
  octokit.hook.error('request', (error) => {
    if (error instanceof RequestError) observe(options, error.response?.headers ?? {});
    throw error;
  });
  renewOnce(octokit);
  askConditionally(octokit);
  octokit.hook.wrap('request', async (request, parameters) => {
    try {
      pause.check();
      return await request(parameters);
    } catch (error) {
      throw translate(error, `${options.owner}/${options.name}`);
    }
  });
  return octokit;
}

/** An installation's token that GitHub no longer takes (revoked, or the App's key was rotated) is asked for anew, once. */
function renewOnce(octokit: Octokit): void {
  octokit.hook.wrap('request', async (request, parameters) => {
    try {
      return await request(parameters);
    } catch (error) {
      if (!(error instanceof RequestError) || error.status !== 401) throw error;
      const auth = octokit.auth as (options: object) => Promise<{ readonly tokenType?: string }>;
      const renewed = await auth({ type: 'installation', refresh: true }).catch(() => null);
      if (renewed?.tokenType !== 'installation') throw error;
      return request(parameters);
    }
  });
}

function observe({ onRemaining }: ClientOptions, headers: Readonly<Record<string, unknown>>): void {
  const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
  if (!Number.isFinite(remaining)) return;
  const resource = String(headers['x-ratelimit-resource'] ?? 'core').slice(0, 40);
  onRemaining({ resource, remaining, limit: Number(headers['x-ratelimit-limit'] ?? 0) });
}
