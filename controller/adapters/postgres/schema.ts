import { isNotNull, isNull, sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import type { Guards, RuntimeKind, Service } from '../../domain/catalog.js';
import type { ExecutionKind, ExecutionStatus, StepStatus } from '../../domain/execution.js';
import type { Action, IntentDocument, IntentState } from '../../domain/intent.js';
import type { JsonValue } from '../../domain/json.js';
import type { DeploymentPlan, PlannedStep, PlanStatus } from '../../domain/plan.js';
import type { IncidentRecord, StoredProposal, TimelineEntry } from '../../domain/records.js';
import type { Instance, ReleaseState, Verdict } from '../../domain/release.js';

// After a change here: `npx drizzle-kit generate --name <what>`, read the SQL, commit both.

export const commander = pgSchema('commander');

/** Epochs of executions and fences of lanes come from here, so that no number is ever given out twice or goes back. */
export const tokens = commander.sequence('tokens');

export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
const serial = (name: string) => bigint(name, { mode: 'number' }).generatedAlwaysAsIdentity();
export const number = (name: string) => bigint(name, { mode: 'number' });

export const intents = commander.table(
  'intents',
  {
    id: text('id').primaryKey(),
    repository: text('repository').notNull(),
    path: text('path').notNull(),
    name: text('name').notNull(),
    blob: text('blob').notNull(),
    commit: text('commit').notNull(),
    revision: text('revision'),
    document: jsonb('document').$type<IntentDocument>(),
    state: text('state').$type<IntentState>().notNull(),
    detail: jsonb('detail').$type<readonly string[]>().notNull(),
    planDigest: text('plan_digest'),
    checkAt: moment('check_at'),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('intents_of_repository').on(table.repository).where(sql`${table.state} <> 'withdrawn'`),
    index('intents_by_name').on(table.name),
    index('intents_by_state').on(table.state, table.updatedAt),
    index('intents_by_change')
      .on(table.updatedAt.desc().nullsFirst(), table.id)
      .where(sql`${table.state} <> 'withdrawn'`),
    index('intents_due').on(table.checkAt).where(isNotNull(table.checkAt)),
    index('intents_by_plan').on(table.planDigest).where(isNotNull(table.planDigest)),
  ],
);

export const plans = commander.table(
  'plans',
  {
    digest: text('digest').primaryKey(),
    intentId: text('intent_id').notNull(),
    repository: text('repository').notNull(),
    /** From the plan, to find the open plans of a service. */
    service: text('service').notNull(),
    status: text('status').$type<PlanStatus>().notNull(),
    statusReason: text('status_reason').notNull(),
    plan: jsonb('plan').$type<DeploymentPlan>().notNull(),
    path: text('path').notNull(),
    file: text('file').notNull(),
    body: text('body').notNull(),
    proposal: jsonb('proposal').$type<StoredProposal>(),
    hold: text('hold'),
    approvedBy: jsonb('approved_by').$type<readonly string[]>().notNull(),
    approvedCommit: text('approved_commit'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    index('plans_of_intent').on(table.intentId, table.createdAt),
    index('plans_by_status').on(table.status, table.createdAt),
    index('plans_open').on(table.repository).where(sql`${table.status} = 'pending_approval'`),
    index('plans_of_proposal')
      .on(table.repository, sql`(${table.proposal}->>'number')`)
      .where(isNotNull(table.proposal)),
    index('plans_open_of_service').on(table.service).where(sql`${table.status} = 'pending_approval'`),
  ],
);

export const executions = commander.table(
  'executions',
  {
    id: serial('id').primaryKey(),
    kind: text('kind').$type<ExecutionKind>().notNull(),
    action: text('action').$type<Action>().notNull(),
    service: text('service').notNull(),
    environments: jsonb('environments').$type<readonly string[]>().notNull(),
    planDigest: text('plan_digest').notNull(),
    releaseId: text('release_id'),
    status: text('status').$type<ExecutionStatus>().notNull(),
    reason: text('reason').notNull(),
    epoch: number('epoch').notNull(),
    abort: text('abort'),
    correlationId: text('correlation_id').notNull(),
    createdAt: moment('created_at').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    index('executions_of_plan').on(table.planDigest),
    index('executions_of_service').on(table.service, table.id),
    index('executions_by_status').on(table.status, table.id),
  ],
);

export const steps = commander.table(
  'execution_steps',
  {
    executionId: number('execution_id')
      .notNull()
      .references(() => executions.id),
    index: integer('index').notNull(),
    environment: text('environment').notNull(),
    step: jsonb('step').$type<PlannedStep>().notNull(),
    status: text('status').$type<StepStatus>().notNull(),
    attempts: integer('attempts').notNull(),
    detail: text('detail').notNull(),
    output: text('output').notNull(),
    startedAt: moment('started_at'),
    finishedAt: moment('finished_at'),
  },
  (table) => [primaryKey({ columns: [table.executionId, table.index] })],
);

export const lanes = commander.table(
  'lanes',
  {
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    holder: number('holder'),
    currentRelease: text('current_release'),
    fence: number('fence').notNull(),
  },
  (table) => [primaryKey({ columns: [table.service, table.environment] })],
);

export const releases = commander.table(
  'releases',
  {
    id: text('id').primaryKey(),
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    runtime: text('runtime').$type<RuntimeKind>().notNull(),
    version: text('version').notNull(),
    commit: text('commit').notNull(),
    tag: text('tag').notNull(),
    artifact: text('artifact'),
    instance: jsonb('instance').$type<Instance>(),
    state: text('state').$type<ReleaseState>().notNull(),
    spec: jsonb('spec').$type<Service>().notNull(),
    host: text('host').notNull(),
    port: integer('port').notNull(),
    guards: jsonb('guards').$type<Guards>().notNull(),
    planDigest: text('plan_digest').notNull(),
    executionId: number('execution_id').notNull(),
    baseline: jsonb('baseline').$type<JsonValue>(),
    createdAt: moment('created_at').notNull(),
    currentAt: moment('current_at'),
    goodAt: moment('good_at'),
    endedAt: moment('ended_at'),
    endReason: text('end_reason').notNull(),
  },
  (table) => [
    index('releases_of_lane').on(table.service, table.environment, table.createdAt),
    index('releases_good').on(table.service, table.environment, table.goodAt).where(isNotNull(table.goodAt)),
    index('releases_of_execution').on(table.executionId),
    index('releases_by_state').on(table.state),
  ],
);

export const watches = commander.table(
  'watches',
  {
    releaseId: text('release_id').primaryKey(),
    executionId: number('execution_id').notNull(),
    startedAt: moment('started_at').notNull(),
    guards: jsonb('guards').$type<Guards>().notNull(),
    state: jsonb('state').$type<JsonValue>(),
    verdict: text('verdict').$type<Verdict>().notNull(),
    reason: text('reason').notNull(),
    tickedAt: moment('ticked_at'),
    endedAt: moment('ended_at'),
  },
  (table) => [index('watches_active').on(table.startedAt).where(isNull(table.endedAt))],
);

export const quarantine = commander.table(
  'quarantine',
  {
    id: serial('id').primaryKey(),
    service: text('service').notNull(),
    commit: text('commit').notNull(),
    version: text('version').notNull(),
    reason: text('reason').notNull(),
    incidentId: number('incident_id'),
    createdAt: moment('created_at').notNull(),
    liftedAt: moment('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (table) => [index('quarantine_active').on(table.service).where(isNull(table.liftedAt))],
);

export const incidents = commander.table(
  'incidents',
  {
    id: serial('id').primaryKey(),
    releaseId: text('release_id').notNull(),
    service: text('service').notNull(),
    environment: text('environment').notNull(),
    repository: text('repository').notNull(),
    version: text('version').notNull(),
    commit: text('commit').notNull(),
    state: text('state').$type<IncidentRecord['state']>().notNull(),
    reason: text('reason').notNull(),
    evidence: jsonb('evidence').$type<JsonValue>(),
    timeline: jsonb('timeline').$type<readonly TimelineEntry[]>().notNull(),
    executionId: number('execution_id'),
    writtenCommit: text('written_commit'),
    branch: text('branch'),
    summary: jsonb('summary').$type<IncidentRecord['summary']>(),
    openedAt: moment('opened_at').notNull(),
    closedAt: moment('closed_at'),
  },
  (table) => [
    unique('incidents_one_per_release').on(table.releaseId),
    index('incidents_by_state').on(table.state),
    index('incidents_unwritten').on(table.id).where(isNull(table.writtenCommit)),
  ],
);

/** Append-only: triggers (migration `audit_protection`) refuse everything but the next entry. */
export const auditEvents = commander.table(
  'audit_events',
  {
    sequence: number('sequence').primaryKey(),
    at: moment('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject').notNull(),
    digest: text('digest'),
    reason: text('reason').notNull(),
    data: jsonb('data').$type<{ readonly [key: string]: JsonValue }>().notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_events_of_subject').on(table.subject, table.sequence),
    index('audit_events_of_digest').on(table.digest, table.sequence),
  ],
);

/** The last entry, in one row that the insert trigger moves: a tail that was cut off is missed. */
export const auditHead = commander.table(
  'audit_head',
  {
    only: boolean('only').primaryKey().default(true),
    sequence: number('sequence').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [check('audit_head_only', sql`${table.only}`)],
);

/** Queue workers that may hold jobs. Whoever can take the advisory lock `lockKey` knows that they are dead. */
export const workers = commander.table('workers', {
  workerId: text('worker_id').primaryKey(),
  lockKey: number('lock_key').notNull(),
  startedAt: moment('started_at').notNull().defaultNow(),
});
