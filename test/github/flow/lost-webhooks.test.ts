import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPulls, commented, done, expectNoDuplicates, merged, told } from './deeds.js';
import { type GitHubSite, openGitHubSite, REPOSITORY, SECRET, until } from './site.js';

/** What has to stand on GitHub when the story is over, however its webhooks came. */
const END = {
  pulls: ['commander/incident-1 open', 'commander/solo-1 merged', 'commander/solo-2 merged'],
  executions: ['plan rolled_back', 'plan succeeded', 'rollback succeeded'],
  labels: ['commander', 'commander: rolled back'],
  deployments: ['v1.0.0 success', 'v1.2.0 failure'],
  serves: 'v1.0.0',
};

for (const webhooks of ['none', 'drop', 'thrice', 'reorder'] as const)
  describe(`with webhooks: ${webhooks}`, () => {
    let at: GitHubSite;
    beforeAll(async () => {
      // With a token the controller is a user like any other, and hears of what it did itself.
      const identity = webhooks === 'thrice' ? 'token' : 'app';
      at = await openGitHubSite({ services: [{ name: 'solo' }], webhooks, identity });
    });
    afterAll(async () => {
      await expectNoDuplicates(at);
      await at.close();
      expect(at.held.breaches).toEqual([]);
    });

    it('a release and a bad one that goes back end the same way', async () => {
      await approve('solo-1', 'Deploy solo v1.0.0 to staging.');
      expect(await at.site.ended('solo-1')).toMatchObject({ status: 'succeeded' });
      const bad = await approve('solo-2', 'Deploy solo v1.2.0 to staging.');
      expect(await at.site.ended('solo-2')).toMatchObject({ status: 'rolled_back' });
      await told(at, bad.merge_commit_sha, 'commander/staging', 'failure', 'rolled back');
      await commented(at, bad.number, 'serves again');
      await until(
        'the end of the story',
        async () => JSON.stringify(await endOf(bad.number)) === JSON.stringify(END),
      ).catch(async () => expect(await endOf(bad.number)).toEqual(END));
      expect(at.github.deliveries(REPOSITORY).length > 0).toBe(webhooks !== 'none');
    });

    it('a webhook that is forged is refused, and without a secret there is no endpoint', async () => {
      const body = JSON.stringify({ repository: { id: 1, full_name: REPOSITORY } });
      const post = (signature: string) =>
        at.site.fetch('/webhooks/github', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-github-event': 'push',
            'x-github-delivery': 'd-1',
            'x-hub-signature-256': signature,
          },
          body,
        });
      const signed = (secret: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      expect((await post(signed('another secret'))).status).toBe(webhooks === 'none' ? 404 : 401);
      expect((await post(signed(SECRET))).status).toBe(webhooks === 'none' ? 404 : 202);
    });

    async function approve(name: string, text: string) {
      await at.ask(name, text);
      const pull = await at.pullOf(name);
      await at.site.proposed(name);
      await done(at.review(pull.number));
      return merged(at, pull.number);
    }

    async function endOf(bad: number): Promise<typeof END> {
      const pulls = (await allPulls(at)).map(
        (pull) => `${pull.head.ref} ${pull.state === 'open' ? 'open' : 'merged'}`,
      );
      const executions = (await at.site.executions('solo')).map(({ kind, status }) => `${kind} ${status}`);
      const { labels } = await at.pull(bad);
      return {
        pulls: pulls.sort(),
        executions: executions.sort(),
        labels: labels.map(({ name }) => name).sort(),
        deployments: await deploymentsOf(),
        serves: await at.site.answer('solo', 'staging'),
      };
    }

    /** What GitHub's environments page says of staging. */
    async function deploymentsOf(): Promise<string[]> {
      const olga = at.as('olga');
      const { body } = await done(
        olga(`GET /repos/${REPOSITORY}/deployments?environment=staging&per_page=100`),
      );
      const shown = new Map<string, string>();
      for (const { id, description } of [...body].reverse()) {
        const statuses = await done(olga(`GET /repos/${REPOSITORY}/deployments/${id}/statuses`));
        const [last] = statuses.body as { state: string }[];
        const version = /v\d+\.\d+\.\d+/.exec(description)?.[0] ?? '?';
        if (last !== undefined) shown.set(version, last.state);
      }
      return [...shown].map(([version, state]) => `${version} ${state}`).sort();
    }
  });
