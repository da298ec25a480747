import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';

let site: Site;

beforeAll(async () => {
  const names = ['checkout', 'orders', 'payments', 'shipping', 'invoices', 'basket', 'search'];
  const tests = {
    'package.json': '{"name":"sample","type":"module","scripts":{"test":"node --check server.js"}}',
  };
  site = await openSite({ services: names.map((name) => ({ name, files: tests })) });
});

afterAll(() => site.close());

describe.concurrent('an intent, from its commit to last-known-good', () => {
  it('is proposed on a branch, runs after a plain git merge, serves on its port and becomes last-known-good', async () => {
    await site.ask(
      'checkout-1',
      'Deploy checkout v1.0.0 to staging, then production, and run the smoke tests.',
    );
    const plan = await site.proposed('checkout-1');
    const file = await site.people.git('show', `${plan.branch}:plans/checkout-1.yaml`);
    expect(file).toContain(`digest: ${plan.digest}`);
    expect(await site.executions('checkout')).toEqual([]);

    await site.people.merge(plan.branch);
    const execution = await site.ended('checkout-1');
    expect(execution).toMatchObject({ status: 'succeeded', plan: plan.digest });
    for (const environment of ['staging', 'production']) {
      await site.answers('checkout', environment, 'v1.0.0');
      const lane = await site.lane('checkout', environment);
      expect(lane?.lastKnownGood?.version).toBe('v1.0.0');
      expect(lane?.release?.state).toBe('good');
    }
    expect((await site.intent('checkout-1'))?.plan?.approvedBy).toEqual(['git:Pat Person <pat@example.com>']);
  });

  it('when edited supersedes its open proposal, and the one branch is brought up to date in place', async () => {
    await site.ask('orders-edit', 'Deploy orders v1.0.0 to staging');
    const first = await site.proposed('orders-edit');
    await site.ask('orders-edit', 'Deploy orders v1.1.0 to staging');
    const second = await site.proposed('orders-edit', first.digest);
    expect(second.branch).toBe(first.branch);
    expect(second.title).toContain('v1.1.0');
    await waitFor('the branch to carry the new plan', async () =>
      (await site.people.git('show', `${second.branch}:plans/orders-edit.yaml`)).includes(second.digest),
    );
    expect(
      await site.people.git('branch', '--list', 'commander/orders-edit*', '--format=%(refname:short)'),
    ).toBe('commander/orders-edit');
    const { plans } = await site.inState('orders-edit', 'planned');
    expect(plans.find((plan) => plan.digest === first.digest)).toMatchObject({
      status: 'superseded',
      branch: null,
    });
  });

  it('when deleted withdraws its proposal: the branch is gone and nothing is left to approve', async () => {
    await site.ask('orders-gone', 'Deploy orders v1.0.0 to production');
    const { branch } = await site.proposed('orders-gone');
    await site.people.commit({ 'intents/orders-gone.yaml': null }, 'Not wanted any more');
    await branchGone(branch);
    await expect(site.command('approve', { intent: 'orders-gone' })).rejects.toThrow('was deleted');
  });

  it('is held while it says suspend: true, cannot be retried past that, and goes on when it does not', async () => {
    const text = 'Deploy orders v1.0.0 to staging';
    await site.ask('orders-held', text);
    const { branch } = await site.proposed('orders-held');
    await site.ask('orders-held', text, { suspend: true });
    await site.inState('orders-held', 'suspended');
    await branchGone(branch);
    await expect(site.command('retry', { target: 'orders-held' })).rejects.toThrow('suspend');
    expect((await site.intent('orders-held'))?.state).toBe('suspended');
    await site.ask('orders-held', text, { suspend: false });
    await site.proposed('orders-held');
  });

  it('when its proposal is rejected says by whom and why, loses its branch, and is proposed again by retry only', async () => {
    await site.ask('orders-no', 'Deploy orders v1.0.0 to production');
    const first = await site.proposed('orders-no');
    await site.command('reject', { intent: 'orders-no', reason: 'not on a Friday' });
    const rejected = await site.inState('orders-no', 'rejected');
    expect(rejected.detail.join(' ')).toContain('not on a Friday');
    await branchGone(first.branch);
    await expect(site.command('approve', { intent: 'orders-no' })).rejects.toThrow('rejected');
    await site.command('retry', { target: 'orders-no' });
    const second = await site.proposed('orders-no', first.digest);
    expect(second.branch).toBe(first.branch);
  });

  it('is rejected when a person deletes its branch', async () => {
    await site.ask('orders-deleted', 'Deploy orders v1.1.0 to production');
    const { branch } = await site.proposed('orders-deleted');
    await site.people.git('branch', '--delete', '--force', branch);
    const intent = await site.inState('orders-deleted', 'rejected');
    expect(intent.detail.join(' ')).toContain('deleted without being merged');
    await waitFor('it to stay gone', async () => (await site.status()).repositories[0]?.lookedAt !== null);
    expect(await site.people.git('branch', '--list', branch)).toBe('');
  });

  it('is approved and run by commander approve in the name of who asked', async () => {
    await site.ask('invoices-1', 'Deploy invoices v1.0.0 to staging');
    await site.proposed('invoices-1');
    const answer = await site.people.alone(() =>
      site.command<{ readonly status: string; readonly approvedBy: readonly string[] }>('approve', {
        intent: 'invoices-1',
      }),
    );
    expect(answer.status).toMatch(/approved|running/);
    expect(answer.approvedBy).toEqual(['git:Pat Person <pat@example.com>']);
    expect((await site.ended('invoices-1')).status).toBe('succeeded');
    await expect(site.command('approve', { intent: 'invoices-1' })).rejects.toThrow('succeeded');
  });
});

