import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../controller/adapters/postgres/database.js';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { migrate } from '../../controller/adapters/postgres/migrate.js';
import { silentLog } from '../../controller/ports/log.js';
import { figure } from './figures.js';
import type { BenchOptions, BenchRow } from './row.js';

const ENTRIES = 10_000;
const TOGETHER = 500;

/** `commander audit verify` over ten thousand entries. */
export async function benchAudit({ quick }: BenchOptions): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: folder, log: silentLog });
  await migrate(postgres.url, silentLog);
  const { store, close } = openDatabase({ url: postgres.url, log: silentLog });
  try {
    for (let from = 0; from < ENTRIES; from += TOGETHER)
      await store.transaction(async (tx) => {
        for (let index = from; index < from + TOGETHER; index += 1)
          await tx.write.audit({
            actor: 'controller',
            action: 'bench.entry',
            subject: `intent:bench-${index}`,
            digest: null,
            reason: 'one of many',
            data: { index, text: 'x'.repeat(200) },
          });
      });
    const values: number[] = [];
    for (let round = 0; round < (quick ? 3 : 20); round += 1) {
      const began = performance.now();
      const verified = await store.audit.verify();
      if (!verified.ok || verified.entries !== ENTRIES)
        throw new Error('The trail of the bench is not whole');
      values.push(performance.now() - began);
    }
    return [figure(`audit verify of ${ENTRIES} entries`, 'ms', values)];
  } finally {
    await close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
