import { join } from 'node:path';
import { openDatabase } from '../adapters/postgres/database.js';
import { startEmbeddedPostgres } from '../adapters/postgres/embedded/embedded.js';
import type { Config } from '../config.js';
import { lockDataDir } from '../data-dir.js';
import { silentLog } from '../ports/log.js';
import type { Reader } from '../ports/store.js';

/**
 * The audit trail for a command of its own: through the database that is configured, or the embedded one, which is started for
 * the time when no controller has it running.
 */
export async function withAuditTrail<T>(
  config: Config,
  work: (trail: Reader['audit']) => Promise<T>,
): Promise<T> {
  const lent =
    config.databaseUrl === null
      ? await lendEmbedded(config)
      : { url: config.databaseUrl, giveBack: async () => {} };
  const database = openDatabase({
    url: lent.url,
    log: silentLog,
    anchorFile: join(config.dataDir, 'audit-anchor.json'),
  });
  try {
    return await work(database.store.audit);
  } finally {
    await database.close();
    await lent.giveBack();
  }
}

/** A server that a controller runs is used and left running; with no controller, it is ours to start and stop. */
async function lendEmbedded(config: Config): Promise<{ readonly url: string; giveBack(): Promise<void> }> {
  const unlock = await lockDataDir(config.dataDir).catch(() => null);
  const embedded = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'postgres'), log: silentLog });
  if (unlock === null) return { url: embedded.url, giveBack: async () => embedded.leave() };
  return {
    url: embedded.url,
    giveBack: async () => {
      await embedded.stop();
      await unlock();
    },
  };
}