describe.concurrent('the other actions', () => {
  it('a build leaves an artifact and changes nothing that runs', async () => {
    const execution = await site.release('payments-build', 'Build payments v1.0.0');
    expect(execution).toMatchObject({ status: 'succeeded', action: 'build' });
    const built = execution.steps.find((step) => step.step === 'build');
    expect(existsSync(join(built?.detail ?? '', 'server.js'))).toBe(true);
    expect((await site.lane('payments', 'staging'))?.release ?? null).toBe(null);
  });

  it('a test of a version runs in a candidate that no user reaches and that is gone afterwards', async () => {
    const execution = await site.release(
      'shipping-test',
      'Run the smoke tests of shipping v1.1.0 on staging',
    );
    expect(execution).toMatchObject({ status: 'succeeded', action: 'test' });
    expect(execution.steps.map((step) => step.step)).toEqual([
      'checkout',
      'build',
      'start',
      'health',
      'smoke_tests',
      'stop',
    ]);
    expect(await site.answer('shipping', 'staging')).toContain('no answer');
    expect((await site.lane('shipping', 'staging'))?.release ?? null).toBe(null);
    expect(await runningInstances('shipping')).toEqual([]);
  });

  it('a test without a version is of what runs there, and leaves it running', async () => {
    await site.release('basket-1', 'Deploy basket v1.0.0 to staging');
    const before = await site.lane('basket', 'staging');
    const execution = await site.release('basket-test', 'Run the tests of basket on staging');
    expect(execution).toMatchObject({ status: 'succeeded', action: 'test' });
    expect(execution.steps.map((step) => step.step)).toEqual(['checkout', 'run_tests']);
    await site.answers('basket', 'staging', 'v1.0.0');
    expect((await site.lane('basket', 'staging'))?.release?.id).toBe(before?.release?.id);
  });

  it('promote takes what is good in staging to production; a rollback intent goes back to the last-known-good', async () => {
    await site.ask('search-early', 'Promote search from staging to production');
    expect((await site.inState('search-early', 'question')).detail.join(' ')).toContain('nothing to promote');
    await site.release('search-1', 'Deploy search v1.0.0 to staging, then production');
    await site.release('search-2', 'Deploy search v1.1.0 to staging');
    const promoted = await site.release('search-promote', 'Promote search from staging to production');
    expect(promoted).toMatchObject({ status: 'succeeded', environments: ['production'] });
    await site.answers('search', 'production', 'v1.1.0');

    const back = await site.release('search-back', 'Roll back search in production to the last good version');
    expect(back).toMatchObject({ status: 'succeeded', action: 'rollback', kind: 'plan' });
    await site.answers('search', 'production', 'v1.0.0');
    await site.answers('search', 'staging', 'v1.1.0');
    expect((await site.lane('search', 'production'))?.lastKnownGood?.version).toBe('v1.0.0');
  });
});

describe('a plan that nobody merges in time', () => {
  it('expires, loses its branch, and is proposed again by retry', async () => {
    await site.editCatalog((catalog) => ({ ...catalog, policy: { planExpires: '2s' } }));
    await site.ask('orders-late', 'Deploy orders v1.0.0 to production');
    const first = await site.proposed('orders-late');
    const { plan } = await site.planIs('orders-late', 'expired');
    expect(plan?.reason).toContain('commander retry orders-late');
    await branchGone(first.branch);
    await expect(site.command('approve', { intent: 'orders-late' })).rejects.toThrow('expired');
    await site.command('retry', { target: 'orders-late' });
    await site.proposed('orders-late', first.digest);
  });

  it('is not run when it is merged after it expired', async () => {
    await site.editCatalog((catalog) => ({ ...catalog, policy: { planExpires: '2s' } }));
    await site.ask('orders-too-late', 'Deploy orders v1.1.0 to production');
    const { branch, digest } = await site.proposed('orders-too-late');
    await site.people.git('branch', 'kept', branch);
    await site.planIs('orders-too-late', 'expired');
    await site.people.merge('kept');
    await waitFor('the merge to be explained', async () => {
      const { repositories } = await site.status();
      return repositories[0]?.notExecuted.some(
        ({ path, reason }) => path === 'plans/orders-too-late.yaml' && reason.includes('expired'),
      );
    });
    expect((await site.executions('orders')).filter((execution) => execution.plan === digest)).toEqual([]);
  });
});

function branchGone(branch: string): Promise<true> {
  return waitFor(
    `${branch} to be gone`,
    async () => (await site.people.git('branch', '--list', branch)) === '',
  );
}

async function runningInstances(service: string): Promise<readonly string[]> {
  const { readdir } = await import('node:fs/promises');
  const folders = await readdir(join(site.dataDir, 'instances')).catch(() => []);
  return folders.filter((folder) => folder.startsWith(`${service}-`));
}
