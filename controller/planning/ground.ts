import type { Catalog, Environment, Service } from '../domain/catalog.js';
import type { Question, Request } from '../domain/interpretation.js';
import type { PlannedVersion, ReleaseReference } from '../domain/plan.js';
import { formatProblem } from '../domain/problem.js';
import type { ReleaseRecord } from '../domain/records.js';
import type { Lane } from '../domain/release.js';
import type { ServiceRepository } from '../ports/repositories.js';
import type { Reader } from '../ports/store.js';

export interface GroundNeeds {
  readonly serviceRepositories: ServiceRepository;
  readonly releases: Pick<Reader['releases'], 'get' | 'good' | 'ofLane'>;
  readonly lanes: Pick<Reader['lanes'], 'get'>;
}

export interface GroundedEnvironment {
  readonly environment: Environment;
  /** What is current there now. */
  readonly current: ReleaseReference | null;
  /** rollback: where to go back to; test of what runs: that release. */
  readonly target: ReleaseReference | null;
}

/** A request whose every identity exists: in the catalog, in the service's repository, or among the recorded releases. */
export interface Grounded {
  readonly request: Request;
  readonly service: Service & { readonly repository: string };
  readonly version: PlannedVersion;
  readonly environments: readonly GroundedEnvironment[];
}

export type Grounding =
  | { readonly ok: true; readonly grounded: Grounded }
  | { readonly ok: false; readonly questions: readonly Question[] };

/** How many releases back a rollback may look for the version it names. */
const RELEASES_SEARCHED = 200;

/** Throws RepositoryUnavailable when the service's repository cannot be reached: that passes, it is no question. */
export async function ground(
  needs: GroundNeeds,
  request: Request,
  catalog: Catalog,
  signal: AbortSignal,
): Promise<Grounding> {
  const service = catalog.services.find((candidate) => candidate.name === request.service);
  if (service === undefined)
    return ask('service', `The catalog has no service "${request.service}".`, catalog.services.map(name));
  const problem = catalog.problems.find((candidate) => concerns(candidate.subject, request));
  if (problem !== undefined) {
    return ask('text', formatProblem(problem), []);
  }
  if (service.repository === null) {
    return ask(
      'service',
      `commander.yaml does not say where ${service.name} lives: add services[].repository (a path or URL).`,
      [],
    );
  }
  const hosted = { ...service, repository: service.repository };
  const environments: GroundedEnvironment[] = [];
  for (const wanted of request.environments) {
    const environment = catalog.environments.find((candidate) => candidate.name === wanted);
    if (environment === undefined)
      return ask(
        'environments',
        `The catalog has no environment "${wanted}".`,
        catalog.environments.map(name),
      );
    environments.push({
      environment,
      current: await currentRelease(needs, { service: service.name, environment: wanted }),
      target: null,
    });
  }
  if (request.action === 'rollback') return groundRollback(needs, request, hosted, environments);
  if (request.action === 'test' && request.version === null)
    return groundRunningTest(request, hosted, environments);
  return groundVersion(needs, request, hosted, environments, signal);
}

async function groundVersion(
  needs: GroundNeeds,
  request: Request,
  service: Grounded['service'],
  environments: readonly GroundedEnvironment[],
  signal: AbortSignal,
): Promise<Grounding> {
  const promoted = await promotedVersion(needs, request);
  if (promoted !== null)
    return promoted.ok
      ? { ok: true, grounded: { request, service, version: promoted.version, environments } }
      : promoted;
  await needs.serviceRepositories.refresh(service.repository, signal);
  const query = { version: request.version, defaultBranch: service.defaultBranch };
  const resolution = await needs.serviceRepositories.resolve(service.repository, query, signal);
  if (resolution.ok)
    return { ok: true, grounded: { request, service, version: resolution.version, environments } };
  const near = resolution.near.length === 0 ? '' : ` Near it: ${resolution.near.join(', ')}.`;
  return ask(
    'version',
    `${resolution.reason}.${near} Which version of ${service.name} do you mean?`,
    resolution.near,
  );
}

type PromotedVersion =
  | { readonly ok: true; readonly version: PlannedVersion }
  | Extract<Grounding, { ok: false }>;

