import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionView, IntentView, PlanView } from '../../triggers/api/views.js';
import { CliError } from '../context.js';
import type { Stage } from './stage.js';
import { sendTraffic, type Traffic } from './traffic.js';
import type { OpenPlan } from './workplace.js';

export async function openPlan(stage: Stage, name: string): Promise<OpenPlan> {
  let found: PlanView | null = null;
  await untilAsync(async () => {
    const intent = await readIntent(stage, name);
    if (intent !== null && ['question', 'refused', 'blocked', 'broken'].includes(intent.state))
      throw new CliError(`${name} is ${intent.state}: ${intent.detail.join(' ')}`);
    found = intent?.plan ?? null;
    return found?.status === 'pending_approval' && found.branch !== null;
  }, `${name} is proposed`);
  return found as unknown as OpenPlan;
}

export async function intentIn(stage: Stage, name: string, states: readonly string[]): Promise<IntentView> {
  let found: IntentView | null = null;
  await untilAsync(
    async () => {
      found = await readIntent(stage, name);
      return found !== null && states.includes(found.state);
    },
    `${name} is ${states.join(' or ')}`,
  );
  return found as unknown as IntentView;
}

export async function readIntent(
  stage: Stage,
  name: string,
): Promise<(IntentView & { readonly executions: readonly ExecutionView[] }) | null> {
  return stage.client
    .get<IntentView & { readonly executions: readonly ExecutionView[] }>(`/v1/intents/${name}`)
    .catch(() => null);
}

export async function ended(stage: Stage, name: string): Promise<ExecutionView> {
  let last: ExecutionView | undefined;
  await untilAsync(async () => {
    last = (await readIntent(stage, name))?.executions.find((execution) => execution.kind === 'plan');
    return last?.finishedAt != null;
  }, `${name} comes to an end`);
  if (last === undefined) throw new CliError(`${name} has no execution`);
  return last;
}

export interface BothTraffics {
  readonly staging: Traffic;
  readonly production: Traffic;
}

export async function withTraffic<T>(stage: Stage, play: (traffic: BothTraffics) => Promise<T>): Promise<T> {
  const traffic = {
    staging: sendTraffic(stage.ports.staging),
    production: sendTraffic(stage.ports.production),
  };
  try {
    return await play(traffic);
  } finally {
    traffic.staging.stop();
    traffic.production.stop();
  }
}

const LIMIT_MS = 90_000;

export function until(holds: () => boolean, what: string): Promise<void> {
  return untilAsync(async () => holds(), what);
}

export async function untilAsync(holds: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new CliError(`It did not happen within ${LIMIT_MS / 1000} s that ${what}`);
    await sleep(50);
  }
}

export function check(holds: boolean, what: string): void {
  if (!holds) throw new CliError(`It did not happen that ${what}`);
}
