import { describe, expect, it } from 'vitest';
import { type ApprovalFacts, decideApproval } from '../../../controller/adapters/github/decide-approval.js';
import type { ApprovalCheck } from '../../../controller/ports/forge.js';
import { approvedFacts, HEAD, MERGE, OLD_HEAD, pull, review } from './facts.js';

type Change = Partial<ApprovalFacts>;
const decide = (change: Change = {}) => decideApproval(approvedFacts(change));
const reasonOf = (check: ApprovalCheck) =>
  check.kind === 'refused' ? check.reason : `not refused: ${check.kind}`;

describe('a plan that counts as approved', () => {
  it('names who approved and who merged, and the commit that brought it', () => {
    expect(decide()).toEqual({ kind: 'approved', by: ['github:rae', 'github:olga'], commit: MERGE });
  });

  it.each<[string, Change, readonly string[]]>([
    [
      'names somebody who approves and merges once',
      { pull: pull({ mergedBy: { login: 'rae', kind: 'User' } }) },
      ['rae'],
    ],
    ['does not need to know who merged it', { pull: pull({ mergedBy: null }) }, ['rae']],
    [
      'may be brought by a rebase: another commit of the same pull request',
      { brought: { commit: OLD_HEAD, pulls: [6, 7] } },
      ['rae', 'olga'],
    ],
    [
      'may be brought by the merge commit that GitHub has not listed yet',
      { brought: { commit: MERGE, pulls: [] } },
      ['rae', 'olga'],
    ],
    [
      'may be approved in the very second of the merge',
      { reviews: [review('rae', { at: '2026-03-01T12:00:00Z' })] },
      ['rae', 'olga'],
    ],
    [
      'may be approved by an author where the policy allows it',
      { authors: new Set(['rae']), policy: { approvals: 1, approvalByAuthor: true } },
      ['rae', 'olga'],
    ],
    [
      'keeps an approval that is followed by a comment',
      { reviews: [review('rae'), review('rae', { state: 'COMMENTED' })] },
      ['rae', 'olga'],
    ],
    [
      'counts an approval that takes back a change request',
      { reviews: [review('rae', { state: 'CHANGES_REQUESTED' }), review('rae')] },
      ['rae', 'olga'],
    ],
    [
      'counts who did approve beside those who do not count',
      { reviews: [review('sam'), review('rae'), review('helper[bot]', { kind: 'Bot' })] },
      ['rae', 'olga'],
    ],
    [
      'is not held up by a dismissed change request of somebody else',
      { reviews: [review('olga', { state: 'DISMISSED' }), review('rae')] },
      ['rae', 'olga'],
    ],
    ['takes no checks where none are required', { checks: [] }, ['rae', 'olga']],
    [
      'may be merged by a merge queue',
      { pull: pull({ mergedBy: { login: 'github-merge-queue[bot]', kind: 'Bot' } }) },
      ['rae', 'github-merge-queue[bot]'],
    ],
    [
      'takes two approvals of two people where two are wanted',
      { policy: { approvals: 2, approvalByAuthor: false }, reviews: [review('rae'), review('olga')] },
      ['rae', 'olga'],
    ],
  ])('%s', (_title, change, by) => {
    expect(decide(change)).toMatchObject({ kind: 'approved', by: by.map((login) => `github:${login}`) });
  });
});

describe('a plan that is not merged', () => {
  it.each<[string, Change]>([
    [
      'its file is not there and its pull request is open',
      { fileOnBranch: 'absent', pull: pull({ merged: false }) },
    ],
    [
      'another text is there and its pull request is open',
      { fileOnBranch: 'different', pull: pull({ merged: false }) },
    ],
  ])('is so when %s', (_title, change) => {
    expect(decide(change)).toEqual({ kind: 'not-merged' });
  });
});

describe('a plan that came another way is refused, and the reason says so', () => {
  it.each<[string, Change, RegExp]>([
    [
      'merged into another branch only',
      { fileOnBranch: 'absent', pull: pull({ base: 'other' }) },
      /merged into other, not into main: \/commander plan proposes it again/,
    ],
    [
      'reverted, deleted or forced back',
      { fileOnBranch: 'absent' },
      /#7 was merged, but plans\/checkout-1\.yaml is not on main any more/,
    ],
    [
      'pushed directly',
      { pull: pull({ merged: false }) },
      /was pushed to main in cccccccccccc without merging #7/,
    ],
    [
      'pushed directly, by which commit is not known',
      { pull: pull({ merged: false }), brought: null },
      /was pushed to main without merging #7/,
    ],
    [
      'merged into another branch, and pushed',
      { pull: pull({ base: 'other' }) },
      /merged into other, not into main/,
    ],
    ['merged from a fork', { pull: pull({ ownBranch: false }) }, /comes from a fork/],
    [
      'edited by hand afterwards',
      { fileOnBranch: 'different', brought: { commit: OLD_HEAD, pulls: [8] } },
      /on main was edited by hand in bbbbbbbbbbbb/,
    ],
    ['edited while it was merged', { fileOnBranch: 'different' }, /was edited by hand/],
    [
      'edited, by which commit is not known',
      { fileOnBranch: 'different', brought: null, fileAtHead: 'different' },
      /on main was edited by hand: it is not/,
    ],
    [
      'brought by another pull request',
      { brought: { commit: OLD_HEAD, pulls: [8] } },
      /came to main in bbbbbbbbbbbb in another way than by merging #7/,
    ],
    ['brought by nobody knows what', { brought: null }, /came to main in another way/],
    [
      'reviewed with another text',
      { fileAtHead: 'different' },
      /what was reviewed in #7 \(aaaaaaaaaaaa\) is not this plan/,
    ],
    ['reviewed without its file', { fileAtHead: 'absent' }, /what was reviewed in #7/],
  ])('%s', (_title, change, reason) => {
    expect(reasonOf(decide(change))).toMatch(reason);
  });

  it('merged with an edit in its pull request: tells where the edit is, for it may be valid', () => {
    const edited = { fileOnBranch: 'different', fileAtHead: 'different' } as const;
    expect(decide(edited)).toMatchObject({
      kind: 'refused',
      reason: '#7 was merged with an edit that was not checked yet',
      edited: { commit: MERGE, head: HEAD, by: 'olga' },
    });
    expect(decide({ ...edited, pull: pull({ mergedBy: null }) })).toMatchObject({
      edited: { by: 'somebody' },
    });
  });
});
