import { join } from 'node:path';
import { createGitOpsRepository } from '../../controller/adapters/git/gitops-repository.js';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { NO_GUARDS } from '../../controller/domain/catalog.js';
import { intentId } from '../../controller/domain/intent.js';
import type { IntentRecord, PlanRecord } from '../../controller/domain/records.js';
import type { Finding } from '../../controller/domain/sop.js';
import { createGrammarInterpreter } from '../../controller/planning/grammar/index.js';
import { Intake } from '../../controller/planning/intake.js';
import { createPlanCheck } from '../../controller/planning/plan-check.js';
import { createPlanner } from '../../controller/planning/planner.js';
import { type ReconcileNeeds, reconcileIntent } from '../../controller/planning/reconcile.js';
import { WorldReader } from '../../controller/planning/world.js';
import type { ForgeInbox } from '../../controller/ports/forge-inbox.js';
import type { ServiceRepository } from '../../controller/ports/repositories.js';
import { type WaiverNeeds, waiveByName } from '../../controller/triggers/waivers.js';
import { ANN, commit, git, IDENTITY, newRepository, program, temporaryFolder } from '../git/support.js';
import { createTestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';

export const COMMIT = 'a'.repeat(40);
/** A Wednesday. */
export const NOW = new Date('2026-11-18T12:00:00Z');

export const CATALOG = `kind: Catalog
environments: [{ name: staging, runtime: process }, { name: production, runtime: process }]
services:
  - { name: checkout, repository: /srv/checkout, run: [node, server.js], steps: { smoke_tests: smoke-test } }
`;
export const SMOKE_SENTENCE = 'The smoke tests must pass before users reach a new version.';
export const smoke = (sentence = SMOKE_SENTENCE, id = 'smoke-first') => `---
id: ${id}
severity: high
rules:
  - requireSteps: [smoke_tests]
---
# Smoke tests

${sentence}
`;
export const FREEZE = `---
id: inventory
severity: high
applies: { environments: [production] }
rules:
  - freeze: { name: stocktaking, from: "Tue 00:00", to: "Thu 00:00", timezone: UTC }
---
# Stocktaking

Nothing is deployed while we count.
`;

/** A real repository and database, the real planner and grammar; service repositories have every version at one commit. */
export async function openWaivers() {
  const folder = temporaryFolder();
  const log = quietLog();
  const path = newRepository(join(folder.path, 'gitops'), { 'commander.yaml': CATALOG });
  const at = { git: program, location: path, dataDir: folder.path, log, identity: IDENTITY };
  const repository = await createGitOpsRepository(at);
  const test = await createTestDatabase();
  let now = NOW;
  const clock = { now: () => now };
  let advised: readonly Finding[] = [];
  const database: Database = openDatabase({ url: test.url, log, clock });
  const { store } = database;
  const repositories = new Map([[repository.id, repository]]);
  const worlds = new WorldReader();
  const planner = createPlanner({
    interpreter: createGrammarInterpreter(),
    advisor: async () => ({ findings: advised, without: [] }),
    serviceRepositories: oneCommit,
    releases: store.releases,
    lanes: store.lanes,
    quarantine: store.quarantine,
    waivers: store.waivers,
    scriptNames: async () => ['smoke-test'],
    runtimes: ['process'],
    defaultGuards: { ...NO_GUARDS, healthFailures: 3, watchSeconds: 60 },
    clock,
  });
  const planCheck = createPlanCheck({ repositories, worlds, store, clock });
  const planning: ReconcileNeeds = { store, repositories, worlds, planner, planCheck, clock, log };
  const inboxes = new Map<string, ForgeInbox>();
  const needs: WaiverNeeds = { store, worlds, planner, repositories, inboxes };
  const intake = new Intake({ store, clock, log }, repository);

  /** Commits files, has them read, and plans every intent there is, as the jobs would. */
  const push = async (files: Readonly<Record<string, string>>): Promise<void> => {
    commit(path, files);
    await intake.look(git(path, 'rev-parse', 'HEAD'));
    await plan();
  };
  const plan = async (): Promise<void> => {
    for (const { id } of await store.intents.index(repository.id)) await reconcileIntent(planning, id);
  };
  const intent = async (name: string): Promise<IntentRecord> => {
    const found = await store.intents.get(intentId(repository.id, `intents/${name}.yaml`));
    if (found === null) throw new Error(`There is no ${name}`);
    return found;
  };
  const planOf = async (name: string): Promise<PlanRecord | null> => {
    const { planDigest } = await intent(name);
    return planDigest === null ? null : store.plans.get(planDigest);
  };
  return {
    needs,
    store,
    path,
    repository,
    planning,
    push,
    plan,
    /** What time it is. */
    at: (time: Date) => {
      now = time;
    },
    /** What a model finds from now on. */
    advise: (findings: readonly Finding[]) => {
      advised = findings;
    },
    intent,
    planOf,
    ask: (name: string, text: string, extra: object = {}) =>
      push({
        [`intents/${name}.yaml`]: JSON.stringify({
          apiVersion: 'devopscommander.io/v1alpha1',
          kind: 'Intent',
          metadata: { name },
          spec: { text, ...extra },
        }),
      }),
    /** `commander waive`, and the planning that follows. */
    waive: async (name: string, sop: string, reason = 'the runner burned down', person = ANN) => {
      const answer = await waiveByName(needs, name, sop, person, reason);
      await plan();
      return answer;
    },
    waivedIn: async (name: string) =>
      (await store.audit.about(`intent:${name}`, 100)).filter(({ action }) => action === 'finding.waived'),
    close: async () => {
      repository.close();
      await database.close();
      await test.drop();
      folder.remove();
    },
  };
}

export type WaiversSite = Awaited<ReturnType<typeof openWaivers>>;

const oneCommit: ServiceRepository = {
  refresh: async () => undefined,
  resolve: async (_repository, { version }) => {
    const ref = version ?? 'main';
    const tag = `${ref}-${COMMIT.slice(0, 12)}`;
    return { ok: true, kind: 'tag', version: { asked: version, ref, commit: COMMIT, tag } };
  },
  exportTree: () => Promise.reject(new Error('nothing is built here')),
  has: async () => true,
  signature: async () => 'none',
  changes: () => Promise.reject(new Error('nothing is compared here')),
};
