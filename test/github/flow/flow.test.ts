import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GitHubSite, openGitHubSite } from './site.js';

let at: GitHubSite;
beforeAll(async () => {
  at = await openGitHubSite({
    services: ['checkout', 'orders', 'payments', 'shipping'].map((name) => ({ name })),
  });
});
afterAll(async () => {
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

describe('an intent on GitHub', () => {
  it('comes back as a pull request with green checks, and runs after its review and merge', async () => {
    const commit = await at.ask('checkout-1', 'Deploy checkout v1.0.0 to staging, then production.');
    const pull = await at.pullOf('checkout-1');
    expect(pull.title).toBe('commander(checkout-1): Deploy checkout v1.0.0: staging, then production');
    expect(await at.status(pull.head.sha, 'commander/plan', 'success')).toContain('merging approves exactly');
    await at.status(pull.head.sha, 'commander/sop', 'success');
    expect(await at.status(commit, 'commander/intent', 'success')).toContain(`#${pull.number}`);
    await at.comment(pull.number, 'waits for approval');

    expect((await at.review(pull.number)).status).toBe(200);
    expect((await at.merge(pull.number)).status).toBe(200);
    const execution = await at.site.ended('checkout-1');
    expect(execution).toMatchObject({ status: 'succeeded' });
    const { merge_commit_sha: merged } = await at.pull(pull.number);
    await at.status(merged, 'commander/staging', 'success');
    await at.status(merged, 'commander/production', 'success');
    await at.comment(pull.number, 'released');
    expect((await at.site.intent('checkout-1'))?.plan?.approvedBy).toEqual(['github:rae']);
  });
});
