import { createGitOpsRepository } from '../adapters/git/gitops-repository.js';
import type { GitProgram } from '../adapters/git/program.js';
import { createGitHubBoard } from '../adapters/github/board.js';
import { createGitHubClient, type GitHubClient, type RepositoryFacts } from '../adapters/github/client.js';
import { createGitHubForge } from '../adapters/github/forge.js';
import { createGitHubInbox } from '../adapters/github/inbox.js';
import type { Remaining } from '../adapters/github/limits.js';
import { createGitHubRepository } from '../adapters/github/repository.js';
import type { Config } from '../config.js';
import type { GitHubConfig } from '../config-github.js';
import { intentRevision } from '../domain/intent.js';
import { parseIntent } from '../planning/documents/intent.js';
import type { WorldReader } from '../planning/world.js';
import { type Forge, ForgeUnavailable } from '../ports/forge.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { ForgeInbox } from '../ports/forge-inbox.js';
import type { Log } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';

const LEARN_AGAIN_MS = 60_000;

/** One repository on GitHub, reachable or not. */
export interface GitHubConnection {
  readonly client: GitHubClient;
  readonly repository: GitOpsRepository;
  readonly webUrl: string;
  readonly close: () => void;
}

export interface ConnectOptions {
  readonly config: Config;
  readonly github: GitHubConfig;
  readonly git: GitProgram;
  readonly log: Log;
  readonly onRemaining: (remaining: Remaining) => void;
}

/** Connects each configured repository; one that cannot be read is told on itself. */
export function connectGitHub(
  options: ConnectOptions,
): readonly { readonly name: string; readonly connect: () => Promise<GitHubConnection> }[] {
  return options.github.repositories.map(({ owner, name }) => ({
    name: `${owner}/${name}`,
    connect: () => connect(options, owner, name),
  }));
}

async function connect(
  { config, github, git, log, onRemaining }: ConnectOptions,
  owner: string,
  name: string,
): Promise<GitHubConnection> {
  const { apiUrl, credentials, timeoutMs, writesPerMinute } = github;
  const client = createGitHubClient({
    owner,
    name,
    credentials,
    apiUrl,
    timeoutMs,
    writesPerMinute,
    log,
    onRemaining,
  });
  const webUrl = `${webAddress(apiUrl)}/${owner}/${name}`;
  // With GitHub away, what is known of the repository is enough to go back to a release that was good.
  const facts = await client.facts().catch((error: Error) => {
    log.warn(
      { repository: webUrl, problem: error.message },
      'GitHub cannot be asked about the repository yet',
    );
    return null;
  });
  if (facts !== null) warnAbout(facts, owner, name, log);
  const location = github.cloneUrl ?? facts?.cloneUrl ?? `${webUrl}.git`;
  const ours = github.cloneUrl !== null || isOfHost(location, [apiUrl, webUrl]);
  if (!ours)
    log.warn({ location }, 'clone_url is of another host than GITHUB_API_URL: it gets no credentials');
  const mirror = await createGitOpsRepository({
    git,
    location,
    ...(config.branch === null ? {} : { branch: config.branch }),
    dataDir: config.dataDir,
    log,
    identity: config.identity,
    changesAreKnown: true,
    ...(ours ? { authorization: async () => basic(await client.gitToken()) } : {}),
  });
  // A name that stays when the address of the API or of the clone changes.
  const repository = createGitHubRepository({ client, mirror, identity: config.identity, id: webUrl });
  return { client, repository, webUrl, close: () => mirror.close() };
}

