import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intentFile } from '../../end-to-end/harness.js';
import { commented, commitAs, done, expectNoDuplicates, merged, moveBranch, tipOf, told } from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, REPOSITORY } from './site.js';

const SERVICES = 'hotel oscar papa dahlia ember iris jade kiwi'.split(' ');

let at: GitHubSite;
let plans: Plans;
beforeAll(async () => {
  at = await openGitHubSite({ services: SERVICES.map((name) => ({ name })) });
  plans = plansOf(at);
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

/** pat pushes an intent whose commit says that somebody unknown wrote it. */
function commitAsNobody(name: string, text: string): Promise<string> {
  return at.site.people.alone(async (run) => {
    for (let attempt = 1; ; attempt += 1) {
      await run('fetch', '--quiet', 'origin');
      await run('checkout', '--quiet', '-B', 'main', 'origin/main');
      await at.site.people.commitNow({ [`intents/${name}.yaml`]: intentFile(name, text) }, 'Who was it?');
      const nobody = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@nowhere.example'];
      await run(...nobody, 'commit', '--quiet', '--amend', '--no-edit', '--reset-author');
      try {
        return await run('push', '--quiet', 'origin', 'main');
      } catch (error) {
        if (attempt === 10) throw error;
      }
    }
  });
}

describe.concurrent('a review of somebody whose own request it is', () => {
  it('is not run with the review of the author of its intent', async () => {
    const pull = await plans.proposed('hotel');
    await done(at.review(pull.number, 'APPROVE', 'pat'));
    await plans.refusedIn('hotel', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'pat is the author');
  });

  it('is not run with the review of its author, though somebody else formatted the file since', async () => {
    const pull = await plans.proposed('dahlia');
    const path = 'intents/dahlia-1.yaml';
    const body = JSON.stringify({
      apiVersion: 'devopscommander.io/v1alpha1',
      kind: 'Intent',
      metadata: { name: 'dahlia-1' },
      spec: { text: 'Deploy dahlia v1.0.0 to staging.' },
    });
    await commitAs(at, 'olga', 'main', { [path]: `# formatted\n${body}\n` });
    await done(at.review(pull.number, 'APPROVE', 'pat'));
    await plans.refusedIn(
      'dahlia',
      await merged(at, pull.number, 'merge', 'pat'),
      'merged with 0 of 1 approvals',
    );
    await commented(at, pull.number, 'pat is the author');
  });

  it('is not run with the review of whoever committed its intent under another name', async () => {
    const name = 'ember-1';
    await at.site.people.alone(async (run) => {
      await run('fetch', '--quiet', 'origin');
      await run('checkout', '--quiet', '-B', 'main', 'origin/main');
      await at.site.people.commitNow(
        {
          [`intents/${name}.yaml`]: JSON.stringify({
            apiVersion: 'devopscommander.io/v1alpha1',
            kind: 'Intent',
            metadata: { name },
            spec: { text: 'Deploy ember v1.0.0 to staging.' },
          }),
        },
        'An intent of somebody else',
      );
      await run('commit', '--quiet', '--amend', '--no-edit', '--author', 'Olga <olga@example.com>');
      await run('push', '--quiet', 'origin', 'main');
    });
    const pull = await at.pullOf(name);
    await done(at.review(pull.number, 'APPROVE', 'pat'));
    await plans.refusedIn(
      'ember',
      await merged(at, pull.number, 'merge', 'pat'),
      'merged with 0 of 1 approvals',
    );
  });

  it('is not run with the review of whoever wrote its intent under a name that GitHub does not know', async () => {
    await commitAsNobody('iris-1', 'Deploy iris v1.0.0 to staging.');
    const pull = await at.pullOf('iris-1');
    await done(at.review(pull.number, 'APPROVE', 'pat'));
    const { merge_commit_sha: commit } = await merged(at, pull.number, 'merge', 'pat');
    await told(at, commit, 'commander/plan', 'failure', '');
    await plans.neverRan('iris');
  });

  it.each([
    ['jade', 'a name that GitHub does not know', 'Nobody', 'nobody@nowhere.example'],
    ['kiwi', 'the name of the controller', 'AI DevOps Commander', 'commander@localhost'],
  ])('is not run with the review of whoever edited it (%s) under %s', async (service, _as, name, email) => {
    const pull = await plans.proposed(service);
    const before = await plans.digestOf(service);
    const rae = at.as('rae');
    const [[path, content] = []] = Object.entries(await plans.withVersion(service, 'v1.1.0'));
    const entry = { path, mode: '100644', type: 'blob', content };
    const author = { name, email, date: new Date().toISOString() };
    const base = `/repos/${REPOSITORY}/git`;
    const tree = await done(rae(`POST ${base}/trees`, { base_tree: pull.head.sha, tree: [entry] }));
    const commit = { message: 'Newer', tree: tree.body.sha, parents: [pull.head.sha] };
    const { sha } = (await done(rae(`POST ${base}/commits`, { ...commit, author, committer: author }))).body;
    await moveBranch(at, `commander/${service}-1`, sha);
    await plans.replaced(service, before);
    await done(at.review(pull.number));
    const { merge_commit_sha: merge } = await merged(at, pull.number);
    await told(at, merge, 'commander/plan', 'failure', '');
    await plans.neverRan(service);
  });

  it('is not run with the review of whoever edited it', async () => {
    const pull = await plans.proposed('oscar');
    const before = await plans.digestOf('oscar');
    await commitAs(at, 'rae', 'commander/oscar-1', await plans.withVersion('oscar', 'v1.1.0'));
    await plans.replaced('oscar', before);
    await done(at.review(pull.number));
    await plans.refusedIn('oscar', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'rae is the author');
  });

  it('is not run with the review of whoever edited it in a merge commit', async () => {
    const pull = await plans.proposed('papa');
    const before = await plans.digestOf('papa');
    const [[path, content] = []] = Object.entries(await plans.withVersion('papa', 'v1.1.0'));
    const rae = at.as('rae');
    const head = (await tipOf(at, 'commander/papa-1')) ?? '';
    const entry = { path, mode: '100644', type: 'blob', content };
    const tree = await done(rae(`POST /repos/${REPOSITORY}/git/trees`, { base_tree: head, tree: [entry] }));
    const parents = [head, (await tipOf(at, 'main')) ?? ''];
    const message = "Merge branch 'main' into commander/papa-1";
    const commit = await done(
      rae(`POST /repos/${REPOSITORY}/git/commits`, { message, tree: tree.body.sha, parents }),
    );
    await moveBranch(at, 'commander/papa-1', commit.body.sha);
    await plans.replaced('papa', before);
    await done(at.review(pull.number));
    await plans.refusedIn('papa', await merged(at, pull.number), 'merged with 0 of 1 approvals');
    await commented(at, pull.number, 'rae is the author');
  });
});
