import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approve, retryIntent } from '../../controller/approval/commands.js';
import { settlePlan } from '../../controller/approval/settle.js';
import { CommandRefused } from '../../controller/domain/command.js';
import { type DeploymentPlan, sealPlan } from '../../controller/domain/plan.js';
import { renderPlan } from '../../controller/planning/documents/plan.js';
import { makePlan } from '../documents/plan-example.js';
import { ANN, git } from '../git/support.js';
import { intent, NOON, plan } from '../postgres/samples.js';
import { openApproval } from './support.js';

let site: Awaited<ReturnType<typeof openApproval>>;

beforeAll(async () => {
  site = await openApproval();
});
afterAll(() => site.close());

function named(name: string, expiresAt: Date): DeploymentPlan {
  const { digest: _, ...rest } = makePlan();
  return sealPlan({
    ...rest,
    intent: { ...rest.intent, name },
    expiresAt: expiresAt.toISOString(),
  });
}

async function recorded(name: string, status: 'failed' | 'pending_approval', expiresAt: Date) {
  const sealed = named(name, expiresAt);
  const record = plan(name, {
    digest: sealed.digest,
    plan: sealed,
    file: renderPlan(sealed),
    status,
    expiresAt,
  });
  await site.store.transaction(async (tx) => {
    await tx.write.plan(record);
    await tx.write.intent(intent(name, { state: 'planned', planDigest: record.digest }));
  });
  return record;
}

const LATER = new Date(NOON.getTime() + 3600_000);

describe('retry', () => {
  it('runs a failed plan once, however many ask at the same time', async () => {
    const { digest } = await recorded('twice', 'failed', LATER);
    const asked = await Promise.allSettled(
      Array.from({ length: 4 }, () => retryIntent(site.needs, 'twice', ANN)),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of asked)
      if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(CommandRefused);
    expect(await site.store.executions.ofPlan(digest)).toHaveLength(1);
    const audit = await site.store.audit.about('intent:twice', 10);
    expect(audit.filter(({ action }) => action === 'intent.retried')).toHaveLength(1);
  });
});

describe('approve', () => {
  it('refuses a plan that has expired, and merges nothing', async () => {
    const { digest } = await recorded('late', 'pending_approval', LATER);
    await settlePlan(site.needs, digest);
    const proposal = (await site.store.plans.get(digest))?.proposal;
    expect(proposal?.branch).toBe('commander/late');
    const before = git(site.path, 'rev-parse', 'main');
    const tomorrow = { ...site.needs, clock: { now: () => new Date(LATER.getTime() + 1) } };
    await expect(approve(tomorrow, 'late', ANN)).rejects.toThrow(/expired.*commander retry late/);
    expect(git(site.path, 'rev-parse', 'main')).toBe(before);
    expect((await site.store.plans.get(digest))?.status).toBe('expired');
  });
});
