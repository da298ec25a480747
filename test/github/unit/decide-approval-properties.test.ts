import { describe, expect, it } from 'vitest';
import {
  type ApprovalFacts,
  decideApproval,
  type Review,
} from '../../../controller/adapters/github/decide-approval.js';
import { generatedFacts, MERGE, OLD_HEAD, review } from './facts.js';

const SEEDS = Array.from({ length: 20_000 }, (_, index) => index + 1);

/** What an approval takes, written down a second time and in another way than in the product. */
function missing(facts: ApprovalFacts): readonly string[] {
  const { pull: merged, brought, policy } = facts;
  const last = (login: string) =>
    facts.reviews
      .filter((one) => one.login === login && !['COMMENTED', 'PENDING'].includes(one.state))
      .at(-1);
  const logins = [...new Set(facts.reviews.map(({ login }) => login))];
  const counts = (one: Review | undefined) =>
    one?.state === 'APPROVED' &&
    one.commit === merged.head &&
    one.kind === 'User' &&
    one.login !== facts.controller &&
    (policy.approvalByAuthor || !facts.authors.has(one.login)) &&
    facts.writers.has(one.login) &&
    !(one.at !== null && merged.mergedAt !== null && one.at > merged.mergedAt);
  const approvals = logins.filter((login) => counts(last(login))).length;
  const merger = merged.mergedBy;
  const personMerged =
    merger !== null &&
    (merger.login === 'github-merge-queue[bot]' ||
      (merger.kind === 'User' && facts.writers.has(merger.login)));
  const wanted: Readonly<Record<string, boolean>> = {
    'the same file on the branch': facts.fileOnBranch === 'same',
    'the same file at the head': facts.fileAtHead === 'same',
    merged: merged.merged,
    'into the protected branch': merged.base === facts.branch,
    'from an own branch': merged.ownBranch,
    'brought by this pull request':
      brought !== null && (brought.pulls.includes(merged.number) || brought.commit === merged.mergeCommit),
    'no standing change request': logins.every((login) => last(login)?.state !== 'CHANGES_REQUESTED'),
    'green checks': facts.checks.every(({ state }) => state === 'success'),
    'enough approvals': approvals >= policy.approvals,
    'a person': policy.approvals > 0 || (merger !== null && (approvals > 0 || personMerged)),
  };
  return Object.keys(wanted).filter((what) => wanted[what] !== true);
}

describe('over many generated facts', () => {
  it('a plan is approved exactly when nothing is missing, and a refusal says why in one line', () => {
    let approved = 0;
    for (const seed of SEEDS) {
      const facts = generatedFacts(seed);
      const check = decideApproval(facts);
      expect({ seed, approved: check.kind === 'approved' }, missing(facts).join(', ')).toEqual({
        seed,
        approved: missing(facts).length === 0,
      });
      if (check.kind === 'approved') approved += 1;
      if (check.kind === 'refused') expect(check.reason).toMatch(/^\S[^\n]{10,}$/);
    }
    expect(approved).toBeGreaterThan(1000);
    expect(approved).toBeLessThan(SEEDS.length - 1000);
  });

  it('every single thing that goes wrong with an approved plan takes the approval away', () => {
    const spoil: readonly ((facts: ApprovalFacts) => ApprovalFacts)[] = [
      (facts) => ({ ...facts, fileOnBranch: 'different' }),
      (facts) => ({ ...facts, fileOnBranch: 'absent' }),
      (facts) => ({ ...facts, fileAtHead: 'absent' }),
      (facts) => ({ ...facts, pull: { ...facts.pull, merged: false } }),
      (facts) => ({ ...facts, pull: { ...facts.pull, base: 'other' } }),
      (facts) => ({ ...facts, pull: { ...facts.pull, ownBranch: false } }),
      (facts) => ({ ...facts, brought: null }),
      (facts) => ({
        ...facts,
        brought: { commit: OLD_HEAD, pulls: [99] },
        pull: { ...facts.pull, mergeCommit: MERGE },
      }),
      (facts) => ({
        ...facts,
        reviews: [...facts.reviews, review('someone', { state: 'CHANGES_REQUESTED' })],
      }),
      (facts) => ({ ...facts, checks: [...facts.checks, { name: 'more', state: 'pending' }] }),
      (facts) => ({ ...facts, policy: { ...facts.policy, approvals: facts.reviews.length + 1 } }),
    ];
    for (const seed of SEEDS) {
      const facts = generatedFacts(seed);
      if (decideApproval(facts).kind !== 'approved') continue;
      for (const [index, change] of spoil.entries())
        expect({ seed, index, kind: decideApproval(change(facts)).kind }).not.toMatchObject({
          kind: 'approved',
        });
    }
  });

  it('only people who count, and whoever merged, are named as those who approved', () => {
    for (const seed of SEEDS) {
      const facts = generatedFacts(seed);
      const check = decideApproval(facts);
      if (check.kind !== 'approved') continue;
      const named = check.by.map((name) => name.replace(/^github:/, ''));
      expect(new Set(named).size).toBe(named.length);
      for (const login of named)
        if (login !== facts.pull.mergedBy?.login)
          expect([seed, facts.writers.has(login), login.endsWith('[bot]')]).toEqual([seed, true, false]);
    }
  });
});
