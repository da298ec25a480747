import { verbsOf } from './verbs.js';
import { isFinite_, words } from './words.js';

const REAL_WORDS = words(
  `polish punish perish abolish relate related promise provoke remote employ reply display state states stake stale stave stages staying stating stats store status product products reverse reverts revere invert resell realise realize
  please lease leave life like love give five liver lives test text rest tent next guild guide built relief believe relieve reliable staging-like proven prove proud prob probe pro pods pod prod-like
  building builder release-note releases rebase resale prompt prompted protect products productive reproduction introduction starting stacking sharing wrapping deploys employed deploying stage`,
);

/** Edits (insert, delete, replace, swap neighbours) between two short words, at most `limit`; limit + 1 when more. Bounded: at most 16 characters each. */
export function edits(left: string, right: string, limit: number): number {
  if (left === right) return 0;
  if (Math.abs(left.length - right.length) > limit || left.length > 16 || right.length > 16) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return Math.min(row[right.length] ?? limit + 1, limit + 1);
}

function allowed(target: string): number {
  if (target.length < 5) return 0;
  return target.length >= 7 ? 2 : 1;
}

/** The words of a few that this is a slip of the fingers for, nearest only; none when it is a word of its own. */
export function slipsOf(word: string, targets: readonly string[]): readonly string[] {
  if (word.length < 4 || word.length > 14 || !/^[a-z]+$/.test(word)) return [];
  if (REAL_WORDS.has(word) || isFinite_(word) || verbsOf(word).length > 0) return [];
  const limit = (target: string) => Math.min(allowed(target), word.length <= 5 ? 1 : 2);
  const close = targets.filter(
    (target) => sameStart(word, target) && edits(word, target, 2) <= limit(target),
  );
  const nearest = Math.min(...close.map((target) => edits(word, target, 2)));
  return close.filter((target) => edits(word, target, 2) === nearest);
}

function sameStart(word: string, target: string): boolean {
  return word[0] === target[0] || (word[0] === target[1] && (word[1] === target[0] || word[1] === target[2]));
}

const VERBS = [
  'deploy',
  'redeploy',
  'release',
  'rollback',
  'rollout',
  'promote',
  'revert',
  'upgrade',
  'downgrade',
  'publish',
  'launch',
  'restore',
  'monitor',
  'notify',
  'delete',
  'disable',
  'restart',
  'bypass',
  'ignore',
  'truncate',
  'execute',
];

export function verbSlip(word: string): string | null {
  const close = slipsOf(word, VERBS);
  return close.length === 1 ? (close[0] ?? null) : null;
}
