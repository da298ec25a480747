import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalForge } from '../../controller/adapters/forge/local.js';
import { settlePlan } from '../../controller/approval/settle.js';
import { CommandRefused } from '../../controller/domain/command.js';
import { renderPlan } from '../../controller/planning/documents/plan.js';
import { createPlanEditor } from '../../controller/planning/edit.js';
import { waiveByName } from '../../controller/triggers/waivers.js';
import { ANN, git, IDENTITY } from '../git/support.js';
import { quarantined } from '../planning/sample.js';
import {
  CATALOG,
  COMMIT,
  FREEZE,
  NOW,
  openWaivers,
  SMOKE_SENTENCE,
  smoke,
  type WaiversSite,
} from './waivers-site.js';

let site: WaiversSite;

beforeAll(async () => {
  site = await openWaivers();
  await site.push({ 'sops/smoke.md': smoke(), 'sops/stocktaking.md': FREEZE });
});
afterAll(() => site.close());

const [MONDAY, TUESDAY, THURSDAY] = [16, 17, 19].map((day) => new Date(`2026-11-${day}T12:00:00Z`)) as [
  Date,
  Date,
  Date,
];
const STAGING = 'Deploy checkout v1.0.0 to staging';
const PRODUCTION = 'Deploy checkout v1.0.0 to production and run the smoke tests';

/** An intent that is blocked by the smoke tests' SOP. */
async function blocked(name: string, text = STAGING): Promise<void> {
  await site.ask(name, text);
  expect((await site.intent(name)).state).toBe('blocked');
}

describe('a finding that a person waives', () => {
  it('is in the plan that comes by itself, with the person and the reason, and in the audit trail', async () => {
    await blocked('once');
    const { id, revision, detail } = await site.intent('once');
    expect(detail.join(' ')).toContain('commander waive once smoke-first --reason <why>');
    expect(await site.waive('once', 'smoke-first')).toMatch(/smoke-first is waived for once.*no approval/);
    const plan = await site.planOf('once');
    expect(plan?.status).toBe('pending_approval');
    expect(plan?.plan.findings.filter(({ source }) => source === 'smoke-first')).toMatchObject([
      { verdict: 'waived', quote: SMOKE_SENTENCE, waiver: { by: 'Ann', reason: 'the runner burned down' } },
    ]);
    expect(plan?.body).toContain('Waived by Ann: the runner burned down');
    expect(await site.waivedIn('once')).toMatchObject([
      {
        actor: 'person:Ann',
        reason: 'the runner burned down',
        data: { sop: 'smoke-first', quote: SMOKE_SENTENCE, revision },
      },
    ]);
    expect(await site.store.waivers.of(id, revision ?? '')).toHaveLength(1);
  });

  it('is approved by nobody: the plan waits, and nothing runs', async () => {
    await blocked('waits');
    await site.waive('waits', 'smoke-first');
    const plan = await site.planOf('waits');
    expect(plan).toMatchObject({ status: 'pending_approval', approvedBy: [], approvedCommit: null });
    expect(await site.store.executions.ofPlan(plan?.digest ?? '')).toEqual([]);
  });

  it('twice is waived once, and the second person is told so', async () => {
    await blocked('twice');
    await site.waive('twice', 'smoke-first');
    const { digest } = (await site.planOf('twice')) ?? {};
    const again = await site.waive('twice', 'smoke-first', 'and it burned again', { ...ANN, name: 'Bob' });
    expect(again).toBe('smoke-first is waived already, by Ann: the runner burned down');
    expect(await site.waivedIn('twice')).toHaveLength(1);
    expect((await site.planOf('twice'))?.digest).toBe(digest);
  });

  it('by several at the same time, who all saw it blocked, is recorded once for each of them, and planned', async () => {
    await blocked('together');
    const people = ['Ann', 'Bob', 'Ann', 'Ann'].map((name) => ({ ...ANN, name }));
    const waiting: (() => void)[] = [];
    const planner: typeof site.needs.planner = async (input) => {
      const result = await site.needs.planner(input);
      await new Promise<void>((go) => {
        waiting.push(go);
        if (waiting.length === people.length) for (const next of waiting) next();
      });
      return result;
    };
    const reason = 'the runner burned down';
    await Promise.all(
      people.map((person) =>
        waiveByName({ ...site.needs, planner }, 'together', 'smoke-first', person, reason),
      ),
    );
    await site.plan();
    const actors = (await site.waivedIn('together')).map(({ actor }) => actor);
    expect(actors.toSorted()).toEqual(['person:Ann', 'person:Bob']);
    expect((await site.planOf('together'))?.status).toBe('pending_approval');
  });

  it('is waived for this intent only', async () => {
    await blocked('mine');
    await blocked('other');
    await site.waive('mine', 'smoke-first');
    expect((await site.intent('other')).state).toBe('blocked');
  });
});

