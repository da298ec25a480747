import { describe, expect, it } from 'vitest';
import { type ApprovalFacts, decideApproval } from '../../../controller/adapters/github/decide-approval.js';
import { approvedFacts, pull, review } from './facts.js';

type Change = Partial<ApprovalFacts>;
const decide = (change: Change = {}) => decideApproval(approvedFacts(change));

describe('on a doubt nothing is approved', () => {
  it('an approval whose time GitHub does not tell may have come after the merge', () => {
    expect(decide({ reviews: [review('rae', { at: null })] }).kind).toBe('refused');
  });

  it('an approval whose time cannot be read may have come after the merge', () => {
    expect(decide({ reviews: [review('rae', { at: 'yesterday' })] }).kind).toBe('refused');
  });

  it('a merge without a time leaves open what came before it', () => {
    expect(decide({ pull: pull({ mergedAt: null }) }).kind).toBe('refused');
  });
});
