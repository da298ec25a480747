import { setTimeout as delay } from 'node:timers/promises';
import type { Containers } from './containers.js';
import type { Engine } from './engine.js';

/** It may end, and be started again, between our look and the engine's. */
const TRIES = 50;

/** What has ended answers nothing anyway; what waits for its next start is stopped, and started again by the resume. */
export async function pauseContainer(engine: Engine, containers: Containers, id: string): Promise<void> {
  const container = containers.byId(id);
  for (let tries = 1; ; tries += 1) {
    const state = (await containers.inspect(id))?.State;
    if (state === undefined || state.Paused || (!state.Running && !state.Restarting)) return;
    try {
      if (state.Restarting) await engine.call('stop a container', () => container.stop({ t: 1 }));
      else await engine.call('pause a container', () => container.pause());
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await delay(50);
    }
  }
}

export async function resumeContainer(engine: Engine, containers: Containers, id: string): Promise<void> {
  const state = (await containers.inspect(id))?.State;
  if (state === undefined) throw new Error(`Nothing is left of instance ${id}: it has to be started anew`);
  const container = containers.byId(id);
  if (state.Paused) await engine.call('unpause a container', () => container.unpause());
  else if (!state.Running) await engine.call('start a container', () => container.start());
}
