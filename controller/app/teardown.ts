import { join } from 'node:path';
import { endEmbeddedPostgres } from '../adapters/postgres/embedded/server.js';
import type { Config } from '../config.js';
import { silentLog } from '../ports/log.js';
import { RuntimeUnavailable } from '../ports/runtime.js';
import { endPrograms, openRuntimes } from './resources.js';

/** Stops everything that a data directory's controllers started on this machine. Returns the ids of releases. */
export async function tearDown(config: Config): Promise<readonly string[]> {
  const stopped: string[] = [];
  // A controller that was killed left these behind.
  await endPrograms(config);
  await endEmbeddedPostgres(join(config.dataDir, 'postgres'));
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
