import { createGitProgram } from '../adapters/git/program.js';
import { createServiceRepository } from '../adapters/git/service-repository.js';
import { createDocumentText } from '../adapters/knowledge/pdf.js';
import { runProgram } from '../adapters/programs/run-program.js';
import { createScripts } from '../adapters/scripts/index.js';
import type { Config } from '../config.js';
import type { IntentDocument } from '../domain/intent.js';
import { formatProblem } from '../domain/problem.js';
import { createPlanner, type Planner, type PlanningResult } from '../planning/planner.js';
import { WorldReader } from '../planning/world.js';
import { systemClock } from '../ports/clock.js';
import { silentLog } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import { noAdvisor } from './agents.js';
import { offlineInterpreter } from './interpreter.js';
import { openRepositories, Releasers, smallEnvironment } from './resources.js';

/** The whole plan of a document as it would be made now; nothing is written. */
export async function dryRun(
  repositories: ReadonlyMap<string, GitOpsRepository>,
  worlds: WorldReader,
  planner: Planner,
  document: IntentDocument,
): Promise<PlanningResult> {
  const [repository] = repositories.values();
  const head = await repository?.head();
  if (repository === undefined || !head)
    return { kind: 'waiting', reason: 'There is no GitOps repository with a commit' };
  const read = await worlds.read(repository, head);
  if (!read.ok) return { kind: 'waiting', reason: read.problems.map(formatProblem).join(' ') };
  const source = { repository: repository.id, path: '(dry run)', commit: head };
  return planner({ document, source, world: read.world, edited: null });
}

/** The same without a controller: nothing is known of what runs, so it is planned as if nothing did. */
export async function planOffline(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  document: IntentDocument,
): Promise<PlanningResult> {
  const log = silentLog;
  const releasers = new Releasers(log);
  try {
    const { repositories } = await openRepositories(config, log, env, releasers);
    const scripts = createScripts({
      directory: config.scriptsDir,
      env: smallEnvironment(config),
      runProgram,
      log,
    });
    const planner = createPlanner({
      interpreter: await offlineInterpreter(config.models, log),
      advisor: noAdvisor,
      forgeKnowsReviews: (id) => config.github !== null && id.includes('://'),
      serviceRepositories: createServiceRepository({
        git: createGitProgram({ environment: env }),
        dataDir: config.dataDir,
        log,
      }),
      releases: { get: async () => null, good: async () => [], ofLane: async () => [] },
      lanes: { get: async () => null },
      quarantine: { active: async () => [] },
      waivers: { of: async () => [] },
      scriptNames: () => scripts.names(),
      runtimes: ['process', 'docker'],
      defaultGuards: config.guards,
      clock: systemClock,
    });
    return await dryRun(repositories, new WorldReader(createDocumentText()), planner, document);
  } finally {
    await releasers.releaseAll();
  }
}
