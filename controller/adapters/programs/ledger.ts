import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '../../domain/json.js';

/** How process groups are told from later ones with the same id, and ended. */
export interface Groups {
  /** What names the group of a leader for good; null when it is gone. */
  identify(leader: number): JsonValue;
  /** Ends a group that was identified before; a no-op when it is gone. */
  end(identity: JsonValue): Promise<void>;
}

/** Who notes the programs that run, for whoever comes after a controller that was killed. */
export interface Ledger {
  /** Notes a program; the returned function strikes it out. */
  note(leader: number): () => void;
}

export const NO_LEDGER: Ledger = { note: () => () => undefined };

/** A folder with a file for each program that runs. Written at once: a controller can be killed at any moment. */
export function createLedger(folder: string, groups: Groups): Ledger {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    note: (leader) => {
      const file = join(folder, `${randomUUID()}.json`);
      writeFileSync(file, JSON.stringify(groups.identify(leader)), { mode: 0o600 });
      return () => rmSync(file, { force: true });
    },
  };
}

/**
 * Ends the builds and scripts that a killed controller left running: nobody looks at their result or their time limit any
 * more, and their steps are run again. Returns how many were noted.
 */
export async function endLeftPrograms(folder: string, groups: Groups): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const file = join(folder, name);
    const identity = parse(await readFile(file, 'utf8').catch(() => ''));
    if (identity !== null) await groups.end(identity);
    await rm(file, { force: true });
  }
  return names.length;
}

/** A file that was being written when its controller was killed says nothing. */
function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