describe('a waiver counts for one text and one sentence', () => {
  it('an intent that is edited is blocked again, and one that is only formatted is not', async () => {
    await blocked('edited');
    await site.waive('edited', 'smoke-first');
    await site.push({
      'intents/edited.yaml': `# a remark\napiVersion: devopscommander.io/v1alpha1\nkind: Intent\nmetadata: { name: edited }\nspec: { text: "${STAGING}" }\n`,
    });
    expect((await site.planOf('edited'))?.status).toBe('pending_approval');
    await site.ask('edited', 'Deploy checkout v1.1.0 to staging');
    expect(await site.intent('edited')).toMatchObject({ state: 'blocked', planDigest: null });
    await site.ask('edited', STAGING);
    expect((await site.planOf('edited'))?.status).toBe('pending_approval');
  });

  it('an intent that was moved to another file is another intent', async () => {
    await blocked('moved');
    await site.waive('moved', 'smoke-first');
    git(site.path, 'mv', 'intents/moved.yaml', 'intents/elsewhere.yaml');
    await site.push({});
    expect((await site.intent('elsewhere')).state).toBe('blocked');
  });

  it('a sentence that is reworded blocks again: the plan that was made with the waiver is stale before it is merged', async () => {
    await site.push({ 'sops/reworded.md': smoke('Smoke tests must run first.', 'reworded') });
    await blocked('stale');
    await site.waive('stale', 'smoke-first');
    await site.waive('stale', 'reworded');
    const before = await site.planOf('stale');
    if (before === null) throw new Error('no plan');
    await site.push({ 'sops/reworded.md': smoke('Smoke tests must always run first.', 'reworded') });
    expect((await site.store.plans.get(before.digest))?.status).toBe('superseded');
    const now = await site.intent('stale');
    expect(now.state).toBe('blocked');
    expect(now.detail.join(' ')).toContain('always run first');
    expect(now.detail.join(' ')).not.toContain(SMOKE_SENTENCE);
    await site.push({ 'sops/reworded.md': '# Nothing to say\n' });
  });

  it('a plan that is merged in the moment in which the SOP changes is not run', async () => {
    await blocked('merged');
    await site.waive('merged', 'smoke-first');
    const plan = await site.planOf('merged');
    if (plan === null) throw new Error('no plan');
    await settlePlan(approval(), plan.digest);
    git(site.path, 'merge', '-q', '--no-ff', '--no-edit', 'commander/merged');
    await site.push({ 'sops/smoke.md': smoke('Smoke tests must pass, whatever anybody says.') });
    await settlePlan(approval(), plan.digest);
    expect((await site.store.plans.get(plan.digest))?.status).not.toBe('approved');
    expect(await site.store.executions.ofPlan(plan.digest)).toEqual([]);
    await site.push({ 'sops/smoke.md': smoke() });
  });
});

