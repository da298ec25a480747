import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commented,
  commitAs,
  done,
  expectNoDuplicates,
  fileAt,
  looked,
  merged,
  planOn,
  pullsOf,
  statusesOf,
  tipOf,
  told,
} from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, REPOSITORY } from './site.js';

const SERVICES = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett'.split(' ');

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

const editOf = (service: string, files: Record<string, string | null>) =>
  at.push(files, 'A change by hand', `commander/${service}-1`);

/** The edit stays where it is, its reason stands on it and in the comment; reviewed and merged, it runs nothing. */
async function refusedEdit(service: string, content: string | null, words: string | RegExp): Promise<void> {
  const pull = await plans.proposed(service);
  const head = await editOf(service, { [`plans/${service}-1.yaml`]: content });
  await commented(at, pull.number, words);
  await told(at, head, 'commander/plan', 'failure', 'Pat Person');
  await looked(at);
  expect(await tipOf(at, `commander/${service}-1`)).toBe(head);
  await done(at.review(pull.number));
  const { merge_commit_sha: commit } = await merged(at, pull.number);
  await told(at, commit, 'commander/plan', 'failure', '');
  await plans.neverRan(service);
}

describe.concurrent('a person’s commit on the branch of a plan', () => {
  it('that asks for another version is adopted into the same pull request and runs', async () => {
    const pull = await plans.proposed('alpha');
    const before = await plans.digestOf('alpha');
    const edit = await editOf('alpha', await plans.withVersion('alpha', 'v1.1.0'));
    const digest = await plans.replaced('alpha', before);
    const head = (await tipOf(at, 'commander/alpha-1')) ?? '';
    await told(at, head, 'commander/plan', 'success', digest.slice(0, 19));
    expect((await at.pull(pull.number)).title).toContain('v1.1.0');
    expect((await at.pull(pull.number)).body).toContain(digest);
    const history = await at.as('olga')(`GET /repos/${REPOSITORY}/commits?sha=commander/alpha-1&per_page=20`);
    expect(history.body.map(({ sha }: { sha: string }) => sha)).toContain(edit);
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('alpha');
    expect(await at.site.answer('alpha', 'staging')).toBe('v1.1.0');
    expect(await pullsOf(at, 'commander/alpha-1')).toEqual([pull.number]);
  });

  it('that is nonsense is refused, stays, and runs nothing', () =>
    refusedEdit('bravo', 'action: [deploy\n', /bravo-1\.yaml/));

  it('that asks for another service is refused, stays, and runs nothing', async () => {
    await plans.proposed('golf');
    const other = await planOn(at, 'golf-1');
    await refusedEdit('charlie', other, /the intent that the plan belongs to/);
  });

  it('that deletes the plan’s file is refused, stays, and runs nothing', () =>
    refusedEdit('delta', null, 'removed plans/delta-1.yaml'));

  it('that is refused can be mended by the next one', async () => {
    const pull = await plans.proposed('echo');
    const file = await planOn(at, 'echo-1');
    await editOf('echo', { 'plans/echo-1.yaml': `${file}approved: yes\n` });
    await commented(at, pull.number, 'approved');
    const head = await editOf('echo', { 'plans/echo-1.yaml': file });
    await told(at, head, 'commander/plan', 'success', 'merging approves exactly');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('echo');
  });

  it('with other files is left there, and the new head needs a review of its own', async () => {
    const pull = await plans.proposed('foxtrot');
    await done(at.review(pull.number));
    const head = await editOf('foxtrot', { 'notes/foxtrot.md': 'By the way.\n' });
    await told(at, head, 'commander/plan', 'success', 'merging approves exactly');
    await done(at.review(pull.number, 'APPROVE', 'olga'));
    await merged(at, pull.number, 'squash');
    await plans.ranOnce('foxtrot');
    expect(await fileAt(at, 'main', 'notes/foxtrot.md')).toBe('By the way.\n');
    expect((await at.site.intent('foxtrot-1'))?.plan?.approvedBy).toContain('github:olga');
  });

  it('made by "Update branch" leaves the plan as it is, and its reviewer no author', async () => {
    const pull = await plans.proposed('hotel');
    const digest = await plans.digestOf('hotel');
    await commitAs(at, 'olga', 'main', { 'notes/hotel.md': 'Main moves on.\n' });
    const path = `/repos/${REPOSITORY}/pulls/${pull.number}/update-branch`;
    await done(at.as('rae')(`PUT ${path}`, { expected_head_sha: pull.head.sha }));
    const head = (await tipOf(at, 'commander/hotel-1')) ?? '';
    expect(head).not.toBe(pull.head.sha);
    await told(at, head, 'commander/plan', 'success', 'merging approves exactly');
    expect(await plans.digestOf('hotel')).toBe(digest);
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('hotel');
  });

  it('that is reviewed and merged at once comes again as a plan of its own, and runs only then', async () => {
    const pull = await plans.proposed('india');
    await editOf('india', await plans.withVersion('india', 'v1.1.0'));
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await at.site.until(
      'india-1',
      'to ask for v1.1.0',
      ({ plan }) => plan?.title.includes('v1.1.0') ?? false,
    );
    const again = await at.pullOf('india-1');
    expect(again.number).not.toBe(pull.number);
    await plans.neverRan('india');
    await told(at, commit, 'commander/plan', 'failure', '');
    await done(at.review(again.number));
    await merged(at, again.number);
    await plans.ranOnce('india');
    expect(await at.site.answer('india', 'staging')).toBe('v1.1.0');
  });

  it('is still there when the intent changes at the same moment', async () => {
    const pull = await plans.proposed('juliett');
    await editOf('juliett', { 'notes/juliett.md': 'Mind the gap.\n' });
    await at.ask('juliett-1', 'Deploy juliett v1.1.0 to staging.');
    await at.site.until(
      'juliett-1',
      'to ask for v1.1.0',
      ({ plan }) => plan?.title.includes('v1.1.0') === true && plan.branch !== null,
    );
    const head = (await tipOf(at, 'commander/juliett-1')) ?? '';
    expect(await fileAt(at, head, 'notes/juliett.md')).toBe('Mind the gap.\n');
    await told(at, head, 'commander/plan', 'success', 'merging approves exactly');
    expect((await statusesOf(at, head)).filter(({ state }) => state !== 'success')).toEqual([]);
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('juliett');
    expect(await at.site.answer('juliett', 'staging')).toBe('v1.1.0');
  });
});
