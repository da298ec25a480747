import { describe, expect, it } from 'vitest';
import type { Finding, FindingVerdict } from '../../../controller/domain/sop.js';
import { type EnvironmentFacts, viewEnvironment } from '../../../controller/reporting/environment-view.js';
import {
  deployments,
  headStatuses,
  mergeStatuses,
  planLabels,
  planVerdict,
} from '../../../controller/reporting/plan-statuses.js';
import { release } from '../../postgres/samples.js';
import { COMMIT, executionRecord, facts, incidentRecord, planRecord, step } from './view-facts.js';

describe('how an environment stands', () => {
  const view = (change: Partial<EnvironmentFacts> = {}) => {
    const { state, detail } = viewEnvironment({
      environment: 'staging',
      version: 'v2',
      steps: [],
      incident: null,
      ended: null,
      waits: '',
      ...change,
    });
    return `${state}: ${detail}`;
  };
  const failed = step({ status: 'failed', detail: 'exit 1' });
  const notify = {
    kind: 'script',
    name: 'notify',
    script: { script: 'notify', args: [], timeoutSeconds: 1 },
  } as const;

  it.each<[string, Partial<EnvironmentFacts>]>([
    ['queued: waits for its turn', {}],
    ['queued: waits for its turn', { steps: [step({ status: 'pending' })] }],
    ['in_progress: build: compiling', { steps: [step({ status: 'running', detail: 'compiling' })] }],
    ['in_progress: build', { steps: [step({ status: 'waiting', detail: '' })] }],
    ['in_progress: goes on', { steps: [step(), step({ status: 'pending' })] }],
    ['success: v2: built', { steps: [step()] }],
    ['success: v2: healthy', { steps: [step({ step: { kind: 'watch' }, detail: 'healthy' }), step()] }],
    ['success: v2: built', { steps: [step({ status: 'skipped', detail: 'built' })] }],
    ['failure: build: exit 1', { steps: [failed, step({ status: 'pending' })] }],
    ['failure: build: exit 1', { steps: [failed], ended: 'failed' }],
    [
      'error: not done: cancelled by rae',
      { steps: [step({ status: 'pending' })], ended: 'cancelled by rae' },
    ],
    ['error: not done: cancelled by rae', { ended: 'cancelled by rae' }],
    [
      'failure: rolling back: 20 % failed',
      { incident: { state: 'rolling_back', reason: '20 % failed' }, steps: [step()] },
    ],
    ['failure: rolled back: 20 % failed', { incident: { state: 'resolved', reason: '20 % failed' } }],
    [
      'failure: rollback stuck, a person is needed: x',
      { incident: { state: 'stuck', reason: 'x' }, steps: [failed] },
    ],
    [
      'success: v2: sent nothing',
      { steps: [step({ step: notify, status: 'failed', detail: 'sent nothing' })] },
    ],
  ])('%s', (shown, change) => {
    expect(view(change)).toBe(shown);
  });
});

