import { describe, expect, it } from 'vitest';
import { type ApprovalFacts, decideApproval } from '../../../controller/adapters/github/decide-approval.js';
import type { ApprovalCheck } from '../../../controller/ports/forge.js';
import { approvedFacts, OLD_HEAD, pull, review } from './facts.js';

type Change = Partial<ApprovalFacts>;
const decide = (change: Change = {}) => decideApproval(approvedFacts(change));
const reasonOf = (check: ApprovalCheck) =>
  check.kind === 'refused' ? check.reason : `not refused: ${check.kind}`;

const two = { approvals: 2, approvalByAuthor: false };

describe('a merged plan without the reviews it needs is refused, and the reason says why each does not count', () => {
  it.each<[string, Change, RegExp]>([
    [
      'nobody approved',
      { reviews: [] },
      /#7 was merged with 0 of 1 approvals of aaaaaaaaaaaa by people with write access$/,
    ],
    [
      'an older head was approved',
      { reviews: [review('rae', { commit: OLD_HEAD })] },
      /\(rae approved the older head bbbbbbbbbbbb\)/,
    ],
    [
      'the approval is of no head',
      { reviews: [review('rae', { commit: null })] },
      /\(rae approved the older head \?\)/,
    ],
    [
      'the controller approved',
      { reviews: [review('commander[bot]')], writers: new Set(['commander[bot]']) },
      /\(commander\[bot\] is no person\)/,
    ],
    [
      'a bot approved',
      { reviews: [review('helper', { kind: 'Bot' })], writers: new Set(['helper']) },
      /\(helper is no person\)/,
    ],
    ['the author approved', { authors: new Set(['rae']) }, /\(rae is the author\)/],
    [
      'somebody without write access approved',
      { writers: new Set(['olga']) },
      /\(rae may not write to the repository\)/,
    ],
    [
      'the approval came after the merge',
      { reviews: [review('rae', { at: '2026-03-01T12:00:01Z' })] },
      /\(rae did not approve before the merge\)/,
    ],
    [
      'the approval was dismissed',
      { reviews: [review('rae', { state: 'DISMISSED' })] },
      /with 0 of 1 approvals/,
    ],
    [
      'the approval was taken back and that was dismissed',
      { reviews: [review('rae'), review('rae', { state: 'DISMISSED' })] },
      /with 0 of 1/,
    ],
    ['there is only a comment', { reviews: [review('rae', { state: 'COMMENTED' })] }, /with 0 of 1/],
    [
      'there is only a review that was not sent yet',
      { reviews: [review('rae', { state: 'PENDING' })] },
      /with 0 of 1/,
    ],
    [
      'one approved twice where two are wanted',
      { policy: two, reviews: [review('rae'), review('rae')] },
      /with 1 of 2/,
    ],
    [
      'two reasons',
      { policy: two, reviews: [review('sam'), review('rae', { commit: OLD_HEAD })] },
      /\(sam may not write to the repository; rae approved the older head bbbbbbbbbbbb\)/,
    ],
    [
      'an older approval of the right head, a newer one of an older head',
      { reviews: [review('rae'), review('rae', { commit: OLD_HEAD })] },
      /older head/,
    ],
    [
      'a change request stands',
      { reviews: [review('rae'), review('olga', { state: 'CHANGES_REQUESTED' })] },
      /^olga asked for changes in #7$/,
    ],
    [
      'change requests of two stand',
      {
        reviews: [
          review('sam', { state: 'CHANGES_REQUESTED' }),
          review('olga', { state: 'CHANGES_REQUESTED' }),
        ],
      },
      /^sam and olga asked for changes/,
    ],
    [
      'a change request of an older head stands',
      { reviews: [review('rae'), review('olga', { state: 'CHANGES_REQUESTED', commit: OLD_HEAD })] },
      /olga asked for changes/,
    ],
    [
      'a change request was followed by a comment only',
      {
        reviews: [
          review('rae'),
          review('olga', { state: 'CHANGES_REQUESTED' }),
          review('olga', { state: 'COMMENTED' }),
        ],
      },
      /olga asked for changes/,
    ],
    [
      'the approver asked for changes later',
      { reviews: [review('rae'), review('rae', { state: 'CHANGES_REQUESTED' })] },
      /rae asked for changes/,
    ],
    [
      'a required check waits',
      { checks: [{ name: 'ci', state: 'pending' }] },
      /required checks of #7 are not green: ci \(pending\)/,
    ],
    [
      'required checks failed',
      {
        checks: [
          { name: 'ci', state: 'failure' },
          { name: 'lint', state: 'success' },
          { name: 'e2e', state: 'pending' },
        ],
      },
      /ci \(failure\), e2e \(pending\)$/,
    ],
  ])('%s', (_title, change, reason) => {
    expect(reasonOf(decide(change))).toMatch(reason);
  });
});

describe('where no reviews are asked for', () => {
  const none = { policy: { approvals: 0, approvalByAuthor: false }, reviews: [] } as const;
  const by = (login: string, kind: 'User' | 'Bot' = 'User') => pull({ mergedBy: { login, kind } });

  it.each<[string, Change]>([
    ['a person with write access merges', {}],
    ['a merge queue merges', { pull: by('github-merge-queue[bot]', 'Bot') }],
    ['somebody approved, whoever merged', { reviews: [review('rae')], pull: by('helper[bot]', 'Bot') }],
    ['the person merges whose token the controller has', { controllerIsApp: false, controller: 'olga' }],
  ])('%s: approved', (_title, change) => {
    expect(decide({ ...none, ...change }).kind).toBe('approved');
  });

  it.each<[string, Change, RegExp]>([
    ['nobody is known to have merged', { pull: pull({ mergedBy: null }) }, /does not say who merged #7/],
    ['the controller merged', { pull: by('commander[bot]', 'Bot') }, /merged by the controller itself/],
    ['another bot merged', { pull: by('helper[bot]', 'Bot') }, /merged by helper\[bot\], which is no person/],
    ['somebody merged who may not write', { pull: by('sam') }, /merged by sam, who may not write/],
    [
      'a change request stands',
      { reviews: [review('sam', { state: 'CHANGES_REQUESTED' })] },
      /sam asked for changes/,
    ],
    ['a check is not green', { checks: [{ name: 'ci', state: 'failure' }] }, /not green/],
    [
      'somebody is only said to have approved',
      { reviews: [review('sam')], pull: by('helper[bot]', 'Bot') },
      /nobody approved it/,
    ],
  ])('%s: refused', (_title, change, reason) => {
    expect(reasonOf(decide({ ...none, ...change }))).toMatch(reason);
  });
});
