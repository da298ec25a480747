import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { freezeOf } from '../domain/freeze.js';
import type { DeploymentPlan, PlannedEnvironment } from '../domain/plan.js';
import type { ExecutionRecord, StepRecord } from '../domain/records.js';
import { isBehind, isNotice, stepName } from '../domain/step.js';
import type { Transaction } from '../ports/store.js';
import { isAlone, waitsForOthers } from './alone.js';
import { candidateId } from './candidate.js';
import { giveBack, type LaneTurn, takeTurn } from './lanes.js';
import { type ExecutionNeeds, type StepContext, type StepResult, Superseded } from './needs.js';
import { discardCandidate, STEP_HANDLERS } from './steps.js';

/** Why a run stopped before its end: `over` ends the execution, `waiting` will be taken up again. */
type Stop =
  | { readonly kind: 'over'; readonly status: 'succeeded' | 'failed'; readonly reason: string }
  /** `forTime`: for the end of a freeze or a hold, so it has to be looked at again. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly forTime?: true };

export interface Attempt {
  readonly needs: ExecutionNeeds;
  readonly execution: ExecutionRecord;
  readonly plan: DeploymentPlan;
  readonly steps: readonly StepRecord[];
  readonly signal: AbortSignal;
  /** Records that the execution runs; called once, in the transaction of the first step that is entered. */
  readonly begin: (tx: Transaction) => Promise<void>;
}

const RunState = Annotation.Root({
  attempt: Annotation<Attempt>,
  index: Annotation<number>,
  begun: Annotation<boolean>,
  stop: Annotation<Stop | null>,
});
type State = typeof RunState.State;

const goOn = (next: string) => (state: State) => (state.stop === null ? next : END);
const graph = new StateGraph(RunState)
  .addNode('choose', (state) => choose(state))
  .addNode('enter', (state) => enter(state))
  .addNode('act', (state) => act(state))
  .addEdge(START, 'choose')
  .addConditionalEdges('choose', goOn('enter'), ['enter', END])
  .addConditionalEdges('enter', goOn('act'), ['act', END])
  .addConditionalEdges('act', goOn('choose'), ['choose', END])
  .compile();

/**
 * Walks the plan's steps: choose -> enter (lane, freeze) -> act -> choose …, until one fails, one waits, or none is left. What
 * is done is in the step records; an attempt after a crash skips it and repeats the step that was cut.
 */
export async function walk(attempt: Attempt): Promise<Stop> {
  const recursionLimit = attempt.steps.length * 3 + 10;
  const { stop } = await graph.invoke({ attempt, index: -1, begun: false, stop: null }, { recursionLimit });
  return stop ?? { kind: 'over', status: 'failed', reason: 'the run ended without a result' };
}

async function choose(state: State): Promise<Partial<State>> {
  const { steps } = state.attempt;
  const next = steps.find((step) => step.index > state.index && !isBehind(step));
  if (next === undefined)
    return { stop: { kind: 'over', status: 'succeeded', reason: `${steps.length} steps done` } };
  // Recorded as failed, then cut before what follows from it: it is not given a second chance.
  if (next.status === 'failed')
    return { stop: await giveUp(state.attempt, at(state.attempt, next.index), next.detail) };
  return { index: next.index };
}

/** Before a step: is it our turn in its environment, and may anything change there now? Then it is recorded as running. */
async function enter({ attempt, index, begun }: State): Promise<Partial<State>> {
  const place = at(attempt, index);
  const { needs, execution, signal } = attempt;
  signal.throwIfAborted();
  const frozen = (await heldNow(attempt, place.step)) ?? frozenNow(attempt, place);
  if (frozen !== null) return { stop: await holdUp(attempt, place, frozen) };
  const turn = await needs.store.transaction(async (tx): Promise<Turn> => {
    if (!begun) await attempt.begin(tx);
    const taken = usesLane(place.planned) ? await takeLane(tx, attempt, place) : OURS;
    if (taken.kind === 'ours')
      await markIn(tx, execution, place.step, {
        status: 'running',
        attempts: place.step.attempts + 1,
        startedAt: place.step.startedAt ?? needs.clock.now(),
      });
    return taken;
  });
  if (turn.kind === 'ours') return { begun: true };
  if (turn.kind === 'wait') return { stop: { kind: 'waiting', reason: turn.reason } };
  return { stop: await holdUp(attempt, place, untilExpiry(attempt, turn.reason)) };
}

/** `others`: nobody wakes it when they are done, so it has to be looked at again. */
type Turn = LaneTurn | { readonly kind: 'others'; readonly reason: string };

const OURS: LaneTurn = { kind: 'ours' };

