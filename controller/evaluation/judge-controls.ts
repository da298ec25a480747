import { canonicalJson } from '../domain/json.js';
import type { Control, Demand, SopScope } from '../domain/sop.js';
import type { ExpectedDemand, SentenceItem } from './items.js';
import { type PrecisionRecall, type Share, shareOf } from './tally.js';

/** What a compiler made of one document. */
export interface CompiledDocument {
  readonly controls: readonly Control[];
  readonly advice: readonly string[];
}

/** One sentence held against its label. */
export interface SentenceJudgement {
  readonly item: SentenceItem;
  readonly got: readonly Control[] | 'advice' | 'none';
  readonly exact: boolean;
  /** Demands that were labelled, that were compiled, and that are in both. */
  readonly labelled: number;
  readonly compiled: number;
  readonly both: number;
  /** Holds plans to something that the sentence does not say. */
  readonly invented: boolean;
}

export interface ControlsResult {
  readonly sentences: number;
  /** Sentences of which all is as labelled. */
  readonly exact: Share;
  /** Over single demands. */
  readonly demands: PrecisionRecall;
  readonly advice: PrecisionRecall;
  /** Sentences of which a control came that is not labelled. */
  readonly invented: number;
  readonly misses: readonly SentenceJudgement[];
}

export function judgeSentence(item: SentenceItem, document: CompiledDocument): SentenceJudgement {
  const controls = document.controls.filter(({ quote }) => isSame(quote, item.sentence));
  const isAdvice = document.advice.some((sentence) => isSame(sentence, item.sentence));
  const got = controls.length > 0 ? controls : isAdvice ? 'advice' : 'none';
  const wanted = typeof item.controls === 'string' ? [] : item.controls;
  const both = inBoth(wanted, controls);
  const sameKind = typeof item.controls === 'string' ? got === item.controls : !isAdvice;
  return {
    item,
    got,
    exact: sameKind && both === wanted.length && both === controls.length,
    labelled: wanted.length,
    compiled: controls.length,
    both,
    invented: both < controls.length,
  };
}

export function tallyControls(judged: readonly SentenceJudgement[]): ControlsResult {
  const sum = (count: (each: SentenceJudgement) => number): number =>
    judged.reduce((total, each) => total + count(each), 0);
  const both = sum((each) => each.both);
  return {
    sentences: judged.length,
    exact: shareOf(judged, ({ exact }) => exact),
    demands: {
      precision: { right: both, of: sum(({ compiled }) => compiled) },
      recall: { right: both, of: sum(({ labelled }) => labelled) },
    },
    advice: {
      precision: shareOf(
        judged.filter(({ got }) => got === 'advice'),
        ({ item }) => item.controls === 'advice',
      ),
      recall: shareOf(
        judged.filter(({ item }) => item.controls === 'advice'),
        ({ got }) => got === 'advice',
      ),
    },
    invented: judged.filter(({ invented }) => invented).length,
    misses: judged.filter(({ exact }) => !exact),
  };
}

/** Each compiled control stands for one labelled demand at most. */
function inBoth(wanted: readonly ExpectedDemand[], controls: readonly Control[]): number {
  const left = [...controls];
  let both = 0;
  for (const { demand, scope } of wanted) {
    const at = left.findIndex(
      (control) =>
        demandKey(control) === demandKey(demand) &&
        (scope === undefined || scopeKey(scope) === scopeKey(control.scope)),
    );
    if (at < 0) continue;
    left.splice(at, 1);
    both += 1;
  }
  return both;
}

/** What is demanded, in one text: lists that are sets are sorted, the made-up name of a freeze does not count. */
export function demandKey(demand: Demand): string {
  switch (demand.kind) {
    case 'require-steps':
      return canonicalJson([demand.kind, [...demand.steps].sort()]);
    case 'environments-first':
      return canonicalJson([demand.kind, [...demand.environments].sort(), demand.hours]);
    case 'freeze': {
      const { from, to, timezone, environments } = demand.freeze;
      return canonicalJson([demand.kind, from, to, timezone, [...environments].sort()]);
    }
    case 'guards':
      return canonicalJson([demand.kind, demand.guards]);
    case 'approvals':
      return canonicalJson([demand.kind, demand.count]);
    case 'approver':
      return canonicalJson([demand.kind, [...demand.names].sort()]);
    case 'pinned-version':
    case 'signed-version':
    case 'alone':
      return demand.kind;
  }
}

function scopeKey(scope: SopScope | null): string {
  const { services = [], environments = [], actions = [] } = scope ?? {};
  return canonicalJson([[...services].sort(), [...environments].sort(), [...actions].sort()]);
}

/** With and without the number of its clause. */
function isSame(left: string, right: string): boolean {
  return unnumbered(left) === unnumbered(right);
}

function unnumbered(sentence: string): string {
  return spaced(sentence).replace(/^\d{1,3}(?:\.\d{1,3}){1,4}[.)]? (?=\p{Lu})/u, '');
}

/** Lines and single spaces are the same. */
export function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
