import type { Config } from '../config.js';
import { silentLog } from '../ports/log.js';
import { RuntimeUnavailable } from '../ports/runtime.js';
import { openRuntimes } from './resources.js';

/** Stops every release and gateway that a data directory's controllers started on this machine. Returns their ids. */
export async function tearDown(config: Config): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const runtime of openRuntimes(config, silentLog).values()) {
    try {
      for (const { instance, lane } of await runtime.list()) {
        await runtime.unroute(lane);
        await runtime.remove(instance);
        stopped.push(instance.id);
      }
    } catch (error) {
      if (!(error instanceof RuntimeUnavailable)) throw error;
    }
  }
  return stopped;
}
