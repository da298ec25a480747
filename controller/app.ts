import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLocalForge } from './adapters/forge/local.js';
import { createGitProgram } from './adapters/git/program.js';
import { createServiceRepository } from './adapters/git/service-repository.js';
import { createWebhookVerifier } from './adapters/github/webhook.js';
import { createDocumentText } from './adapters/knowledge/pdf.js';
import { createScrapeMonitor } from './adapters/monitor/monitor.js';
import { createScripts } from './adapters/scripts/index.js';
import { createTelemetry } from './adapters/telemetry/metrics.js';
import { assembleAgents } from './app/agents.js';
import { dryRun } from './app/dry-run.js';
import { createFollowers, followName, lead } from './app/followers.js';
import { assembleGitHub } from './app/github.js';
import { createOperations } from './app/operations.js';
import { startQueues } from './app/queues.js';
import {
  announce,
  ensureToken,
  openPrograms,
  openRecords,
  openRepositories,
  openRuntimes,
  Releasers,
  readiness,
  smallEnvironment,
} from './app/resources.js';
import type { ApprovalNeeds } from './approval/needs.js';
import { settlePlan } from './approval/settle.js';
import { summariseIncident, summaryJobs } from './approval/summarise-incident.js';
import { writeIncident } from './approval/write-incident.js';
import type { Config } from './config.js';
import { lockDataDir } from './data-dir.js';
import type { AuditRecord } from './domain/audit.js';
import { runExecution } from './execution/execute.js';
import type { ExecutionNeeds } from './execution/needs.js';
import { createPlanEditor } from './planning/edit.js';
import { createPlanCheck } from './planning/plan-check.js';
import { createPlanner } from './planning/planner.js';
import { type ReconcileNeeds, reconcileIntent } from './planning/reconcile.js';
import { WorldReader } from './planning/world.js';
import { systemClock } from './ports/clock.js';
import type { Forge } from './ports/forge.js';
import type { Log } from './ports/log.js';
import type { Job } from './ports/store.js';
import type { ReportingNeeds } from './reporting/needs.js';
import { report } from './reporting/report.js';
import { reportJobs } from './reporting/subjects.js';
import { startApi } from './triggers/api/server.js';
import { readCounts } from './triggers/api/status.js';
import { runCommentCommand } from './triggers/comment-commands.js';
import { dueTimer } from './triggers/due-timer.js';
import { jobHandlers } from './triggers/handlers.js';
import { learnSops } from './triggers/learn-sops.js';
import { previewPullRequest } from './triggers/previews.js';
import { DEFAULT_JUDGE_SETTINGS } from './watchdog/judge.js';
import type { WatchdogNeeds } from './watchdog/needs.js';
import { runWatchdog } from './watchdog/watchdog.js';

export interface App {
  readonly url: string;
  /** Graceful: stops taking work, lets what runs finish for the grace time, releases everything in reverse order. */
  stop(): Promise<void>;
}

/** The composition root: the only place that knows a port and its adapter. */
export async function startApp(
  config: Config,
  log: Log,
  env: Readonly<Record<string, string | undefined>>,
): Promise<App> {
  const releasers = new Releasers(log);
  try {
    return await compose(config, log, env, releasers);
  } catch (error) {
    await releasers.releaseAll();
    throw error;
  }
}

/** Jobs that follow from decisions in the audit trail: what a forge shows, what a model says of an incident. */
function followUps({ github, models }: Config) {
  return (records: readonly AuditRecord[]): readonly Job[] => [
    ...(github === null ? [] : reportJobs(records)),
    ...(models.chat.length === 0 ? [] : summaryJobs(records)),
  ];
}

