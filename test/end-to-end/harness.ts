import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { SUPERUSER } from '../../controller/adapters/postgres/embedded/cluster.js';
import { type Client, connect } from '../../controller/cli/client.js';
import type { CliContext } from '../../controller/cli/context.js';
import { down } from '../../controller/cli/down.js';
import { git } from '../../controller/cli/git.js';
import { scaffoldGitOps } from '../../controller/cli/scaffold.js';
import { readConfig } from '../../controller/config.js';
import type { IncidentRecord } from '../../controller/domain/records.js';
import type { StatusView } from '../../controller/triggers/api/status.js';
import type { ExecutionView, IntentView, LaneView, PlanView } from '../../controller/triggers/api/views.js';
import { waitFor } from '../support/wait-for.js';
import {
  type CatalogEntry,
  ENVIRONMENTS,
  freePorts,
  type SampleCatalog,
  type ServiceOptions,
  sampleService,
} from './support/catalog.js';
import { type ControllerProcess, type Environment, startController } from './support/controller-process.js';
import { People } from './support/people.js';
import { makeService, type VersionOptions } from './support/service.js';

export interface SiteService extends ServiceOptions {
  readonly versions?: readonly VersionOptions[];
  /** Files that are in every version. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface SiteOptions {
  readonly services: readonly SiteService[];
  readonly environments?: readonly CatalogEntry[];
  readonly policy?: CatalogEntry;
  /** SOP files by name; none by default. */
  readonly sops?: Readonly<Record<string, string>>;
  /** Added to the controller's environment. */
  readonly env?: Environment;
}

export type IntentDetail = IntentView & {
  readonly text: string | null;
  readonly body: string | null;
  readonly plans: readonly PlanView[];
  readonly executions: readonly ExecutionView[];
};
export type OpenPlan = PlanView & { readonly branch: string };
export type IncidentView = Pick<
  IncidentRecord,
  'id' | 'service' | 'environment' | 'version' | 'state' | 'reason' | 'releaseId'
>;

export const GOOD_VERSIONS: readonly VersionOptions[] = [
  { tag: 'v1.0.0' },
  { tag: 'v1.1.0' },
  { tag: 'v1.2.0', failShare: 1 },
];
export const PERSON = { name: 'Pat Person', email: 'pat@example.com' };
/** Long for a machine that does other things too; nothing waits longer than it takes. */
const LIMIT_MS = 120_000;
/** In these an intent waits for a person: no proposal will come by itself. */
const DEAD_ENDS = ['question', 'refused', 'blocked', 'broken'];
const DEAD_MS = 5000;

// Real builds, watches and rollbacks, several at a time: slow where the machine is shared.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** A GitOps repository, service repositories and a controller process of its own, all real, all in one temporary folder. */
export class Site {
  client: Client = {
    get: () => Promise.reject(new Error('not started')),
    post: () => Promise.reject(new Error('not started')),
  };
  controller: ControllerProcess | null = null;
  readonly people: People;
  readonly gitops: string;
  readonly dataDir: string;
  readonly logFile: string;

  constructor(
    readonly folder: string,
    readonly env: Environment,
    /** By service, then environment. */
    readonly ports: Readonly<Record<string, Readonly<Record<string, number>>>>,
    private catalog: SampleCatalog,
  ) {
    this.gitops = join(folder, 'gitops');
    this.dataDir = join(folder, 'data');
    this.logFile = join(folder, 'controller.log');
    this.people = new People(this.gitops);
  }

  /** Starts the controller (again) and waits until it answers. */
  async start(extra: Environment = {}): Promise<void> {
    this.controller = await startController(
      { ...this.env, ...extra },
      this.gitops,
      this.dataDir,
      this.logFile,
    );
    this.client = await connect(this.context());
  }

  /** Ends the controller without warning, and nothing else. */
  async kill(): Promise<void> {
    this.controller?.child.kill('SIGKILL');
    await this.controller?.ended;
  }

  /** Stops the controller, its PostgreSQL, all releases and gateways, and deletes the folder. */
  async close(): Promise<void> {
    await down(this.context());
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  context(): CliContext {
    const silent = () => undefined;
    return {
      env: this.env,
      cwd: this.gitops,
      json: false,
      config: () => readConfig(this.env, this.gitops),
      out: silent,
      err: silent,
    };
  }

  log(): Promise<string> {
    return readFile(this.logFile, 'utf8');
  }

  port(service: string, environment: string): number {
    const port = this.ports[service]?.[environment];
    if (port === undefined) throw new Error(`${service} has no port in ${environment}`);
    return port;
  }

  /** What a service answers in an environment; the error when it does not. */
  async answer(service: string, environment: string): Promise<string> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port(service, environment)}/`, {
        signal: AbortSignal.timeout(2000),
      });
      return await response.text();
    } catch (error) {
      return `no answer: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async answers(service: string, environment: string, version: string): Promise<void> {
    await waitFor(
      `${version} of ${service} to answer in ${environment}`,
      async () => (await this.answer(service, environment)) === version,
      LIMIT_MS,
    );
  }

