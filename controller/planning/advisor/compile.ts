import type { Catalog } from '../../domain/catalog.js';
import { modelLine } from '../../domain/model-words.js';
import type { Sop } from '../../domain/sop.js';
import type { Log } from '../../ports/log.js';
import type { Model } from '../../ports/model.js';
import type { SopControls, StoredControl } from '../../ports/sop-controls.js';
import { withinTime } from '../../ports/time-limit.js';
import { indexNames } from '../grammar/names.js';
import { checkedControl } from './compile-check.js';
import { compileRequest } from './compile-prompt.js';
import { sentenceHash } from './model-controls.js';

export interface CompileNeeds {
  readonly model: Model;
  readonly records: SopControls;
  readonly catalog: Catalog;
  readonly log: Log;
  /** For one sentence. Default: one minute. */
  readonly limitMs?: number;
}

export interface Compiled {
  /** Newly stored, with a control. */
  readonly made: readonly { readonly sop: Sop; readonly sentence: string; readonly record: StoredControl }[];
  /** Sentences that are still to be asked about. */
  readonly left: number;
  /** Why some are left, for people; null: there were just too many for once. */
  readonly problem: string | null;
}

const AT_ONCE = 50;
/** An SOP with more is no SOP: the rest of it stays advice. */
const AN_SOP = 40;
const LIMIT_MS = 60_000;

/**
 * Asks about sentences in normative wording of which nothing is stored: one question each, at most 50 at a time. What a model
 * makes of one is checked by code against that sentence and stored, also that it made nothing of it; that is asked again
 * only when other models are configured. A model that is away ends the work for now.
 */
export async function compileWithModel(
  needs: CompileNeeds,
  sops: readonly Sop[],
  signal: AbortSignal,
): Promise<Compiled> {
  const open = await openSentences(needs, sops);
  const names = indexNames(needs.catalog);
  const made: Compiled['made'][number][] = [];
  for (const [done, { sop, sentence }] of open.slice(0, AT_ONCE).entries()) {
    try {
      const answer = await withinTime(needs.limitMs ?? LIMIT_MS, signal, (limit) =>
        needs.model.ask(compileRequest(sentence, needs.catalog), limit),
      );
      const control = checkedControl(answer.value, sentence, sop.id, names);
      const record = { sop: sop.digest, sentence: sentenceHash(sentence), control, model: answer.model };
      const written = await needs.records.keep(record);
      if (written && control !== null) made.push({ sop, sentence, record });
    } catch (error) {
      signal.throwIfAborted();
      const problem = modelLine(error instanceof Error ? error.message : String(error), 300);
      needs.log.warn({ sop: sop.id, problem }, 'SOP sentences are not compiled now');
      return { made, left: open.length - done, problem };
    }
  }
  return { made, left: Math.max(0, open.length - AT_ONCE), problem: null };
}

async function openSentences({ model, records }: CompileNeeds, sops: readonly Sop[]) {
  const stored = await records.of(sops.map(({ digest }) => digest));
  const settled = new Set(
    stored
      .filter(({ control, model: asked }) => control !== null || model.names.includes(asked))
      .map(({ sop, sentence }) => `${sop} ${sentence}`),
  );
  return sops.flatMap((sop) =>
    [...new Set(sop.advice)]
      .slice(0, AN_SOP)
      .filter((sentence) => !settled.has(`${sop.digest} ${sentenceHash(sentence)}`))
      .map((sentence) => ({ sop, sentence })),
  );
}
