import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { computeDigest, type DeploymentPlan } from '../../controller/domain/plan.js';
import { type IntentDetail, type OpenPlan, openSite, type Site } from './harness.js';

let site: Site;

/** Deep change of what was parsed from a plan's file; the file is a person's, so nothing has to stay valid. */
type Change = (plan: DeploymentPlan) => object;

const SOP = `---
id: tight-guards
severity: high
applies: { environments: [production] }
rules:
  - guards: { errorRate: 2% }
---
# Guards

A production release goes back when more than 2 % of its requests fail.
`;

const REFUSED: readonly {
  readonly service: string;
  readonly what: string;
  readonly change: Change;
  readonly why: RegExp;
}[] = [
  {
    service: 'bravo',
    what: 'to another service',
    change: (plan) => ({ ...plan, service: { ...plan.service, name: 'alpha' } }),
    why: /service to alpha/,
  },
  {
    service: 'delta',
    what: 'to another commit under the same version',
    change: (plan) => ({ ...plan, version: { ...plan.version, commit: '0123456789'.repeat(4) } }),
    why: /version\.commit/,
  },
  {
    service: 'echo',
    what: 'to guards looser than an SOP allows',
    change: withGuards({ errorRate: 0.5 }),
    why: /tight-guards.*error rate 50 %/s,
  },
  {
    service: 'foxtrot',
    what: 'that takes out findings and makes the digest fit',
    change: (plan) => sealed({ ...plan, findings: [] }),
    why: /findings/,
  },
  {
    service: 'golf',
    what: 'that forges the digest',
    change: (plan) => ({ ...plan, digest: `sha256:${'a'.repeat(64)}` }),
    why: /digest/,
  },
  {
    service: 'hotel',
    what: 'of the program that is run',
    change: (plan) => ({ ...plan, service: { ...plan.service, run: ['node', '-e', 'process.exit()'] } }),
    why: /service\.run/,
  },
  {
    service: 'india',
    what: 'that switches before the release is healthy',
    change: (plan) => ({
      ...plan,
      environments: plan.environments.map((item) => ({
        ...item,
        steps: [...item.steps.filter((step) => step.kind !== 'health'), { kind: 'health' }],
      })),
    }),
    why: /steps/,
  },
  {
    service: 'kilo',
    what: 'that lets the plan live longer',
    change: (plan) => ({ ...plan, expiresAt: '2099-01-01T00:00:00.000Z' }),
    why: /expiresAt/,
  },
  {
    service: 'lima',
    what: 'with a field that plans do not have',
    change: (plan) => ({ ...plan, approved: true }),
    why: /approved.*not a known field/s,
  },
  {
    service: 'mike',
    what: 'to a script that is not in the catalog',
    change: (plan) => ({
      ...plan,
      environments: plan.environments.map((item) => ({
        ...item,
        steps: [
          ...item.steps,
          { kind: 'script', name: 'notify', script: { script: '../../bin/sh', args: [], timeoutSeconds: 1 } },
        ],
      })),
    }),
    why: /steps/,
  },
];

beforeAll(async () => {
  const names = ['alpha', 'oscar', 'papa', 'quebec', ...REFUSED.map(({ service }) => service)];
  site = await openSite({ services: names.map((name) => ({ name })), sops: { 'guards.md': SOP } });
});

afterAll(() => site.close());

describe.concurrent('a plan edited by a person on its own branch', () => {
  it('to another version gets a digest of its own, is checked like any other, and runs when it is merged', async () => {
    const first = await proposed('alpha');
    await edit(first, 'alpha', (plan) => ({
      ...plan,
      version: { ...plan.version, asked: 'v1.1.0', ref: 'v1.1.0' },
    }));
    const second = await site.proposed('alpha', first.digest);
    expect(second.title).toContain('v1.1.0');
    await site.until(
      'alpha',
      'to have the new plan on the branch',
      (intent) => intent.plan?.branch === first.branch,
    );
    const file = parse(await site.people.git('show', `${second.branch}:plans/alpha.yaml`)) as DeploymentPlan;
    expect(file.digest).toBe(second.digest);
    expect(computeDigest(file)).toBe(second.digest);
    expect(file.version.commit).toBe(
      await site.people.git('-C', `${site.folder}/alpha`, 'rev-parse', 'v1.1.0'),
    );
    await site.people.merge(second.branch);
    expect(await site.ended('alpha')).toMatchObject({ status: 'succeeded', plan: second.digest });
    await site.answers('alpha', 'production', 'v1.1.0');
  });

  it('to a tighter guard keeps the bounds that were not edited', async () => {
    const first = await proposed('oscar');
    await edit(first, 'oscar', withGuards({ errorRate: 0.01 }));
    const second = await site.proposed('oscar', first.digest);
    const file = parse(await site.people.git('show', `${second.branch}:plans/oscar.yaml`)) as DeploymentPlan;
    expect(file.environments[0]?.guards).toMatchObject({ errorRate: 0.01, watchSeconds: 1 });
  });

  for (const { service, what, change, why } of REFUSED)
    it(`an edit ${what} is never run, and the intent says why`, async () => {
      const plan = await proposed(service);
      await edit(plan, service, change);
      await saysWhy(service, plan, why);
      await site.people.merge(plan.branch);
      await site.until(service, 'to say that it is not the proposed plan', ({ plan: now }) =>
        /edited by hand/.test(now?.reason ?? ''),
      );
      expect(await site.executions(service)).toEqual([]);
      expect(await site.answer(service, 'production')).toContain('no answer');
    });

  it('into something that is no plan is never run, and a retry proposes it anew', async () => {
    const plan = await proposed('papa');
    await site.people.commitOn(plan.branch, { 'plans/papa.yaml': 'steps: [\u0000' }, 'Oops');
    await saysWhy('papa', plan, /the edit does not hold/);
    await site.people.git('branch', '--move', plan.branch, 'oops');
    await site.command('retry', { target: 'papa' });
    const again = await site.until(
      'papa',
      'to be proposed anew',
      ({ plan: now }) => now?.digest !== plan.digest && now?.branch != null,
    );
    await site.people.merge(again.plan?.branch ?? '');
    expect((await site.ended('papa')).status).toBe('succeeded');
  });

  it('away (the file is removed on the branch) is not run either', async () => {
    const plan = await proposed('quebec');
    await site.people.commitOn(plan.branch, { 'plans/quebec.yaml': null }, 'Not like this');
    await saysWhy('quebec', plan, /removed plans\/quebec\.yaml/);
  });
});

function withGuards(guards: object): Change {
  return (plan) => ({
    ...plan,
    environments: plan.environments.map((item) => ({ ...item, guards: { ...item.guards, ...guards } })),
  });
}

function sealed(plan: DeploymentPlan): DeploymentPlan {
  return { ...plan, digest: computeDigest(plan) };
}

async function proposed(service: string): Promise<OpenPlan> {
  await site.ask(service, `Deploy ${service} v1.0.0 to production`);
  return site.proposed(service);
}

async function edit({ branch }: OpenPlan, service: string, change: Change): Promise<void> {
  const path = `plans/${service}.yaml`;
  const plan = parse(await site.people.git('show', `${branch}:${path}`)) as DeploymentPlan;
  await site.people.commitOn(branch, { [path]: stringify(change(plan)) }, 'A small correction');
}

async function saysWhy(service: string, { digest }: OpenPlan, why: RegExp): Promise<IntentDetail> {
  const intent = await site.until(service, `to say why: ${why}`, ({ plan }) => why.test(plan?.reason ?? ''));
  expect(intent.plan).toMatchObject({ digest, status: 'pending_approval' });
  return intent;
}
