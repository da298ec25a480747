import type { Reader } from '../../ports/store.js';
import type { Operations } from './operations.js';
import {
  type ExecutionView,
  type IntentView,
  type LaneView,
  viewExecution,
  viewIntent,
  viewLane,
} from './views.js';

const SHOWN = 50;
const COUNTED = 100_000;

export interface StatusView {
  readonly repositories: ReturnType<Operations['repositories']>;
  readonly lanes: readonly LaneView[];
  readonly intents: readonly IntentView[];
  /** What runs, waits or is stuck now. */
  readonly executions: readonly ExecutionView[];
  readonly incidents: { readonly rollingBack: number; readonly stuck: number };
}

export async function readStatus(operations: Operations): Promise<StatusView> {
  const { store } = operations;
  const lanes = await store.lanes.list();
  const intents = await store.intents.list({ states: null, limit: SHOWN });
  const active = await store.executions.list({
    service: null,
    statuses: ['waiting', 'running', 'stuck'],
    limit: SHOWN,
  });
  return {
    repositories: operations.repositories(),
    lanes: await Promise.all(lanes.map((lane) => viewLane(store, lane))),
    intents: await Promise.all(
      intents.map(async (intent) =>
        viewIntent(intent, intent.planDigest === null ? null : await store.plans.get(intent.planDigest)),
      ),
    ),
    executions: await Promise.all(
      active.map(async (execution) => viewExecution(execution, await store.executions.steps(execution.id))),
    ),
    incidents: {
      rollingBack: (await store.incidents.withState('rolling_back')).length,
      stuck: (await store.incidents.withState('stuck')).length,
    },
  };
}

export interface Counts {
  readonly intents: Readonly<Record<string, number>>;
  readonly plans: Readonly<Record<string, number>>;
  readonly executions: Readonly<Record<string, number>>;
  readonly incidents: Readonly<Record<string, number>>;
  readonly quarantined: number;
}

/** Numbers for the metrics endpoint. */
export async function readCounts(store: Reader, repositories: readonly string[]): Promise<Counts> {
  const intents: Record<string, number> = {};
  for (const repository of repositories) {
    for (const { state } of await store.intents.index(repository)) intents[state] = (intents[state] ?? 0) + 1;
  }
  const active = await store.executions.list({
    service: null,
    statuses: ['waiting', 'running', 'stuck'],
    limit: COUNTED,
  });
  const executions: Record<string, number> = { waiting: 0, running: 0, stuck: 0 };
  for (const { status } of active) executions[status] = (executions[status] ?? 0) + 1;
  let open = 0;
  for (const repository of repositories) open += (await store.plans.open(repository)).length;
  return {
    intents,
    plans: { pending_approval: open },
    executions,
    incidents: {
      rolling_back: (await store.incidents.withState('rolling_back')).length,
      stuck: (await store.incidents.withState('stuck')).length,
    },
    quarantined: (await store.quarantine.active(null)).length,
  };
}
