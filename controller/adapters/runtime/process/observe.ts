import { join } from 'node:path';
import type { Observation } from '../../../ports/runtime.js';
import { askControl } from '../control/client.js';
import type { Place } from '../control/layout.js';
import { NobodyListens } from '../control/messages.js';
import { isAlive } from '../control/process-identity.js';
import { type InstanceState, readSpec, readState, stateFromJson } from './instance-record.js';
import { readLogLines } from './log-reader.js';

/** What the shim says; null when there is none. Throws when there is one that does not answer. */
export async function liveState(place: Place): Promise<InstanceState | null> {
  try {
    return stateFromJson(await askControl(place.socket, { op: 'status' }));
  } catch (error) {
    if (error instanceof NobodyListens) return null;
    throw error;
  }
}

export async function observePlace(place: Place): Promise<Observation> {
  const live = await liveState(place);
  if (live !== null) return observation(live, await sentence(place, live));
  const recorded = await readState(place.folder);
  if (recorded === null) return (await readSpec(place.folder)) === null ? GONE : neverRan();
  const state: InstanceState = { ...recorded, phase: 'exited' };
  return observation(state, recorded.phase === 'exited' ? await sentence(place, state) : orphaned(recorded));
}

const GONE: Observation = {
  state: 'gone',
  restarts: 0,
  exitCode: null,
  healthy: null,
  detail: 'nothing is left of it',
};

function neverRan(): Observation {
  return { ...GONE, state: 'exited', detail: 'it was prepared but never started' };
}

function observation(state: InstanceState, detail: string): Observation {
  const ended = state.phase === 'exited' || state.phase === 'restarting';
  return {
    state: state.phase,
    restarts: state.restarts,
    exitCode: ended ? state.exitCode : null,
    healthy: null,
    detail,
  };
}

function orphaned(state: InstanceState): string {
  const left = state.child !== null && isAlive(state.child);
  const rest = left
    ? `its program (process ${state.child?.pid}) still runs unsupervised`
    : 'its program is gone too';
  return `its supervising process was killed; ${rest}`;
}

/** "exited with code 1 after 3 restarts: <last log line>". */
async function sentence(place: Place, state: InstanceState): Promise<string> {
  const restarts = state.restarts === 1 ? '1 restart' : `${state.restarts} restarts`;
  if (state.phase === 'running' || state.phase === 'paused') {
    const last = state.detail === '' ? '' : `, the last time it ${state.detail}`;
    return state.restarts === 0 ? state.phase : `${state.phase} after ${restarts}${last}`;
  }
  const { lines } = await readLogLines(join(place.folder, 'logs'), null, 1);
  const line = lines.at(-1)?.slice(0, 300) ?? '';
  const after = state.restarts > 0 ? ` after ${restarts}` : '';
  return `${state.detail}${after}${line === '' ? '' : `: ${line}`}`;
}
