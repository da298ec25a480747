import type { AuditEntry, AuditRecord, AuditVerification } from '../domain/audit.js';
import type { ExecutionStatus } from '../domain/execution.js';
import type { PlanStatus } from '../domain/plan.js';
import type {
  ExecutionRecord,
  ForgeCommandRecord,
  ForgeNote,
  IncidentRecord,
  IntentRecord,
  LaneRecord,
  PlanRecord,
  QuarantineRecord,
  ReleaseRecord,
  StepRecord,
  TimelineEntry,
  WaiverRecord,
  WatchRecord,
} from '../domain/records.js';
import type { Lane } from '../domain/release.js';

/** "Look again at this id." The payload of a job is an id and nothing else. */
export interface Job {
  /** Rollbacks and restores have a task, and workers, of their own: they wait for nothing else. */
  readonly task:
    | 'plan-intent'
    | 'settle-plan'
    | 'run-execution'
    | 'run-rollback'
    | 'write-incident'
    /** SOPs changed: what is searched follows them; nothing waits for it. */
    | 'learn-sops'
    /** A model's words about an incident: nothing waits for it. */
    | 'summarise-incident'
    /** A forge: what it is to show about a subject of the audit trail, or that something happened on it. */
    | 'report'
    | 'look-at-repository'
    | 'run-command'
    | 'preview-pull-request';
  readonly id: string;
  /** Jobs of one named queue run one after the other. */
  readonly queue: string | null;
  readonly runAt: Date | null;
  /** Smaller runs first; 0 is normal, rollbacks are negative. */
  readonly priority: number;
}

export interface IntentIndexEntry {
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly blob: string;
  readonly state: IntentRecord['state'];
}

export type OpenPlan = Pick<
  PlanRecord,
  'digest' | 'path' | 'intentId' | 'proposal' | 'statusReason' | 'createdAt'
>;

type Patch<T, Fixed extends keyof T> = Partial<Omit<T, Fixed>>;