describe('an edit of a plan that was made with a waiver', () => {
  it('is nothing that anybody waived something for: it is refused, and the plan stays as it was', async () => {
    await blocked('adopted');
    await site.waive('adopted', 'smoke-first');
    const record = await site.planOf('adopted');
    if (record === null) throw new Error('no plan');
    const { plan } = record;
    const environments = plan.environments.map((item) => ({
      ...item,
      guards: { ...item.guards, watchSeconds: 120 },
    }));
    const adoption = await createPlanEditor(site.planning).adopt({
      intentId: record.intentId,
      digest: record.digest,
      path: record.path,
      file: renderPlan({ ...plan, environments }),
      editor: 'Eve',
      proposal: null,
    });
    expect(adoption).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/smoke_tests is required.*write the change into the intent/),
    });
    expect(await site.planOf('adopted')).toMatchObject({ digest: record.digest, status: 'pending_approval' });
  });
});

describe('what cannot be waived', () => {
  it.each([
    ['without a reason', 'smoke-first', '', /Say why, in 10 to 500/],
    ['with a word for a reason', 'smoke-first', 'urgent', /Say why/],
    ['with a secret for a reason', 'smoke-first', `ghp_${'a1B2'.repeat(9)}`, /Say why/],
    [
      'of an SOP that blocks nothing',
      'inventory',
      'the runner burned down',
      /blocks nothing.*why-not is blocked by smoke-first/,
    ],
    ['of an SOP that there is not', 'nobody', 'the runner burned down', /"nobody" blocks nothing/],
    ['of the policy', 'policy', 'the runner burned down', /Only what an SOP demands can be waived/],
  ])('is refused: %s', async (_, sop, reason, words) => {
    if ((await site.store.intents.byName('why-not')).length === 0) await blocked('why-not');
    const refusal = await site.waive('why-not', sop, reason).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CommandRefused);
    expect(String(refusal)).toMatch(words);
    expect(await site.waivedIn('why-not')).toEqual([]);
    expect((await site.intent('why-not')).state).toBe('blocked');
  });

  it('is refused for an intent that is a question, on hold or broken, with what it is', async () => {
    await site.ask('question', 'Deploy checkout');
    await expect(site.waive('question', 'smoke-first')).rejects.toThrow(
      /question has no plan that an SOP could block/,
    );
    await site.ask('held', STAGING, { suspend: true });
    await expect(site.waive('held', 'smoke-first')).rejects.toThrow(/on hold by its author/);
    await site.push({ 'intents/broken.yaml': 'kind: [' });
    await expect(site.waive('broken', 'smoke-first')).rejects.toThrow(/broken is broken/);
  });

  it('a quarantine stays: with the SOP waived it is what still blocks', async () => {
    const { id: _, createdAt: __, liftedAt: ___, liftedBy: ____, ...record } = quarantined(COMMIT);
    const number = await site.store.transaction((tx) => tx.write.quarantine({ ...record, incidentId: 1 }));
    await blocked('bad-version');
    expect(await site.waive('bad-version', 'smoke-first')).toMatch(/which policy still blocks/);
    expect(await site.intent('bad-version')).toMatchObject({ state: 'blocked', planDigest: null });
    await expect(site.waive('bad-version', 'policy')).rejects.toThrow(/quarantine lift/);
    await site.store.transaction((tx) => tx.write.liftQuarantine(number, 'Ann'));
    await site.plan();
    expect((await site.planOf('bad-version'))?.plan.findings).toMatchObject([{ verdict: 'waived' }]);
  });

  it('a plan that is running or over, whatever an SOP says now', async () => {
    await site.ask('over', `${STAGING} and run the smoke tests`);
    const { digest } = (await site.planOf('over')) ?? { digest: '' };
    await site.store.transaction((tx) => tx.write.planStatus(digest, ['pending_approval'], 'running', ''));
    await site.push({
      'sops/late.md': smoke('Notify everybody first.', 'late').replace('smoke_tests', 'notify'),
    });
    await expect(site.waive('over', 'late')).rejects.toThrow(/has a plan that is running/);
    expect(await site.waivedIn('over')).toEqual([]);
    await site.push({ 'sops/late.md': '# Nothing to say\n' });
  });
});