describe('the statuses of a plan', () => {
  it.each([
    [{}, 'success', /^merging approves exactly sha256:/],
    [{ hold: 'held by rae: later' }, 'pending', /^on hold, held by rae: later$/],
    [{ statusReason: '#7 was merged with 0 of 1 approvals' }, 'failure', /0 of 1 approvals/],
    [
      { status: 'approved', approvedBy: ['github:rae', 'github:olga'] },
      'success',
      /^approved by github:rae, github:olga$/,
    ],
    [{ status: 'running', approvedBy: ['github:rae'] }, 'success', /approved by/],
    [{ status: 'rolled_back', approvedBy: ['github:rae'] }, 'success', /approved by/],
    [{ status: 'failed', approvedBy: ['github:rae'] }, 'success', /approved by/],
    [{ status: 'rejected', statusReason: 'closed by rae' }, 'failure', /^rejected: closed by rae$/],
    [{ status: 'superseded', statusReason: 'newer' }, 'failure', /^superseded/],
    [{ status: 'expired', statusReason: 'old' }, 'failure', /^expired/],
    [{ status: 'withdrawn', statusReason: 'gone' }, 'failure', /^withdrawn/],
    [{ status: 'stale', statusReason: 'changed' }, 'failure', /^stale/],
  ] as const)('%j is %s', (change, state, description) => {
    const verdict = planVerdict(planRecord(change));
    expect(verdict.state).toBe(state);
    expect(verdict.description).toMatch(description);
  });

  it('never stand in the way of the approval that they wait for: the head’s are green', () => {
    const statuses = headStatuses(facts(), 'a'.repeat(40), 'https://x/pull/7');
    expect(statuses.map(({ context, state }) => [context, state])).toEqual([
      ['commander/plan', 'success'],
      ['commander/sop', 'success'],
      ['commander/intent', 'success'],
    ]);
  });

  it('of the operating procedures say what deviates, and still do not block', () => {
    const record = planRecord();
    const finding = { ...record.plan.findings[0], verdict: 'deviates', source: 'sop-9', message: 'no tests' };
    const plan = { ...record.plan, findings: [finding as (typeof record.plan.findings)[number]] };
    const [, sop] = headStatuses(facts({ record: { ...record, plan } }), 'a', 'u');
    expect([sop?.state, sop?.description]).toEqual(['success', '1 to consider. sop-9: no tests']);
    const silent = { ...record, plan: { ...record.plan, findings: [] } };
    expect(headStatuses(facts({ record: silent }), 'a', 'u')[1]?.description).toContain('anything to say');
  });

  it('names who waived what, and says of what nobody could check that it was not checked', () => {
    const { record } = facts();
    const said = (...verdicts: readonly FindingVerdict[]) => {
      const findings = verdicts.map((verdict, index) => ({
        ...(record.plan.findings[0] as Finding),
        verdict,
        source: `sop-${index + 1}`,
        message: 'no tests',
        waiver: verdict === 'waived' ? { by: 'github:rae', reason: 'it burned down' } : null,
      }));
      return headStatuses(facts({ record: { ...record, plan: { ...record.plan, findings } } }), 'a', 'u')[1]
        ?.description;
    };
    expect(said('waived', 'complies')).toBe('sop-1 waived by github:rae');
    expect(said('waived', 'deviates')).toBe('sop-1 waived by github:rae; 1 to consider. sop-2: no tests');
    expect(said('complies', 'cannot-tell', 'tightened')).toBe('complies with sop-1, sop-3');
    expect(said('cannot-tell')).toBe('not checked: sop-1');
    expect(said('not-applicable')).toBe('no procedure has anything to say');
  });

  it('of the merge commit are one for each environment, and only the reason where it was not approved', () => {
    const environments = (['queued', 'in_progress', 'success', 'failure', 'error'] as const).map((state) => ({
      environment: state,
      state,
      detail: 'x',
    }));
    const record = planRecord({ status: 'running', approvedCommit: COMMIT });
    const states = mergeStatuses(facts({ record, environments }), COMMIT, 'u').map(({ context, state }) => [
      context,
      state,
    ]);
    expect(states).toEqual([
      ['commander/plan', 'success'],
      ['commander/queued', 'pending'],
      ['commander/in_progress', 'pending'],
      ['commander/success', 'success'],
      ['commander/failure', 'failure'],
      ['commander/error', 'error'],
    ]);
    const refused = planRecord({ statusReason: 'pushed without merging #7' });
    expect(mergeStatuses(facts({ record: refused, environments }), COMMIT, 'u')).toMatchObject([
      { context: 'commander/plan', state: 'failure', description: 'pushed without merging #7' },
    ]);
  });
});

describe('deployments and labels of a plan', () => {
  const record = planRecord({ status: 'running', approvedCommit: COMMIT });
  const done = { environment: 'staging', state: 'success', detail: 'healthy' } as const;

  it('are none before it is approved and runs, and none for what deploys nothing', () => {
    expect(deployments(facts())).toEqual([]);
    expect(deployments(facts({ record }))).toEqual([]);
    const built = { ...record, plan: { ...record.plan, action: 'build' as const } };
    expect(deployments(facts({ record: built, execution: executionRecord(), environments: [done] }))).toEqual(
      [],
    );
  });

  it('name the release and where it is reached once it is there', () => {
    const view = deployments(
      facts({ record, execution: executionRecord(), environments: [done], releases: [release('rel-2')] }),
    );
    expect(view).toMatchObject([
      { key: 'execution-5-staging', commit: COMMIT, state: 'success', url: 'http://127.0.0.1:18080' },
    ]);
  });

  it('show after a rollback what serves again, under the commit that approved that', () => {
    const restored = { release: release('rel-1', { version: 'v1' }), commit: 'e'.repeat(40) };
    const incidents = [{ incident: incidentRecord({ state: 'resolved' }), pull: 9, restored }];
    const environments = [{ environment: 'staging', state: 'failure', detail: 'rolled back' } as const];
    const views = deployments(facts({ record, execution: executionRecord(), environments, incidents }));
    expect(views.map(({ key, state, commit }) => [key, state, commit[0]])).toEqual([
      ['execution-5-staging', 'failure', 'c'],
      ['incident-3', 'success', 'e'],
    ]);
  });

  it.each([
    [{}, 'commander: pending approval'],
    [{ hold: 'x' }, 'commander: on hold'],
    [{ hold: 'x', status: 'rejected' }, 'commander: rejected'],
    [{ status: 'rolled_back' }, 'commander: rolled back'],
  ] as const)('%j has the label %s', (change, label) => {
    expect(planLabels(facts({ record: planRecord(change) }))).toEqual(['commander', label]);
  });
});