  /** Commits a change of the catalog. */
  async editCatalog(change: (catalog: SampleCatalog) => SampleCatalog, message = 'Catalog'): Promise<void> {
    this.catalog = change(this.catalog);
    await this.people.commit({ 'commander.yaml': JSON.stringify(this.catalog, null, 2) }, message);
  }

  async editService(name: string, fields: CatalogEntry): Promise<void> {
    await this.editCatalog((catalog) => ({
      ...catalog,
      services: catalog.services.map((service) =>
        service.name === name ? { ...service, ...fields } : service,
      ),
    }));
  }

  /** Commits an intent. */
  async ask(name: string, text: string, spec: CatalogEntry = {}): Promise<void> {
    await this.people.commit({ [`intents/${name}.yaml`]: intentFile(name, text, spec) }, `Intent ${name}`);
  }

  async intent(name: string): Promise<IntentDetail | null> {
    try {
      return await this.client.get<IntentDetail>(`/v1/intents/${encodeURIComponent(name)}`);
    } catch {
      return null;
    }
  }

  /** Waits until an intent is as wanted; says how it is when it does not become so. */
  async until(name: string, what: string, holds: (intent: IntentDetail) => boolean): Promise<IntentDetail> {
    let seen: IntentDetail | null = null;
    try {
      return await waitFor(
        `${name}: ${what}`,
        async () => {
          seen = await this.intent(name);
          return seen !== null && holds(seen) ? seen : null;
        },
        LIMIT_MS,
      );
    } catch (error) {
      throw new Error(`${String(error)}; it is ${brief(seen)}`);
    }
  }

  inState(name: string, ...states: readonly string[]): Promise<IntentDetail> {
    return this.until(name, `to be ${states.join(' or ')}`, ({ state }) => states.includes(state));
  }

  /** Waits for the proposal of an intent; `not`: a digest that it must no longer have. */
  async proposed(name: string, not: string | null = null): Promise<OpenPlan> {
    let deadSince: number | null = null;
    const intent = await this.until(name, 'to be proposed', ({ plan, state }) => {
      deadSince = DEAD_ENDS.includes(state) ? (deadSince ?? Date.now()) : null;
      if (deadSince !== null && Date.now() - deadSince > DEAD_MS) throw new Error('No proposal will come');
      return plan?.status === 'pending_approval' && plan.branch !== null && plan.digest !== not;
    });
    const { plan } = intent;
    if (plan === null || plan.branch === null) throw new Error(`${name} has no plan`);
    return { ...plan, branch: plan.branch };
  }

  /** Waits for the plan's status. */
  planIs(name: string, ...statuses: readonly string[]): Promise<IntentDetail> {
    return this.until(
      name,
      `to have a plan that is ${statuses.join(' or ')}`,
      ({ plan }) => plan !== null && statuses.includes(plan.status),
    );
  }

  /** Waits for the end of the execution of an intent's plan. */
  async ended(name: string): Promise<ExecutionView> {
    const intent = await this.until(name, 'to have run', ({ executions }) =>
      executions.some((execution) => execution.kind === 'plan' && execution.finishedAt !== null),
    );
    const execution = intent.executions.find(
      (candidate) => candidate.kind === 'plan' && candidate.finishedAt !== null,
    );
    if (execution === undefined) throw new Error(`${name} has no execution`);
    return execution;
  }

  /** A person commits an intent, merges its proposal with plain git, and waits for the end. */
  async release(name: string, text: string): Promise<ExecutionView> {
    await this.ask(name, text);
    await this.people.merge((await this.proposed(name)).branch);
    return this.ended(name);
  }

  status(): Promise<StatusView> {
    return this.client.get<StatusView>('/v1/status');
  }

  async lane(service: string, environment: string): Promise<LaneView | null> {
    const { lanes } = await this.status();
    return lanes.find((lane) => lane.service === service && lane.environment === environment) ?? null;
  }

  executions(service: string): Promise<readonly ExecutionView[]> {
    return this.client.get<readonly ExecutionView[]>(`/v1/executions?service=${service}&limit=200`);
  }

  async incident(service: string, state: IncidentView['state']): Promise<IncidentView> {
    return waitFor(
      `a ${state} incident of ${service}`,
      async () => {
        const incidents = await this.client.get<readonly IncidentView[]>('/v1/incidents?limit=200');
        return incidents.find((incident) => incident.service === service && incident.state === state);
      },
      LIMIT_MS,
    );
  }

