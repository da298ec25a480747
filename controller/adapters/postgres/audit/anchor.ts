import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { FIRST_PREVIOUS_HASH } from '../../../domain/audit.js';
import type { Log } from '../../../ports/log.js';
import type { AuditHead } from './trail.js';

/** Where the trail's end is written outside of the database, so that not even its superuser can rewrite the whole chain unseen. */
export interface AuditAnchor {
  /** Remembers a committed head; written shortly after. Heads that are not newer are ignored. */
  note(head: AuditHead): void;
  /** What is in the file; null when there is none. Throws when it cannot be understood. */
  read(): Promise<AuditHead | null>;
  /** Writes what was noted. */
  flush(): Promise<void>;
}

const DELAY_MS = 250;

export function createAuditAnchor(file: string, log: Log): AuditAnchor {
  let newest: AuditHead = { sequence: 0, hash: FIRST_PREVIOUS_HASH };
  let written = 0;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const head = newest;
    if (head.sequence <= written) return;
    // Another controller on this folder may have been further; a damaged file is left for verify to report.
    const there = await readAnchor(file);
    if (there === null || there.sequence < head.sequence)
      await replaceFile(file, `${JSON.stringify(head)}\n`);
    written = head.sequence;
  };
  const flush = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    writing = writing.then(write).catch((error: unknown) => {
      log.error({ file, problem: String(error) }, 'The audit anchor cannot be written');
    });
    return writing;
  };
  return {
    note: (head) => {
      if (head.sequence <= newest.sequence) return;
      newest = head;
      timer ??= setTimeout(() => void flush(), DELAY_MS).unref();
    },
    read: () => readAnchor(file),
    flush,
  };
}

async function readAnchor(file: string): Promise<AuditHead | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const head = parseHead(text);
  if (head === null)
    throw new Error(
      `${file} is not an audit anchor: compare it with a backup; removing it gives up what it proves`,
    );
  return head;
}

function parseHead(text: string): AuditHead | null {
  try {
    const { sequence, hash } = JSON.parse(text) as Partial<AuditHead>;
    const valid = Number.isSafeInteger(sequence) && /^[0-9a-f]{64}$/.test(hash ?? '');
    return valid && sequence !== undefined && hash !== undefined ? { sequence, hash } : null;
  } catch {
    return null;
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    const handle = await open(fresh, 'w', 0o600);
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await rename(fresh, file);
  } finally {
    await rm(fresh, { force: true });
  }
}
