import { describe, expect, it } from 'vitest';
import { planComment } from '../../../controller/reporting/plan-comment.js';
import {
  addresses,
  command,
  DANGERS,
  executionRecord,
  facts,
  factsSaying,
  HOSTILE,
  incidentRecord,
  interpreted,
  ofVersion,
  planRecord,
  SECRET,
} from './view-facts.js';

describe('the comment under a plan', () => {
  const comment = (change: Parameters<typeof facts>[0] = {}) => planComment(facts(change), addresses);

  it('says what is next, how far it is, and how to take part', () => {
    const text = comment();
    for (const part of [
      '### checkout v2.4.1: waits for approval',
      'merge it: that approves exactly this plan',
      'waits for its turn',
      '/commander hold',
    ])
      expect(text).toContain(part);
  });

  it.each<[Parameters<typeof facts>[0], string]>([
    [{ record: planRecord({ hold: 'held by rae: later' }) }, 'On hold: held by rae: later'],
    [{ record: planRecord({ statusReason: 'no approvals' }) }, 'Not run: no approvals.'],
    [{ record: planRecord({ status: 'approved', approvedBy: ['github:rae'] }) }, 'Approved by github:rae.'],
    [
      { record: planRecord({ status: 'rejected', statusReason: 'closed' }) },
      '`/commander retry` tries `checkout-2-4-1` again.',
    ],
    [{ execution: executionRecord({ reason: 'all done' }) }, 'Execution 5 succeeded: all done.'],
    [{ commands: [command()] }, '- rae: `/commander hold later` → on hold'],
    [{ commands: [command({ state: 'taken' })] }, 'is being carried out'],
    [
      { incidents: [{ incident: incidentRecord({ state: 'stuck' }), pull: null, restored: null }] },
      'rollback stuck, a person is needed',
    ],
    [
      { incidents: [{ incident: incidentRecord(), pull: 9, restored: null }] },
      '[#9](https://github.com/acme/gitops/pull/9)',
    ],
  ])('%# says %s', (change, part) => {
    expect(comment(change)).toContain(part);
  });

  it('is the same for the same facts', () => {
    expect(comment()).toBe(comment());
  });

  it.each(DANGERS.map((danger) => [danger]))(
    'interprets nothing of people’s words, pings nobody: %s',
    (danger) => {
      expect(interpreted(planComment(factsSaying(HOSTILE), addresses))).not.toMatch(danger);
      const record = ofVersion(HOSTILE);
      expect(interpreted(planComment(facts({ record }), addresses))).not.toMatch(danger);
    },
  );

  it('keeps its table whole, whatever a step says', () => {
    const rows = planComment(factsSaying(HOSTILE), addresses)
      .split('\n')
      .filter((line) => line.startsWith('| staging'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.replace(/\\./g, '').split('|')).toHaveLength(5);
  });

  it('is not endless, whatever it is told', () => {
    expect(planComment(factsSaying('x'.repeat(1_000_000)), addresses).length).toBeLessThan(20_000);
  });

  it('repeats no secret of an answer, a reason, a step or an incident', () => {
    const said = factsSaying(`the token is ${SECRET} and password=hunter22`, 'v1');
    const text = planComment({ ...said, commands: [command({ answer: SECRET })] }, addresses);
    expect(text).not.toMatch(new RegExp(`${SECRET}|hunter22`));
  });
});