async function compose(
  config: Config,
  log: Log,
  env: Readonly<Record<string, string | undefined>>,
  releasers: Releasers,
): Promise<App> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  releasers.push('data directory', await lockDataDir(config.dataDir));
  const stopping = new AbortController();
  const database = await openRecords(config, log, releasers, followUps(config));
  const { store } = database;
  const telemetry = createTelemetry(() => readCounts(store, [...repositories.keys()]));
  const { repositories, github: connections } = await openRepositories(
    config,
    log,
    env,
    releasers,
    telemetry.forgeRemaining,
  );
  const programs = await openPrograms(config, log);
  const runtimes = openRuntimes(config, log, programs);
  const git = createGitProgram({ environment: env });
  const serviceRepositories = createServiceRepository({ git, dataDir: config.dataDir, log });
  const monitor = createScrapeMonitor();
  releasers.push('monitor', () => monitor.close());
  const scripts = createScripts({
    directory: config.scriptsDir,
    env: smallEnvironment(config),
    runProgram: programs,
    log,
  });
  const scriptEnvironment: Record<string, string> =
    config.notifyUrl === null ? {} : { COMMANDER_NOTIFY_URL: config.notifyUrl };
  const agents = await assembleAgents(config, database, telemetry, log);
  const worlds = new WorldReader(createDocumentText(), database.sopControls);
  const clock = systemClock;
  const planCheck = createPlanCheck({ repositories, worlds, store, clock });
  const planner = createPlanner({
    interpreter: agents.interpreter,
    advisor: agents.advisor,
    forgeKnowsReviews: (id) => connections.has(id),
    serviceRepositories,
    releases: store.releases,
    lanes: store.lanes,
    quarantine: store.quarantine,
    waivers: store.waivers,
    scriptNames: () => scripts.names(),
    runtimes: [...runtimes.keys()],
    defaultGuards: config.guards,
    clock,
  });
  const planning: ReconcileNeeds = { store, repositories, worlds, planner, planCheck, clock, log };
  const github = assembleGitHub(connections, { config, store, worlds, log });
  const forges = new Map<string, Forge>(
    [...repositories].map(([id, repository]) => [
      id,
      github.forges.get(id) ?? createLocalForge({ repository, log, identity: config.identity }),
    ]),
  );
  const approval: ApprovalNeeds = {
    store,
    forges,
    repositories,
    planCheck,
    planEditor: createPlanEditor(planning),
    clock,
    log,
    identity: config.identity,
  };
  const execution: ExecutionNeeds = {
    store,
    forges,
    planCheck,
    runtimes,
    serviceRepositories,
    scripts,
    scriptEnvironment,
    monitor,
    clock,
    log,
  };
  const judge = {
    ...DEFAULT_JUDGE_SETTINGS,
    tickSeconds: config.tickSeconds,
    minimumSamples: config.minimumSamples,
    falseAlarmDays: config.falseAlarmDays,
  };
  const watchdog: WatchdogNeeds = { store, runtimes, monitor, telemetry, judge, clock, log };

  const reporting: ReportingNeeds = {
    store,
    boards: github.boards,
    repositories,
    incidentLabel: config.github?.incidentLabel ?? null,
    clock,
    log,
  };
  const followed = createFollowers({ approval, worlds, inboxes: github.inboxes, config }, stopping.signal);
  const operations = createOperations({
    approval,
    execution,
    watchdog,
    waivers: { store, worlds, planner, repositories, inboxes: github.inboxes },
    followed,
    dryRun: (document) => dryRun(repositories, worlds, planner, document),
  });
  const handlers = jobHandlers(
    {
      planIntent: (id) => reconcileIntent(planning, id),
      settlePlan: (digest) => settlePlan(approval, digest),
      runExecution: (id, signal) => runExecution(execution, id, signal),
      writeIncident: (id) => writeIncident(approval, id),
      report: (subject) => report(reporting, subject),
      lookAtRepository: (id) => database.leadership.wake(followName(id)),
      learnSops: (id, signal) =>
        learnSops(
          {
            store,
            repositories,
            worlds,
            knowledge: agents.knowledge,
            records: database.sopControls,
            model: agents.model,
            clock,
            log,
          },
          id,
          signal,
        ),
      summariseIncident: (id, signal) =>
        summariseIncident({ store, serviceRepositories, model: agents.model, clock, log }, id, signal),
      runCommand: (id) =>
        runCommentCommand({ operations, inboxes: github.inboxes, boards: github.boards, log }, id),
      previewPullRequest: (id) =>
        previewPullRequest({ store, repositories, inboxes: github.inboxes, worlds, planner }, id),
    },
    log,
  );
  releasers.push('queues', await startQueues(database.url, handlers, config, log));

  const background = [
    database.leadership.lead('watchdog', stopping.signal, (signal) => runWatchdog(watchdog, signal)),
    dueTimer({ store, clock, log, pollSeconds: config.pollSeconds }, stopping.signal),
    ...lead(database.leadership, followed, stopping.signal),
  ];
  releasers.push('loops', async () => {
    stopping.abort();
    await Promise.allSettled(background);
  });

  const token = await ensureToken(config.dataDir);
  const api = await startApi({
    operations,
    token,
    host: config.host,
    port: config.port,
    metrics: telemetry,
    ready: () => readiness(store),
    webhooks:
      config.github?.webhookSecret == null
        ? null
        : {
            verify: createWebhookVerifier(config.github.webhookSecret),
            repositoryOf: github.repositoryOf,
            isOwn: github.isOwn,
          },
    log,
  });
  releasers.push('API', () => api.close());
  await announce(config.dataDir, api.url);
  releasers.push('announcement', () => rm(join(config.dataDir, 'controller.json'), { force: true }));
  log.info(
    { url: api.url, repositories: [...repositories.keys()], dataDir: config.dataDir },
    'controller is up',
  );
  return { url: api.url, stop: () => releasers.releaseAll() };
}
