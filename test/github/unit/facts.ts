import type { ApprovalFacts, Check, Review } from '../../../controller/adapters/github/decide-approval.js';

export const HEAD = 'a'.repeat(40);
export const OLD_HEAD = 'b'.repeat(40);
export const MERGE = 'c'.repeat(40);
export const MERGED_AT = '2026-03-01T12:00:00Z';
const BEFORE = '2026-03-01T11:00:00Z';

export function review(login: string, change: Partial<Review> = {}): Review {
  return { login, kind: 'User', state: 'APPROVED', commit: HEAD, at: BEFORE, ...change };
}

/** Facts of a plan that rae approved and olga merged; everything is as it should be. */
export function approvedFacts(change: Partial<ApprovalFacts> = {}): ApprovalFacts {
  return {
    path: 'plans/checkout-1.yaml',
    branch: 'main',
    fileOnBranch: 'same',
    pull: pull(),
    brought: { commit: MERGE, pulls: [7] },
    fileAtHead: 'same',
    reviews: [review('rae')],
    writers: new Set(['rae', 'olga']),
    authors: new Set(['pat']),
    authorDoubt: null,
    controller: 'commander[bot]',
    controllerIsApp: true,
    policy: { approvals: 1, approvalByAuthor: false },
    checks: [{ name: 'ci', state: 'success' }],
    ...change,
  };
}

export function pull(change: Partial<ApprovalFacts['pull']> = {}): ApprovalFacts['pull'] {
  return {
    number: 7,
    merged: true,
    mergedAt: MERGED_AT,
    mergedBy: { login: 'olga', kind: 'User' },
    mergeCommit: MERGE,
    base: 'main',
    head: HEAD,
    ownBranch: true,
    ...change,
  };
}

/** A stream of numbers below 1 that is the same for the same seed (mulberry32). */
export function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PEOPLE = ['rae', 'olga', 'pat', 'sam', 'commander[bot]', 'helper[bot]'] as const;
const STATES = ['APPROVED', 'APPROVED', 'APPROVED', 'CHANGES_REQUESTED', 'DISMISSED', 'COMMENTED', 'PENDING'];

/** Facts of any kind; most of each is as it should be, so that a good part of them are an approval. */
export function generatedFacts(seed: number): ApprovalFacts {
  const next = numbersOf(seed);
  const one = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T;
  const mostly = <T>(usual: T, ...others: readonly T[]): T => (next() < 0.9 ? usual : one(others));
  const some = (likely: number) => new Set<string>(PEOPLE.filter(() => next() < likely));
  const reviews = Array.from({ length: Math.floor(next() * 5) }, () => generatedReview(one, mostly));
  const merger = mostly<string | null>('olga', null, ...PEOPLE, 'github-merge-queue[bot]');
  const checks: Check[] =
    next() < 0.5 ? [] : [{ name: 'ci', state: mostly('success', 'pending', 'failure') }];
  return approvedFacts({
    fileOnBranch: mostly('same', 'absent', 'different'),
    fileAtHead: mostly('same', 'absent', 'different'),
    pull: pull({
      merged: mostly(true, false),
      mergedBy: merger === null ? null : { login: merger, kind: merger.endsWith('[bot]') ? 'Bot' : 'User' },
      mergeCommit: mostly<string | null>(MERGE, null, OLD_HEAD),
      base: mostly('main', 'other'),
      ownBranch: mostly(true, false),
    }),
    brought: mostly<ApprovalFacts['brought']>(
      { commit: MERGE, pulls: [7] },
      null,
      { commit: MERGE, pulls: [] },
      { commit: OLD_HEAD, pulls: [] },
      { commit: OLD_HEAD, pulls: [8] },
      { commit: OLD_HEAD, pulls: [8, 7] },
    ),
    reviews,
    writers: some(0.8),
    authors: some(0.15),
    controllerIsApp: next() < 0.5,
    policy: { approvals: Math.floor(next() * 3), approvalByAuthor: next() < 0.3 },
    checks,
  });
}

function generatedReview(
  one: <T>(values: readonly T[]) => T,
  mostly: <T>(usual: T, ...others: readonly T[]) => T,
): Review {
  const login = one(PEOPLE);
  return {
    login,
    kind: login.endsWith('[bot]') ? 'Bot' : 'User',
    state: one(STATES),
    commit: mostly<string | null>(HEAD, OLD_HEAD, null),
    at: mostly<string | null>(BEFORE, MERGED_AT, '2026-03-01T12:00:01Z'),
  };
}