function basic(token: string): string {
  return `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
}

function isOfHost(location: string, addresses: readonly string[]): boolean {
  const host = URL.canParse(location) ? new URL(location).hostname : '';
  return addresses.some((address) => new URL(address).hostname === host);
}

function warnAbout({ fullName, archived }: RepositoryFacts, owner: string, name: string, log: Log): void {
  if (fullName.toLowerCase() !== `${owner}/${name}`.toLowerCase())
    log.warn({ now: fullName }, 'the repository was renamed on GitHub: change GITHUB_REPOSITORY');
  if (archived)
    log.warn({ repository: fullName }, 'the repository is archived: nothing can be proposed in it');
}

/** https://api.github.com is https://github.com for people, https://<host>/api/v3 is https://<host>. */
export function webAddress(apiUrl: string): string {
  const { origin, hostname, pathname } = new URL(apiUrl);
  if (hostname === 'api.github.com') return 'https://github.com';
  return `${origin}${pathname.replace(/\/api\/v3\/?$/, '').replace(/\/$/, '')}`;
}

export interface GitHubParts {
  readonly forges: ReadonlyMap<string, Forge>;
  readonly boards: ReadonlyMap<string, ForgeBoard>;
  readonly inboxes: ReadonlyMap<string, ForgeInbox>;
  /** Our repository of a webhook's payload; null when it is another one. */
  repositoryOf(id: number, fullName: string): string | null;
  /** Is a login the App's own? A token's login is a person's too, so it never is. */
  isOwn(login: string): boolean;
}

export function assembleGitHub(
  connections: ReadonlyMap<string, GitHubConnection>,
  { config, store, worlds, log }: { config: Config; store: Store; worlds: WorldReader; log: Log },
): GitHubParts {
  const each = <T>(make: (connection: GitHubConnection) => T): ReadonlyMap<string, T> =>
    new Map([...connections].map(([id, connection]) => [id, make(connection)]));
  const identities = learnIdentities(connections);
  return {
    forges: each(({ client, repository }) =>
      createGitHubForge({
        client,
        repository,
        identity: config.identity,
        log,
        policy: () => reviewPolicy(worlds, repository),
        revisionOf: intentRevisionOf,
      }),
    ),
    boards: each(({ client, repository, webUrl }) =>
      createGitHubBoard({
        client,
        webUrl,
        notes: {
          get: (key) => store.forge.note(repository.id, key),
          put: (key, note) => store.transaction((tx) => tx.write.forgeNote(repository.id, key, note)),
        },
      }),
    ),
    inboxes: each(({ client, repository }) =>
      createGitHubInbox({ client, repository, identity: config.identity, revisionOf: intentRevisionOf }),
    ),
    isOwn: (login) => identities.some(({ own }) => own === login),
    repositoryOf: (id, fullName) =>
      identities.find((known) =>
        known.id === null ? known.fullName === fullName.toLowerCase() : known.id === id,
      )?.repository ?? null,
  };
}

interface Identity {
  readonly repository: string;
  readonly fullName: string;
  /** On GitHub, where a renaming does not change it; null until it is known. */
  id: number | null;
  /** Login of the App; null until it is known, and for a token, whose login is a person's too. */
  own: string | null;
}

/** Asked for in the background: a webhook is answered at once, with what is known. */
function learnIdentities(connections: ReadonlyMap<string, GitHubConnection>): readonly Identity[] {
  return [...connections].map(([repository, { client }]) => {
    const fullName = `${client.owner}/${client.repo}`.toLowerCase();
    const identity: Identity = { repository, fullName, id: null, own: null };
    const learn = async () => {
      identity.id = (await client.facts()).id;
      const actor = await client.actor();
      identity.own = actor.kind === 'app' ? actor.login : null;
    };
    const again = () =>
      void learn().catch(() => {
        setTimeout(again, LEARN_AGAIN_MS).unref();
      });
    again();
    return identity;
  });
}

/** What the catalog on the protected branch asks of an approval; an approval is not decided without it. */
async function reviewPolicy(worlds: WorldReader, repository: GitOpsRepository) {
  const head = await repository.head();
  const read = head === null ? null : await worlds.read(repository, head);
  if (read?.ok !== true)
    throw new ForgeUnavailable('commander.yaml cannot be read, and with it what an approval takes');
  return read.world.catalog.policy;
}

function intentRevisionOf(path: string, bytes: Uint8Array): string | null {
  const parsed = parseIntent({ path, kind: 'file', bytes });
  return parsed.ok ? intentRevision(parsed.document) : null;
}