/** What can be read, inside and outside of a transaction. Unknown ids are null, never a throw. */
export interface Reader {
  readonly intents: {
    get(id: string): Promise<IntentRecord | null>;
    byName(name: string): Promise<readonly IntentRecord[]>;
    /** All intents of a repository that are not withdrawn, without their documents: cheap for 10,000. */
    index(repository: string): Promise<readonly IntentIndexEntry[]>;
    /** Newest change first; withdrawn ones only when asked for. */
    list(filter: {
      readonly states: readonly IntentRecord['state'][] | null;
      readonly limit: number;
    }): Promise<readonly IntentRecord[]>;
    /** Ids whose checkAt has passed. */
    due(now: Date): Promise<readonly string[]>;
    /** Ids of intents with an open plan (pending_approval) for a service, or blocked or waiting ones of any service. */
    affectedBy(service: string): Promise<readonly string[]>;
  };
  readonly plans: {
    get(digest: string): Promise<PlanRecord | null>;
    /** Digests that begin with a prefix, at most 10: for people. */
    byPrefix(prefix: string): Promise<readonly string[]>;
    ofIntent(intentId: string, limit: number): Promise<readonly PlanRecord[]>;
    withStatus(statuses: readonly PlanStatus[], limit: number): Promise<readonly PlanRecord[]>;
    /** Plans of a repository that wait for approval, without their content: cheap for many. */
    open(repository: string): Promise<readonly OpenPlan[]>;
    /** The newest plan whose proposal has a number. */
    ofProposal(repository: string, number: number): Promise<PlanRecord | null>;
  };
  readonly executions: {
    get(id: number): Promise<ExecutionRecord | null>;
    ofPlan(digest: string): Promise<readonly ExecutionRecord[]>;
    /** Newest first. */
    list(filter: {
      readonly service: string | null;
      readonly statuses: readonly ExecutionStatus[] | null;
      readonly limit: number;
    }): Promise<readonly ExecutionRecord[]>;
    steps(id: number): Promise<readonly StepRecord[]>;
  };
  readonly lanes: {
    get(lane: Lane): Promise<LaneRecord | null>;
    list(): Promise<readonly LaneRecord[]>;
  };
  readonly releases: {
    get(id: string): Promise<ReleaseRecord | null>;
    ofExecution(executionId: number): Promise<readonly ReleaseRecord[]>;
    /** Releases of a lane that passed their watch and were not rolled back since, newest good first. */
    good(lane: Lane, limit: number): Promise<readonly ReleaseRecord[]>;
    /** Newest first. */
    ofLane(lane: Lane, limit: number): Promise<readonly ReleaseRecord[]>;
    /** Releases of a lane that have an instance, however old. */
    withInstance(lane: Lane): Promise<readonly ReleaseRecord[]>;
    withState(states: readonly ReleaseRecord['state'][]): Promise<readonly ReleaseRecord[]>;
  };
  readonly watches: {
    get(releaseId: string): Promise<WatchRecord | null>;
    active(): Promise<readonly WatchRecord[]>;
  };
  readonly quarantine: {
    /** Not lifted. */
    active(service: string | null): Promise<readonly QuarantineRecord[]>;
    list(limit: number): Promise<readonly QuarantineRecord[]>;
  };
  readonly incidents: {
    get(id: number): Promise<IncidentRecord | null>;
    ofRelease(releaseId: string): Promise<IncidentRecord | null>;
    list(limit: number): Promise<readonly IncidentRecord[]>;
    withState(state: IncidentRecord['state']): Promise<readonly IncidentRecord[]>;
    unwritten(): Promise<readonly IncidentRecord[]>;
  };
  readonly waivers: {
    /** Of one revision of an intent, oldest first. */
    of(intentId: string, revision: string): Promise<readonly WaiverRecord[]>;
  };
  readonly forge: {
    note(repository: string, key: string): Promise<ForgeNote | null>;
    command(repository: string, commentId: number): Promise<ForgeCommandRecord | null>;
    /** Begun, done or refused, by those who may; oldest first, the newest `limit` of them. */
    commandsOf(repository: string, pull: number, limit: number): Promise<readonly ForgeCommandRecord[]>;
  };
  readonly audit: {
    /** Ascending, for paging: entries after a sequence number. */
    after(sequence: number, limit: number): Promise<readonly AuditEntry[]>;
    /** Entries about one subject or digest, ascending. */
    about(subjectOrDigest: string, limit: number): Promise<readonly AuditEntry[]>;
    verify(): Promise<AuditVerification>;
  };
}

