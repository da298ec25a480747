import type { Passage } from '../../domain/passage.js';
import { redact } from '../../domain/redact.js';
import type { Sop } from '../../domain/sop.js';
import type { Knowledge, KnowledgeChange } from '../../ports/knowledge.js';
import type { Log } from '../../ports/log.js';
import { passagesOf } from './passages.js';

export interface HoldSopsNeeds {
  readonly knowledge: Knowledge;
  readonly log: Log;
}

/**
 * Makes what is searched follow the SOPs of a repository. Repeat it while it says that something is missing (`without`): it costs
 * nothing when nothing changed. Throws only when `signal` does; a database that is away is in `without`, too.
 */
export async function holdSops(
  { knowledge, log }: HoldSopsNeeds,
  repository: string,
  { sops }: { readonly sops: readonly Sop[] },
  signal: AbortSignal,
): Promise<KnowledgeChange> {
  const passages = sops.flatMap((sop) => passagesOrNone(log, repository, sop));
  const change = await knowledge.hold(repository, passages, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    const reason = error instanceof Error ? redact(error.message) : 'it failed';
    return { added: 0, removed: 0, kept: 0, without: [`passages: ${reason}`] };
  });
  if (change.added + change.removed > 0 || change.without.length > 0)
    log.info({ repository, ...change }, 'the passages of the SOPs were brought up to date');
  return change;
}

/** One document that breaks something here must not keep the others from being found. */
function passagesOrNone(log: Log, repository: string, sop: Sop): readonly Passage[] {
  try {
    return passagesOf(repository, sop);
  } catch (error) {
    log.error({ repository, sop: sop.id, problem: String(error) }, 'an SOP could not be split into passages');
    return [];
  }
}
