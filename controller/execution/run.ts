import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { freezeOf } from '../domain/freeze.js';
import type { DeploymentPlan, PlannedEnvironment } from '../domain/plan.js';
import type { ExecutionRecord, StepRecord } from '../domain/records.js';
import { candidateId } from './candidate.js';
import { giveBack, takeTurn } from './lanes.js';
import { type ExecutionNeeds, type StepContext, type StepResult, Superseded } from './needs.js';
import { discardCandidate, STEP_HANDLERS } from './steps.js';

/** Why a run stopped before its end: `over` ends the execution, `waiting` will be taken up again. */
type Stop =
  | { readonly kind: 'over'; readonly status: 'succeeded' | 'failed'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string };

const RunState = Annotation.Root({ index: Annotation<number>, stop: Annotation<Stop | null> });
type State = typeof RunState.State;

export interface Attempt {
  readonly needs: ExecutionNeeds;
  readonly execution: ExecutionRecord;
  readonly plan: DeploymentPlan;
  readonly steps: readonly StepRecord[];
  readonly signal: AbortSignal;
}

/**
 * Walks the plan's steps: choose -> enter (lane, freeze) -> act -> choose …, until one fails, one waits, or none is left. What
 * is done is in the step records; an attempt after a crash skips it and repeats the step that was cut.
 */
export async function walk(attempt: Attempt): Promise<Stop> {
  const goOn = (next: string) => (state: State) => (state.stop === null ? next : END);
  const graph = new StateGraph(RunState)
    .addNode('choose', (state) => choose(attempt, state))
    .addNode('enter', (state) => enter(attempt, state))
    .addNode('act', (state) => act(attempt, state))
    .addEdge(START, 'choose')
    .addConditionalEdges('choose', goOn('enter'), ['enter', END])
    .addConditionalEdges('enter', goOn('act'), ['act', END])
    .addConditionalEdges('act', goOn('choose'), ['choose', END])
    .compile();
  const recursionLimit = attempt.steps.length * 3 + 10;
  const { stop } = await graph.invoke({ index: -1, stop: null }, { recursionLimit });
  return stop ?? { kind: 'over', status: 'failed', reason: 'the run ended without a result' };
}

function choose(attempt: Attempt, state: State): Partial<State> {
  const next = attempt.steps.find(
    (step) => step.index > state.index && step.status !== 'succeeded' && step.status !== 'skipped',
  );
  if (next !== undefined) return { index: next.index };
  return { stop: { kind: 'over', status: 'succeeded', reason: `${attempt.steps.length} steps done` } };
}

/** Before an environment is touched: is it our turn, and may anything change there now? */
async function enter(attempt: Attempt, state: State): Promise<Partial<State>> {
  const { step, planned, lane } = at(attempt, state);
  if (!usesLane(planned)) return {};
  const frozen = frozenNow(attempt, step, planned);
  if (frozen !== null) return { stop: frozen };
  const turn = await attempt.needs.store.transaction(async (tx) => {
    for (const before of environmentsBefore(attempt.plan, planned)) {
      await giveBack(tx, attempt.execution.id, { service: lane.service, environment: before.environment });
    }
    return takeTurn(tx, attempt.execution, lane);
  });
  return turn.kind === 'ours' ? {} : { stop: { kind: 'waiting', reason: turn.reason } };
}

/** A freeze holds a deploy up before it starts in an environment and before it switches, until the plan expires. */
function frozenNow(attempt: Attempt, step: StepRecord, planned: PlannedEnvironment): Stop | null {
  const now = attempt.needs.clock.now();
  if (attempt.plan.action !== 'deploy' || (step.step.kind !== 'start' && step.step.kind !== 'switch'))
    return null;
  const frozen = freezeOf(attempt.plan.freezes, planned.environment, now);
  if (frozen === null) return null;
  const reason = `${planned.environment} is frozen by "${frozen.freeze.name}" until ${frozen.until.toISOString()}`;
  if (new Date(attempt.plan.expiresAt) > now) return { kind: 'waiting', reason };
  return {
    kind: 'over',
    status: 'failed',
    reason: `the plan expired at ${attempt.plan.expiresAt} while ${reason}`,
  };
}