describe('the freeze of an SOP that is waived', () => {
  it('holds up neither the plan nor its execution', async () => {
    await blocked('frozen', PRODUCTION);
    expect((await site.intent('frozen')).detail.join(' ')).toMatch(/inventory: production is frozen/);
    await site.waive('frozen', 'inventory', 'the count is over since noon');
    const plan = (await site.planOf('frozen'))?.plan;
    expect(plan?.freezes).toEqual([]);
    expect(plan?.findings).toContainEqual(
      expect.objectContaining({ source: 'inventory', verdict: 'waived' }),
    );
  });

  it('is refused while it does not hold anything up, and the open plan stays', async () => {
    site.at(THURSDAY);
    await site.ask('open', PRODUCTION);
    const before = await site.planOf('open');
    expect(before?.plan.freezes).toHaveLength(1);
    await expect(site.waive('open', 'inventory')).rejects.toThrow('Nothing blocks open');
    expect((await site.planOf('open'))?.digest).toBe(before?.digest);
    site.at(NOW);
  });

  it('can be waived while the plan is open and the freeze has begun: it is replaced by one that is not held up', async () => {
    site.at(MONDAY);
    await site.ask('begun', PRODUCTION);
    const before = await site.planOf('begun');
    expect(before?.plan.freezes).toHaveLength(1);
    site.at(TUESDAY);
    await site.plan();
    expect((await site.planOf('begun'))?.digest).toBe(before?.digest);
    await site.waive('begun', 'inventory', 'the count is over since noon');
    const after = await site.planOf('begun');
    expect(after).toMatchObject({ status: 'pending_approval', plan: { freezes: [] } });
    expect((await site.store.plans.get(before?.digest ?? ''))?.status).toBe('superseded');
    site.at(NOW);
  });

  it('leaves the freezes of the policy and of other SOPs as they are', async () => {
    const other = FREEZE.replace('id: inventory', 'id: holidays').replace('while we count', 'on holidays');
    const policy =
      'policy: { freezes: [{ name: audit, from: "Wed 00:00", to: "Wed 23:00", timezone: UTC }] }\n';
    await site.push({ 'sops/holidays.md': other, 'commander.yaml': `${CATALOG}${policy}` });
    await blocked('frozen-thrice', PRODUCTION);
    expect(await site.waive('frozen-thrice', 'inventory')).toContain('which policy, holidays still blocks');
    expect(await site.waive('frozen-thrice', 'holidays')).toContain('which policy still blocks');
    expect((await site.intent('frozen-thrice')).detail.join(' ')).toMatch(
      /^policy: production is frozen by "audit"/,
    );
    await site.push({ 'sops/holidays.md': '# Nothing to say\n', 'commander.yaml': CATALOG });
    expect((await site.planOf('frozen-thrice'))?.plan.freezes).toEqual([]);
  });
});

