import { EVIDENCE_FIELDS, type EvidenceField } from '../domain/interpretation.js';
import type { Outcome } from './items.js';
import type { Judgement } from './judge.js';

/** `right` of `of`. */
export interface Share {
  readonly right: number;
  readonly of: number;
}

export interface PrecisionRecall {
  /** Of what was answered so, the share that was labelled so. */
  readonly precision: Share;
  /** Of what was labelled so, the share that was answered so. */
  readonly recall: Share;
}

/** What a set of judged readings comes to. An item that is read several times counts once for each reading, unless said otherwise. */
export interface Tally {
  readonly items: number;
  /** Readings of each item. */
  readonly runs: number;
  readonly exact: Share;
  readonly outcome: Share;
  readonly fields: Readonly<Record<EvidenceField, Share>>;
  readonly clarify: PrecisionRecall;
  readonly refuse: PrecisionRecall;
  /** Items that were wrongly accepted in any reading. */
  readonly wronglyAccepted: number;
  /** Items of which every reading is exact: pass^k with k = runs (S. Yao et al., "tau-bench", 2024). */
  readonly always: Share;
  /** Readings in which the interpreter threw. */
  readonly errors: number;
}

/** @param judged the readings of each item, as many for each one. */
export function tally(judged: readonly (readonly Judgement[])[]): Tally {
  const all = judged.flat();
  const fields = EVIDENCE_FIELDS.map((field) => [field, shareOf(judgedIn(all, field), (right) => right)]);
  return {
    items: judged.length,
    runs: judged[0]?.length ?? 0,
    exact: shareOf(all, ({ exact }) => exact),
    outcome: shareOf(all, ({ expected, got }) => expected === got),
    fields: Object.fromEntries(fields) as Tally['fields'],
    clarify: precisionRecall(all, 'clarify'),
    refuse: precisionRecall(all, 'refuse'),
    wronglyAccepted: judged.filter((runs) => runs.some((run) => run.wronglyAccepted)).length,
    always: shareOf(judged, (runs) => runs.every((run) => run.exact)),
    errors: all.filter(({ got }) => got === 'error').length,
  };
}

function judgedIn(all: readonly Judgement[], field: EvidenceField): readonly boolean[] {
  return all.flatMap(({ fields }) => fields[field] ?? []);
}

function precisionRecall(all: readonly Judgement[], outcome: Outcome): PrecisionRecall {
  return {
    precision: shareOf(
      all.filter(({ got }) => got === outcome),
      ({ expected }) => expected === outcome,
    ),
    recall: shareOf(
      all.filter(({ expected }) => expected === outcome),
      ({ got }) => got === outcome,
    ),
  };
}

export function shareOf<T>(all: readonly T[], isRight: (each: T) => boolean): Share {
  return { right: all.filter(isRight).length, of: all.length };
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? Number.NaN;
  return Number.isInteger(half) ? (upper + (sorted[half - 1] ?? Number.NaN)) / 2 : upper;
}