async function act(attempt: Attempt, state: State): Promise<Partial<State>> {
  const { needs, execution, signal } = attempt;
  const place = at(attempt, state);
  signal.throwIfAborted();
  await mark(attempt, place.step, {
    status: 'running',
    attempts: place.step.attempts + 1,
    startedAt: place.step.startedAt ?? needs.clock.now(),
  });
  const log = needs.log.bind({
    execution: execution.id,
    correlation: execution.correlationId,
    environment: place.planned.environment,
    step: stepName(place.step),
  });
  const context: StepContext = { needs, execution, plan: attempt.plan, signal, log, ...place };
  const result = await handle(context);
  signal.throwIfAborted();
  log.info({ result: result.kind, detail: result.detail }, 'step');
  return after(attempt, context, result);
}

const TRIES = 6;

/** What the world does to a step is tried again, visibly; after some tries the step has failed. */
async function handle(context: StepContext): Promise<StepResult> {
  const { needs, execution, step, signal } = context;
  try {
    return await STEP_HANDLERS[step.step.kind](context);
  } catch (error) {
    if (error instanceof Superseded || signal.aborted) throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (step.attempts + 1 >= TRIES) return { kind: 'failed', detail: `${message} (tried ${TRIES} times)` };
    await needs.store.transaction((tx) =>
      tx.write.patchStep(execution.id, step.index, execution.epoch, {
        detail: `${message} (try ${step.attempts + 1} of ${TRIES})`,
      }),
    );
    throw error;
  }
}

async function after(attempt: Attempt, context: StepContext, result: StepResult): Promise<Partial<State>> {
  const { step, planned } = context;
  if (result.kind === 'waiting') {
    await mark(attempt, step, { status: 'waiting', detail: result.detail });
    return { stop: { kind: 'waiting', reason: result.detail } };
  }
  const finished = {
    detail: result.detail,
    output: result.output ?? '',
    finishedAt: attempt.needs.clock.now(),
  };
  await mark(attempt, step, { status: result.kind, ...finished });
  if (result.kind === 'succeeded' || isNotice(step)) return {};
  await discardCandidate(context, candidateId(attempt.execution, planned.environment), result.detail);
  return {
    stop: {
      kind: 'over',
      status: 'failed',
      reason: `${stepName(step)} in ${planned.environment}: ${result.detail}`,
    },
  };
}

/** A notification that could not be sent is shown; it does not undo a release that is good. */
function isNotice(step: StepRecord): boolean {
  return step.step.kind === 'script' && step.step.name === 'notify';
}

export function stepName(step: Pick<StepRecord, 'step'>): string {
  return step.step.kind === 'script' ? step.step.name : step.step.kind;
}

async function mark(attempt: Attempt, step: StepRecord, patch: Partial<StepRecord>): Promise<void> {
  const { needs, execution } = attempt;
  const written = await needs.store.transaction((tx) =>
    tx.write.patchStep(execution.id, step.index, execution.epoch, patch),
  );
  if (!written) throw new Superseded(`execution ${execution.id} was taken over`);
}

function at(attempt: Attempt, state: State) {
  const step = attempt.steps[state.index];
  const planned = attempt.plan.environments.find((item) => item.environment === step?.environment);
  if (step === undefined || planned === undefined)
    throw new Error(`Execution ${attempt.execution.id} has no step ${state.index}`);
  return { step, planned, lane: { service: attempt.execution.service, environment: planned.environment } };
}

/** Building changes nothing that runs, so it stands in no line. */
function usesLane(planned: PlannedEnvironment): boolean {
  return planned.steps.some(
    (step) => step.kind !== 'checkout' && step.kind !== 'build' && step.kind !== 'script',
  );
}

function environmentsBefore(
  plan: DeploymentPlan,
  planned: PlannedEnvironment,
): readonly PlannedEnvironment[] {
  return plan.environments.slice(0, plan.environments.indexOf(planned));
}