  /** A command of the API in the name of a person. */
  command<T>(path: string, body: object): Promise<T> {
    return this.client.post<T>(`/v1/${path}`, { person: PERSON, ...body });
  }

  metrics(): Promise<string> {
    return this.fetch('/metrics').then((response) => response.text());
  }

  /** A bare request to the API, without the token. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { url } = JSON.parse(await readFile(join(this.dataDir, 'controller.json'), 'utf8')) as {
      readonly url: string;
    };
    return fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000), ...init });
  }

  async token(): Promise<string> {
    return (await readFile(join(this.dataDir, 'token'), 'utf8')).trim();
  }
}

/** Makes the repositories; the controller is not started yet. Close it in afterAll. */
export async function prepareSite(options: SiteOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-e2e-'));
  const environments = options.environments ?? ENVIRONMENTS;
  const ports = await portsFor(options.services, environments);
  const services = options.services.map((service) => sampleService(service, ports[service.name] ?? {}));
  const catalog: SampleCatalog = {
    apiVersion: 'devopscommander.io/v1alpha1',
    kind: 'Catalog',
    policy: options.policy ?? {},
    environments,
    services,
  };
  const dataDir = join(folder, 'data');
  const site = new Site(folder, controllerEnvironment(folder, dataDir, options.env ?? {}), ports, catalog);
  await mkdir(dataDir, { mode: 0o700 });
  await writeFile(site.logFile, '');
  await Promise.all(
    options.services.map(({ name, versions, files }) =>
      makeService(join(folder, name), versions ?? GOOD_VERSIONS, files),
    ),
  );
  await scaffoldGitOps(site.gitops);
  await git(site.gitops, 'config', 'user.name', PERSON.name);
  await git(site.gitops, 'config', 'user.email', PERSON.email);
  await rm(join(site.gitops, 'sops'), { recursive: true });
  const sops = Object.fromEntries(
    Object.entries(options.sops ?? {}).map(([name, text]) => [`sops/${name}`, text]),
  );
  await site.people.commit(
    { sops: null, ...sops, 'commander.yaml': JSON.stringify(catalog, null, 2) },
    'The catalog',
  );
  return site;
}

/** Makes the repositories and starts the controller. When that fails nothing is left behind. */
export async function openSite(options: SiteOptions): Promise<Site> {
  const site = await prepareSite(options);
  try {
    await site.start();
    return site;
  } catch (error) {
    await site.close();
    throw error;
  }
}

/** Of the embedded server of a site, as its superuser. */
export async function databaseUrl(site: Site): Promise<string> {
  const folder = join(site.dataDir, 'postgres');
  const [password, postmaster] = await Promise.all([
    readFile(join(folder, 'password'), 'utf8'),
    readFile(join(folder, 'data', 'postmaster.pid'), 'utf8'),
  ]);
  return `postgres://${SUPERUSER}:${password.trim()}@127.0.0.1:${postmaster.split('\n')[3]}/commander`;
}

function controllerEnvironment(folder: string, dataDir: string, extra: Environment): Environment {
  return {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: folder,
    COMMANDER_DATA_DIR: dataDir,
    GITOPS_REPOSITORIES: join(folder, 'gitops'),
    COMMANDER_PORT: '0',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    POLL_INTERVAL: '1s',
    WATCH_INTERVAL: '200ms',
    MINIMUM_SAMPLES: '5',
    SHUTDOWN_GRACE: '2s',
    ...extra,
  };
}

/** A free port for each service in each environment. */
async function portsFor(
  services: readonly SiteService[],
  environments: readonly CatalogEntry[],
): Promise<Record<string, Record<string, number>>> {
  const free = [...(await freePorts(services.length * environments.length))];
  return Object.fromEntries(
    services.map(({ name }) => [
      name,
      Object.fromEntries(environments.map((environment) => [String(environment.name), free.pop() ?? 0])),
    ]),
  );
}

export function intentFile(name: string, text: string, spec: CatalogEntry = {}): string {
  return `${JSON.stringify({ apiVersion: 'devopscommander.io/v1alpha1', kind: 'Intent', metadata: { name }, spec: { text, ...spec } }, null, 2)}\n`;
}

function brief(intent: IntentDetail | null): string {
  if (intent === null) return 'unknown';
  const { state, detail, plan, executions } = intent;
  return JSON.stringify({
    state,
    detail,
    plan,
    executions: executions.map(({ id, status, reason, steps }) => ({
      id,
      status,
      reason,
      steps: steps.map((step) => `${step.environment}/${step.step}: ${step.status} ${step.detail}`),
    })),
  });
}