/** "Promote from staging": the version that is good there; null when nothing is promoted or a version is written. */
async function promotedVersion(needs: GroundNeeds, request: Request): Promise<PromotedVersion | null> {
  if (request.promotedFrom === undefined || request.version !== null) return null;
  const [good] = await needs.releases.good(
    { service: request.service, environment: request.promotedFrom },
    1,
  );
  if (good !== undefined)
    return { ok: true, version: { asked: null, ref: good.version, commit: good.commit, tag: good.tag } };
  return ask(
    'version',
    `No release of ${request.service} has passed its watch in ${request.promotedFrom}, so there is nothing to promote. Which version do you mean?`,
    [],
  );
}

async function groundRollback(
  needs: GroundNeeds,
  request: Request,
  service: Grounded['service'],
  environments: readonly GroundedEnvironment[],
): Promise<Grounding> {
  const targets: { grounded: GroundedEnvironment; release: ReleaseRecord }[] = [];
  for (const grounded of environments) {
    const lane = { service: service.name, environment: grounded.environment.name };
    const release = await rollbackTarget(needs, lane, request.version, grounded.current);
    if (release === null) {
      const recorded = await needs.releases.ofLane(lane, 20);
      const choices = [
        ...new Set(
          recorded
            .filter((other) => other.goodAt !== null && other.id !== grounded.current?.release)
            .map((other) => other.version),
        ),
      ];
      const missing =
        request.version === null
          ? 'no earlier release that passed its watch'
          : `no recorded release ${request.version} other than the current one`;
      return ask('version', `${lane.environment} has ${missing} of ${service.name} to go back to.`, choices);
    }
    targets.push({ grounded, release });
  }
  const [first] = targets;
  if (first === undefined) return ask('environments', 'In which environment?', []);
  return {
    ok: true,
    grounded: {
      request,
      service,
      version: {
        asked: request.version,
        ref: first.release.version,
        commit: first.release.commit,
        tag: first.release.tag,
      },
      environments: targets.map(({ grounded, release }) => ({ ...grounded, target: reference(release) })),
    },
  };
}

async function rollbackTarget(
  needs: GroundNeeds,
  lane: Lane,
  version: string | null,
  current: ReleaseReference | null,
): Promise<ReleaseRecord | null> {
  const candidates =
    version === null
      ? await needs.releases.good(lane, 20)
      : await needs.releases.ofLane(lane, RELEASES_SEARCHED);
  const found = candidates.find(
    (release) =>
      release.id !== current?.release &&
      release.currentAt !== null &&
      (version === null ? release.commit !== current?.commit : isVersion(release, version)),
  );
  return found ?? null;
}

/** v1.2.3 and 1.2.3 are the same version; a sha may be shortened. */
export function isVersion(release: Pick<ReleaseRecord, 'version' | 'commit'>, asked: string): boolean {
  const plain = (version: string) => version.replace(/^v(?=\d)/i, '');
  if (plain(release.version) === plain(asked)) return true;
  return /^[0-9a-f]{7,40}$/i.test(asked) && release.commit.startsWith(asked.toLowerCase());
}

function groundRunningTest(
  request: Request,
  service: Grounded['service'],
  environments: readonly GroundedEnvironment[],
): Grounding {
  const empty = environments.find((grounded) => grounded.current === null);
  const running = environments[0]?.current;
  if (empty !== undefined || !running) {
    return ask(
      'version',
      `Nothing of ${service.name} runs in ${empty?.environment.name ?? 'that environment'}. Which version shall be tested?`,
      [],
    );
  }
  return {
    ok: true,
    grounded: {
      request,
      service,
      version: {
        asked: null,
        ref: running.version,
        commit: running.commit,
        tag: `${running.version}-${running.commit.slice(0, 12)}`,
      },
      environments: environments.map((grounded) => ({ ...grounded, target: grounded.current })),
    },
  };
}

async function currentRelease(needs: GroundNeeds, lane: Lane): Promise<ReleaseReference | null> {
  const record = await needs.lanes.get(lane);
  if (record === null || record.currentRelease === null) return null;
  const release = await needs.releases.get(record.currentRelease);
  return release === null ? null : reference(release);
}

function reference(release: ReleaseRecord): ReleaseReference {
  return { release: release.id, version: release.version, commit: release.commit };
}

function concerns(subject: { readonly kind: string; readonly name: string }, request: Request): boolean {
  if (subject.kind === 'service') return subject.name === request.service;
  if (subject.kind === 'environment') return request.environments.includes(subject.name);
  return true;
}

function name(item: { readonly name: string }): string {
  return item.name;
}

function ask(
  field: Question['field'],
  question: string,
  choices: readonly string[],
): Extract<Grounding, { ok: false }> {
  return { ok: false, questions: [{ field, question, choices }] };
}
