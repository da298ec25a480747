import type { Api } from './http.js';
import { addApp, expireTokens, installApp, type NewApp, uninstallApp } from './installations.js';
import { announcePull } from './pulls.js';
import { enqueue, processQueue, type QueueOutcome } from './queue.js';
import { addAccount, addFork, addRepository, addToken, type NewRepository } from './repositories.js';
import type { Delivery, Repository, Role } from './state.js';
import type { Courier } from './webhooks.js';
import { accountNamed, fullName, isPull, now, repositoryNamed } from './world.js';

export interface ShownDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly url: string;
  readonly redelivery: boolean;
  readonly status: string;
  readonly statusCode: number;
  readonly deliveredAt: string;
  readonly payload: unknown;
}

/** How tests and the demo set up the world that clients then see. */
export interface Arrangements {
  addUser(
    login: string,
    options?: { type?: 'User' | 'Bot'; name?: string; email?: string },
  ): { token: string };
  createRepository(name: string, options?: NewRepository): Promise<{ cloneUrl: string; gitDir: string }>;
  setPermission(repository: string, login: string, role: Role): void;
  protect(
    repository: string,
    branch: string,
    rules: {
      requiredChecks?: string[];
      requiredReviews?: number;
      enforceAdmins?: boolean;
      dismissStale?: boolean;
    },
  ): void;
  unprotect(repository: string, branch: string): void;
  addWebhook(repository: string, hook: { url: string; secret: string; events?: string[] }): { id: number };
  /** A GitHub App; its bot is `slug[bot]`. */
  addApp(app: NewApp): void;
  /** Returns the id of the installation. */
  installApp(appId: number, repository: string): number;
  uninstallApp(installationId: number): void;
  /** Another token of a user. */
  newToken(login: string): string;
  revokeToken(token: string): void;
  /** All tokens of installations are 401 from now on; new ones can be asked for. */
  expireTokens(): void;
  /** Makes a draft of a pull request, or marks it as ready: on GitHub that is not part of REST. */
  setDraft(repository: string, number: number, draft: boolean): Promise<void>;
  /** Puts a pull request into the merge queue, as that user (its author unless told). */
  enqueue(repository: string, number: number, login?: string): Promise<{ branch: string; headSha: string }>;
  /** Merges what is queued as far as the required checks are green. */
  processQueue(repository: string): Promise<QueueOutcome>;
  /** Returns the full name of the fork. */
  fork(repository: string, login: string): Promise<string>;
  rename(repository: string, newName: string): void;
  archive(repository: string): void;
  deliveries(repository: string): readonly ShownDelivery[];
  redeliver(repository: string, id: number): void;
  /** Resolves when no webhook is on its way any more. */
  webhooksSettled(): Promise<void>;
  /** Leaves a token so many requests of its hour. */
  leaveRequests(token: string, remaining: number): void;
}

export function arrangements(api: Api, courier: Courier): Arrangements {
  const { world } = api;
  const named = (name: string) => repositoryNamed(world, name);
  return {
    addUser(login, options = {}) {
      const account = addAccount(
        world,
        login,
        options.type ?? 'User',
        options.name ?? null,
        options.email ?? null,
      );
      return { token: addToken(world, account) };
    },
    async createRepository(name, options = {}) {
      const repository = await addRepository(world, name, options);
      return { cloneUrl: `${world.address.web}/${fullName(repository)}.git`, gitDir: repository.gitDir };
    },
    setPermission(repository, login, role) {
      named(repository).roles.set(accountNamed(world, login).login.toLowerCase(), role);
    },
    protect(repository, branch, rules) {
      named(repository).protections.set(branch, {
        requiredChecks: rules.requiredChecks ?? [],
        requiredReviews: rules.requiredReviews ?? 0,
        enforceAdmins: rules.enforceAdmins ?? false,
        dismissStale: rules.dismissStale ?? false,
      });
    },
    unprotect: (repository, branch) => void named(repository).protections.delete(branch),
    addWebhook(repository, { url, secret, events = ['*'] }) {
      const hook = { id: world.nextId(), url, secret, events, createdAt: now() };
      named(repository).hooks.push(hook);
      api.events.ping(named(repository), hook);
      return { id: hook.id };
    },
    addApp: (app) => void addApp(api, app),
    installApp: (appId, repository) => installApp(api, appId, named(repository)),
    uninstallApp: (installationId) => uninstallApp(api, installationId),
    newToken: (login) => addToken(world, accountNamed(world, login)),
    revokeToken: (token) => void world.tokens.delete(token),
    expireTokens: () => expireTokens(api),
    setDraft: (repository, number, draft) => api.lock(() => setDraft(api, named(repository), number, draft)),
    enqueue: (name, number, login) =>
      api.lock(() => {
        const repository = named(name);
        const author = repository.issues.get(number)?.user ?? repository.owner;
        return enqueue(api, repository, number, login === undefined ? author : accountNamed(world, login));
      }),
    processQueue: (repository) => api.lock(() => processQueue(api, named(repository))),
    fork: (repository, login) =>
      api.lock(async () =>
        fullName(await addFork(world, named(repository), accountNamed(world, login).login)),
      ),
    rename(repository, newName) {
      renameRepository(api, named(repository), newName);
    },
    archive(repository) {
      const found = named(repository);
      found.archived = true;
      api.events.emit(found, 'repository', found.owner, { action: 'archived' });
    },
    deliveries: (repository) => named(repository).deliveries.map(shown),
    redeliver: (repository, id) => courier.redeliver(named(repository), id),
    webhooksSettled: () => courier.settled(),
    leaveRequests: (token, remaining) => api.limits.leave(token, remaining),
  };
}

function renameRepository(api: Api, repository: Repository, newName: string): void {
  const from = repository.name;
  api.world.formerNames.set(fullName(repository).toLowerCase(), repository.id);
  repository.name = newName.split('/').at(-1) ?? newName;
  const changes = { repository: { name: { from } } };
  api.events.emit(repository, 'repository', repository.owner, { action: 'renamed', changes });
}

async function setDraft(api: Api, repository: Repository, number: number, draft: boolean): Promise<void> {
  const pull = repository.issues.get(number);
  if (!isPull(pull)) throw new Error(`There is no pull request ${number} in ${fullName(repository)}.`);
  pull.pull.draft = draft;
  pull.updatedAt = now();
  await announcePull(api, repository, pull, draft ? 'converted_to_draft' : 'ready_for_review', pull.user);
}

function shown(delivery: Delivery): ShownDelivery {
  const { id, guid, event, action, redelivery, status, statusCode, deliveredAt, hook, body } = delivery;
  return {
    id,
    guid,
    event,
    action,
    redelivery,
    status,
    statusCode,
    deliveredAt,
    url: hook.url,
    payload: JSON.parse(body),
  };
}
