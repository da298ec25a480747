import { catalogSlice, sopSlice } from '../domain/assumptions.js';
import { intentRevision } from '../domain/intent.js';
import { computeDigest, type DeploymentPlan } from '../domain/plan.js';
import type { Clock } from '../ports/clock.js';
import type { PlanCheck } from '../ports/plan-check.js';
import { type CommittedFile, FileTooLarge, type GitOpsRepository } from '../ports/repositories.js';
import type { Reader } from '../ports/store.js';
import { parseIntent } from './documents/intent.js';
import { remember } from './remember.js';
import type { WorldReader } from './world.js';

const INTENT_LIMIT = 64 * 1024;

export interface PlanCheckNeeds {
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly worlds: WorldReader;
  readonly store: Pick<Reader, 'lanes' | 'quarantine'>;
  readonly clock: Clock;
}

/** Reads the truth afresh: intent, catalog and SOPs from the protected branch, releases and quarantine from the database. */
export function createPlanCheck(needs: PlanCheckNeeds): PlanCheck {
  const intents: KnownIntents = new Map();
  return {
    changed: async (plan) => {
      if (computeDigest(plan) !== plan.digest) return 'the plan does not have the digest it claims';
      if (new Date(plan.expiresAt) <= needs.clock.now()) return `the plan expired at ${plan.expiresAt}`;
      const [repository, records] = await Promise.all([
        repositoryChanged(needs, intents, plan),
        recordsChanged(needs, plan),
      ]);
      return repository ?? records;
    },
  };
}

/** Intent files by path, kind and blob id: a merge asks twice about a file that planning has read before. */
type KnownIntents = Map<string, { readonly suspend: boolean; readonly revision: string } | null>;

async function repositoryChanged(
  needs: PlanCheckNeeds,
  intents: KnownIntents,
  plan: DeploymentPlan,
): Promise<string | null> {
  const { source } = plan.intent;
  const repository = needs.repositories.get(source.repository);
  if (repository === undefined) return `this controller does not follow ${source.repository}`;
  const head = await repository.head();
  if (head === null) return `${repository.branch} is gone`;
  const entry = await repository.entry(head, source.path);
  if (entry === null) return `the intent ${source.path} is gone`;
  const intent = await remember(intents, `${entry.path} ${entry.kind} ${entry.oid}`, () =>
    readIntent(repository, entry),
  );
  if (intent === null) return `the intent ${source.path} is broken now`;
  if (intent.suspend) return `the intent ${source.path} is suspended`;
  if (intent.revision !== plan.assumptions.intentRevision) return `the intent ${source.path} was edited`;
  const world = await needs.worlds.read(repository, head);
  if (!world.ok) return 'commander.yaml cannot be read';
  const { catalog, sops } = world.world;
  const environments = plan.action === 'build' ? [] : plan.environments.map((item) => item.environment);
  if (catalogSlice(catalog, plan.service.name, environments) !== plan.assumptions.catalog)
    return 'commander.yaml changed what the plan uses';
  const subject = { service: plan.service.name, environments, action: plan.action };
  return sopSlice(sops, subject) === plan.assumptions.sops ? null : 'the SOPs that apply changed';
}

async function readIntent(repository: GitOpsRepository, { path, kind, oid }: CommittedFile) {
  const bytes = await repository.read(oid, INTENT_LIMIT).catch((error: unknown) => {
    if (error instanceof FileTooLarge) return null;
    throw error;
  });
  const parsed = bytes === null ? null : parseIntent({ path, kind, bytes });
  if (parsed === null || !parsed.ok) return null;
  return { suspend: parsed.document.spec.suspend, revision: intentRevision(parsed.document) };
}

async function recordsChanged(needs: PlanCheckNeeds, plan: DeploymentPlan): Promise<string | null> {
  for (const item of plan.environments) {
    const lane = await needs.store.lanes.get({ service: plan.service.name, environment: item.environment });
    const current = lane?.currentRelease ?? null;
    if (current !== (item.replaces?.release ?? null)) {
      return `what runs in ${item.environment} changed: ${current ?? 'nothing'} instead of ${item.replaces?.release ?? 'nothing'}`;
    }
  }
  if (plan.action !== 'deploy' && plan.action !== 'rollback') return null;
  const quarantined = await needs.store.quarantine.active(plan.service.name);
  const commits = [
    plan.version.commit,
    ...plan.environments.flatMap((item) => (item.target === null ? [] : [item.target.commit])),
  ];
  const hit = quarantined.find((record) => commits.includes(record.commit));
  return hit === undefined ? null : `${hit.version} was quarantined: ${hit.reason}`;
}