async function takeLane(tx: Transaction, { execution, plan }: Attempt, place: Place): Promise<Turn> {
  for (const before of environmentsBefore(plan, place.planned))
    await giveBack(tx, execution.id, { service: place.lane.service, environment: before.environment });
  await tx.write.holdEnvironment(place.lane.environment);
  const others = isAlone(plan, place.lane.environment)
    ? await waitsForOthers(tx, execution, place.lane)
    : null;
  return others === null ? takeTurn(tx, execution, place.lane) : { kind: 'others', reason: others };
}

/** A freeze holds a deploy up before it starts in an environment and before it switches, until the plan expires. */
function frozenNow(attempt: Attempt, { step, planned }: Place): Stop | null {
  const now = attempt.needs.clock.now();
  if (attempt.plan.action !== 'deploy' || (step.step.kind !== 'start' && step.step.kind !== 'switch'))
    return null;
  if (!usesLane(planned)) return null;
  const frozen = freezeOf(attempt.plan.freezes, planned.environment, now);
  if (frozen === null) return null;
  const reason = `${planned.environment} is frozen by "${frozen.freeze.name}" until ${frozen.until.toISOString()}`;
  return untilExpiry(attempt, reason);
}

function untilExpiry({ plan, needs }: Attempt, reason: string): Stop {
  if (new Date(plan.expiresAt) > needs.clock.now()) return { kind: 'waiting', reason, forTime: true };
  return { kind: 'over', status: 'failed', reason: `the plan expired at ${plan.expiresAt} while ${reason}` };
}

const HELD_BEFORE: readonly string[] = ['checkout', 'start', 'switch'];

/** A person holds the plan up: nothing new begins in an environment, what is under way there is not broken off. */
async function heldNow(attempt: Attempt, { step }: StepRecord): Promise<Stop | null> {
  if (!HELD_BEFORE.includes(step.kind)) return null;
  const record = await attempt.needs.store.plans.get(attempt.plan.digest);
  return record === null || record.hold === null ? null : untilExpiry(attempt, `on hold, ${record.hold}`);
}

/** What waits for the end of a freeze holds up nobody else; what does not wait any longer is given up. */
async function holdUp(attempt: Attempt, place: Place, frozen: Stop): Promise<Stop> {
  const { needs, execution, plan } = attempt;
  if (frozen.kind === 'over') return giveUp(attempt, place, frozen.reason);
  const lanes = [
    ...environmentsBefore(plan, place.planned),
    ...(place.step.step.kind === 'switch' ? [] : [place.planned]),
  ];
  await needs.store.transaction(async (tx) => {
    for (const { environment } of lanes)
      await giveBack(tx, execution.id, { service: execution.service, environment });
  });
  return frozen;
}

async function act({ attempt, index }: State): Promise<Partial<State>> {
  const { needs, execution, signal } = attempt;
  const place = at(attempt, index);
  const log = needs.log.bind({
    execution: execution.id,
    correlation: execution.correlationId,
    environment: place.planned.environment,
    step: stepName(place.step),
  });
  const context: StepContext = { needs, execution, plan: attempt.plan, signal, log, ...place };
  const result = await handle(context);
  // What was cut off by the signal is no result; what was done is, even when the signal came meanwhile.
  if (result.kind !== 'succeeded') signal.throwIfAborted();
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
  const { step } = context;
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
  return { stop: await giveUp(attempt, context, result.detail) };
}

/** The end of a run whose step failed: what users never reached is removed. */
async function giveUp(attempt: Attempt, { step, planned }: Place, detail: string): Promise<Stop> {
  await discardCandidate(attempt, candidateId(attempt.execution, planned.environment), detail);
  return {
    kind: 'over',
    status: 'failed',
    reason: `${stepName(step)} in ${planned.environment}: ${detail}`,
  };
}

function mark({ needs, execution }: Attempt, step: StepRecord, patch: Partial<StepRecord>): Promise<void> {
  return needs.store.transaction((tx) => markIn(tx, execution, step, patch));
}

async function markIn(
  tx: Transaction,
  execution: ExecutionRecord,
  step: StepRecord,
  patch: Partial<StepRecord>,
): Promise<void> {
  if (!(await tx.write.patchStep(execution.id, step.index, execution.epoch, patch)))
    throw new Superseded(`execution ${execution.id} was taken over`);
}

type Place = Pick<StepContext, 'step' | 'planned' | 'lane'>;

function at(attempt: Attempt, index: number): Place {
  const step = attempt.steps[index];
  const planned = attempt.plan.environments.find((item) => item.environment === step?.environment);
  if (step === undefined || planned === undefined)
    throw new Error(`Execution ${attempt.execution.id} has no step ${index}`);
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