/** A unit of work: all of it commits, with the jobs that follow from it, or none. */
export interface Transaction extends Reader {
  readonly write: {
    /** Inserts or replaces by id. */
    intent(record: IntentRecord): Promise<void>;
    patchIntent(id: string, patch: Patch<IntentRecord, 'id'>): Promise<void>;
    /** A digest that exists already is left as it is. */
    plan(record: PlanRecord): Promise<void>;
    /** Sets the status only if it is one of `from`; tells whether it was. */
    planStatus(digest: string, from: readonly PlanStatus[], to: PlanStatus, reason: string): Promise<boolean>;
    patchPlan(
      digest: string,
      patch: Patch<PlanRecord, 'digest' | 'plan' | 'status' | 'statusReason'>,
    ): Promise<void>;
    /** Creates an execution with its steps; returns its id. */
    execution(
      record: Omit<ExecutionRecord, 'id' | 'epoch' | 'createdAt' | 'startedAt' | 'finishedAt' | 'abort'>,
      steps: readonly Pick<StepRecord, 'environment' | 'step'>[],
    ): Promise<number>;
    /** Takes the execution over for one attempt: a new epoch, larger than any given out before, to anyone. */
    claimExecution(id: number): Promise<ExecutionRecord | null>;
    /** Written only while `epoch` is the execution's (null: whoever it is); tells whether it was. */
    patchExecution(
      id: number,
      epoch: number | null,
      patch: Patch<ExecutionRecord, 'id' | 'epoch'>,
    ): Promise<boolean>;
    patchStep(
      executionId: number,
      index: number,
      epoch: number,
      patch: Patch<StepRecord, 'executionId' | 'index'>,
    ): Promise<boolean>;
    /**
     * Gives the lane to an execution if it is free or already its own; `preempt` takes it from anybody. Creates the lane
     * when needed. Returns the lane's holder afterwards and a new, larger fence when acquired.
     */
    acquireLane(lane: Lane, executionId: number, mode: 'queue' | 'preempt'): Promise<LaneRecord>;
    /** Until the commit, nobody else who asks for the same environment goes on: lanes of it that are read stay as they are. */
    holdEnvironment(environment: string): Promise<void>;
    /** Gives the lane back if it is this execution's. */
    releaseLane(lane: Lane, executionId: number): Promise<void>;
    currentRelease(lane: Lane, releaseId: string | null): Promise<void>;
    /** An id that exists already is left as it is. */
    release(record: ReleaseRecord): Promise<void>;
    patchRelease(id: string, patch: Patch<ReleaseRecord, 'id'>): Promise<void>;
    /** A watch that exists already is left as it is. */
    watch(record: WatchRecord): Promise<void>;
    patchWatch(releaseId: string, patch: Patch<WatchRecord, 'releaseId'>): Promise<void>;
    quarantine(record: Omit<QuarantineRecord, 'id' | 'createdAt' | 'liftedAt' | 'liftedBy'>): Promise<number>;
    liftQuarantine(id: number, by: string): Promise<boolean>;
    /** Returns null when the release has its incident already. */
    incident(
      record: Omit<IncidentRecord, 'id' | 'openedAt' | 'closedAt' | 'writtenCommit' | 'branch' | 'summary'>,
    ): Promise<number | null>;
    patchIncident(id: number, patch: Patch<IncidentRecord, 'id' | 'timeline'>): Promise<void>;
    appendTimeline(id: number, entries: readonly TimelineEntry[]): Promise<void>;
    /** Tells whether it is new: the same person waives the same sentence of the same revision once. */
    waiver(record: Omit<WaiverRecord, 'id' | 'createdAt'>): Promise<boolean>;
    forgeNote(repository: string, key: string, note: ForgeNote): Promise<void>;
    /** Tells whether it is new: a webhook that was delivered before changes nothing. Old ones are forgotten. */
    delivery(id: string, event: string): Promise<boolean>;
    /** Tells whether it is new: a comment is a command once. */
    forgeCommand(record: ForgeCommandRecord): Promise<boolean>;
    answerCommand(
      repository: string,
      commentId: number,
      state: ForgeCommandRecord['state'],
      answer: string,
    ): Promise<void>;
    audit(record: AuditRecord): Promise<void>;
    /** Jobs of these tasks that failed run again now, not when their turn comes: what they waited for is back. */
    hurry(tasks: readonly Job['task'][]): Promise<void>;
    /** The job starts after the commit. A job with the same task and id that has not started yet is replaced, not doubled. */
    job(job: Job): Promise<void>;
  };
}

export interface Store extends Reader {
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Is the database there? Throws what is wrong. */
  ping(): Promise<void>;
}

/** Something that at most one controller does at a time (per name). Given up by itself when its holder dies. */
export interface Leadership {
  /** Runs `work` while this controller leads; its signal aborts when the leadership is lost. Retries until `signal` aborts. */
  lead(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
    onWake?: () => void,
  ): Promise<void>;
  /** Wakes whoever leads, in whichever process. Nobody may be leading: then nothing happens. */
  wake(name: string): Promise<void>;
}

/** A queue serves the tasks that it has handlers for. */
export type JobHandlers = Readonly<
  Partial<Record<Job['task'], (id: string, signal: AbortSignal) => Promise<void>>>
>;

/** Runs jobs until stopped: survives Postgres going away, takes over the jobs of workers that died. */
export interface Queue {
  start(handlers: JobHandlers): Promise<void>;
  /** Lets running jobs finish for `graceSeconds`, then aborts their signals; jobs that did not finish run again later. */
  stop(graceSeconds: number): Promise<void>;
}
