import { describe, expect, it } from 'vitest';
import { checkLocalApproval } from '../../controller/adapters/forge/local-approval.js';
import { type ApprovalFacts, decideApproval } from '../../controller/adapters/github/decide-approval.js';
import { type ApprovalDemands, approvalDemandsOf } from '../../controller/domain/plan.js';
import type { ApprovalCheck } from '../../controller/ports/forge.js';
import type { GitOpsRepository } from '../../controller/ports/repositories.js';
import { makePlan } from '../documents/plan-example.js';
import { approvedFacts, review } from '../github/unit/facts.js';

const demands = (change: Partial<ApprovalDemands>): ApprovalDemands => ({
  approvals: 0,
  approvers: [],
  ...change,
});
const decide = (wanted: Partial<ApprovalDemands>, change: Partial<ApprovalFacts> = {}) =>
  decideApproval(approvedFacts(change), demands(wanted));
const reasonOf = (check: ApprovalCheck) => (check.kind === 'refused' ? check.reason : check.kind);
const both = { reviews: [review('rae'), review('olga')] };

describe('what SOPs demand of an approval, on GitHub', () => {
  it('is held to besides the policy: the larger number of both', () => {
    expect(reasonOf(decide({ approvals: 2 }))).toMatch(/^#7 was merged with 1 of 2 approvals/);
    expect(decide({ approvals: 2 }, both).kind).toBe('approved');
    expect(
      reasonOf(decide({ approvals: 1 }, { ...both, policy: { approvals: 3, approvalByAuthor: false } })),
    ).toMatch(/2 of 3 approvals/);
  });

  it('is met by somebody else than the author, whatever the policy allows', () => {
    const own = { authors: new Set(['rae']), policy: { approvals: 1, approvalByAuthor: true } };
    expect(decide({}, own).kind).toBe('approved');
    expect(reasonOf(decide({ approvals: 1 }, own))).toMatch(/0 of 1 approvals.*rae is the author/);
  });

  it('names people of whom one has to be among those who approve, however they are spelt', () => {
    expect(decide({ approvers: [['RAE', 'nobody']] }).kind).toBe('approved');
    expect(reasonOf(decide({ approvers: [['rae'], ['olga', 'pat']] }))).toBe(
      '#7 was merged without an approval by olga or pat, which an SOP demands',
    );
    expect(decide({ approvers: [['rae'], ['olga']] }, both).kind).toBe('approved');
  });

  it('is not met by an approval that does not count', () => {
    const dismissed = { reviews: [review('rae'), review('olga', { state: 'DISMISSED' })] };
    expect(reasonOf(decide({ approvers: [['olga']] }, dismissed))).toContain('without an approval by olga');
  });
});

describe('what SOPs demand of an approval, in a repository without a forge', () => {
  const merged = { committer: { name: 'Pat', email: 'pat@example.org' }, author: { name: 'Pat', email: '' } };
  const oid = 'a'.repeat(40);
  const entry = { path: 'p', oid, kind: 'file' as const };
  const repository = {
    branch: 'main',
    head: () => Promise.resolve(oid),
    entry: () => Promise.resolve(entry),
    contains: (commit: string) => Promise.resolve(commit === oid),
    introducedBy: () =>
      Promise.resolve({
        oid,
        parents: ['b'.repeat(40), 'c'.repeat(40)],
        message: '',
        committedAt: '',
        ...merged,
      }),
    read: () => Promise.resolve(Buffer.from('file')),
    movedBy: () => Promise.resolve(merged.committer),
  } as unknown as GitOpsRepository;
  const check = (approval: ApprovalDemands) =>
    checkLocalApproval({
      repository,
      plan: { ...makePlan(), approval },
      path: 'p',
      file: 'file',
      reference: { branch: 'commander/x', head: oid, number: null, url: null },
    });

  it('is met by who merges, when that is enough', async () => {
    expect((await check(demands({ approvals: 1 }))).kind).toBe('approved');
  });

  it('is refused where it takes reviews', async () => {
    expect(reasonOf(await check(demands({ approvals: 2, approvers: [['alice', 'bob']] })))).toBe(
      'an SOP demands 2 approvals and an approval by alice or bob, and this forge knows no reviews',
    );
  });

  it('is nothing in plans of an earlier version', () => {
    expect(approvalDemandsOf({})).toEqual(demands({}));
  });
});