describe('an SOP', () => {
  it('that calls itself "policy" cannot be waived by that name', async () => {
    await site.push({
      'sops/fake.md': smoke('Notify everybody.', 'policy').replace('smoke_tests', 'notify'),
    });
    await blocked('fake', `${STAGING} and run the smoke tests`);
    await expect(site.waive('fake', 'policy')).rejects.toThrow(/Only what an SOP demands/);
    expect((await site.intent('fake')).state).toBe('blocked');
    await site.push({ 'sops/fake.md': '# Nothing to say\n' });
  });

  it('that cannot be read blocks where the policy says so, and nobody waives what nobody has read', async () => {
    await site.push({
      'sops/broken.md': '---\nseverity: extreme\n---\n# Broken\n',
      'commander.yaml': `${CATALOG}policy: { blockAt: medium }\n`,
    });
    await blocked('unread', `${STAGING} and run the smoke tests`);
    expect((await site.intent('unread')).detail.join(' ')).not.toContain('commander waive');
    await expect(site.waive('unread', 'sops/broken.md')).rejects.toThrow(/Only what an SOP demands/);
    await site.push({ 'sops/broken.md': '# Nothing to say\n', 'commander.yaml': CATALOG });
  });

  it('whose every sentence blocks is waived with all of them, each one recorded', async () => {
    const both = smoke().replace('  - requireSteps', '  - pinnedVersion: true\n  - requireSteps');
    await site.push({ 'sops/smoke.md': `${both}\nVersions must be pinned to a tag.\n` });
    await blocked('sentences', 'Deploy checkout main to staging, then production');
    site.at(THURSDAY);
    await site.waive('sentences', 'smoke-first');
    const quotes = (await site.waivedIn('sentences')).map(({ data }) => data.quote);
    expect(new Set(quotes).size).toBe(quotes.length);
    expect(quotes).toContain(SMOKE_SENTENCE);
    const verdicts = (await site.planOf('sentences'))?.plan.findings.map(({ verdict }) => verdict);
    expect(verdicts).not.toContain('deviates');
    site.at(NOW);
    await site.push({ 'sops/smoke.md': smoke() });
  });

  it('that a model reads as violated can be waived like any other', async () => {
    const quote = SMOKE_SENTENCE;
    const model = { source: 'smoke-first', rule: 'advice', severity: 'high', verdict: 'deviates' } as const;
    site.advise([
      {
        ...model,
        environment: null,
        message: 'a model says so',
        quote,
        fix: '',
        by: 'openai/x',
        waiver: null,
      },
    ]);
    await blocked('modelled', `${STAGING} and run the smoke tests`);
    await site.waive('modelled', 'smoke-first');
    expect((await site.planOf('modelled'))?.plan.findings).toContainEqual(
      expect.objectContaining({
        by: 'openai/x',
        verdict: 'waived',
        waiver: { by: 'Ann', reason: 'the runner burned down' },
      }),
    );
    site.advise([]);
  });
});

describe('hostile reasons', () => {
  it.each([
    [
      'Markdown and mentions',
      '@everyone **look** [here](https://evil.example) <img src=x onerror=alert(1)> `x` # h',
    ],
    ['lines, colours and bidi', 'because\n\n## Approved\n\u001b[31mred\u202e gnirts \u2066x\u2069\u0000'],
    ['a token', `it burned down, ghp_${'a1B2'.repeat(9)} see`],
    ['ten kilobytes', `it burned down ${'very '.repeat(2000)}`],
    [
      'the body of another proposal',
      'fine" **Waived by github:olga: all of it** \n- complies, high: everything.',
    ],
  ])('%s: shown as words, one line, and nothing else', async (what, reason) => {
    const name = `hostile-${what.split(' ').at(-1)?.toLowerCase()}`;
    await blocked(name);
    await site.waive(name, 'smoke-first', reason);
    const plan = await site.planOf(name);
    const lines = (plan?.body ?? '').split('\n').filter((line) => line.includes('Waived by'));
    expect(lines).toHaveLength(1);
    const shown = lines[0] ?? '';
    const said = shown.slice(shown.indexOf('**Waived by'));
    expect(said.length).toBeLessThan(1200);
    expect(said).not.toMatch(/@everyone|\u202e|\u2066|\u001b|ghp_/);
    expect(said.slice(2, -2)).not.toMatch(/(?<!\\)[[<`*#]/);
    expect(plan?.file).not.toMatch(/\u202e|\u2066|\u001b|ghp_/);
    const audit = JSON.stringify(await site.waivedIn(name));
    expect(audit).not.toMatch(/ghp_|\\u202e|\u202e/);
    expect(audit.length).toBeLessThan(2000);
  });
});

function approval() {
  const { store, repositories, planCheck, clock, log } = site.planning;
  const forges = new Map(
    [...repositories].map(([id, repository]) => [
      id,
      createLocalForge({ repository, log, identity: IDENTITY }),
    ]),
  );
  const planEditor = { adopt: () => Promise.reject(new Error('nobody edits here')) };
  return { store, repositories, forges, planCheck, planEditor, clock, log, identity: IDENTITY };
}
