import type { ContainerInspectInfo } from 'dockerode';
import { redact } from '../../../domain/redact.js';
import type { Observation } from '../../../ports/runtime.js';

export const GONE: Observation = {
  state: 'gone',
  restarts: 0,
  exitCode: null,
  healthy: null,
  detail: 'nothing is left of it',
};

type State = ContainerInspectInfo['State'];

const STATES: Readonly<Record<string, Observation['state']>> = {
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  created: 'exited',
  exited: 'exited',
  dead: 'exited',
  removing: 'gone',
};

/** What an inspected container is. `lastLine`: of its log; only needed when it does not run. */
export function observation(info: ContainerInspectInfo, lastLine: string): Observation {
  const state = STATES[info.State.Status] ?? 'exited';
  const ended = state === 'exited' || state === 'restarting';
  return {
    state,
    restarts: info.RestartCount,
    exitCode: ended ? info.State.ExitCode : null,
    healthy: health(info.State),
    detail: ended ? ending(info, lastLine) : standing(info, state),
  };
}

/** Null while there is no answer yet, as for an image without HEALTHCHECK: that is not unhealthy. */
function health(state: State): boolean | null {
  const status = state.Health?.Status;
  return status === 'healthy' ? true : status === 'unhealthy' ? false : null;
}

function standing(info: ContainerInspectInfo, state: string): string {
  const after = info.RestartCount > 0 ? ` after ${restarts(info)}` : '';
  return `${state}${after}`;
}

function ending(info: ContainerInspectInfo, lastLine: string): string {
  const { State: state } = info;
  const killed = state.OOMKilled ? ', it used more memory than its limit' : '';
  const after = info.RestartCount > 0 ? ` after ${restarts(info)}` : '';
  const last = state.Error === '' ? lastLine : state.Error;
  const what = state.Status === 'created' ? 'could not be started' : `exited with code ${state.ExitCode}`;
  return `${what}${killed}${after}${last === '' ? '' : `: ${redact(last).slice(0, 300)}`}`;
}

function restarts(info: ContainerInspectInfo): string {
  return info.RestartCount === 1 ? '1 restart' : `${info.RestartCount} restarts`;
}
