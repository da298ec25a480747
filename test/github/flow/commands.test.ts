import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { client } from '../stand-in/support.js';
import {
  commented,
  done,
  expectNoDuplicates,
  looked,
  merged,
  openPull,
  oursUnder,
  pullsOf,
  say,
  setPull,
  told,
} from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, type PullOf, REPOSITORY, until } from './site.js';

const SERVICES =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november'.split(' ');
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;

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

async function reactionsTo(comment: number): Promise<readonly string[]> {
  const path = `/repos/${REPOSITORY}/issues/comments/${comment}/reactions`;
  const { body } = await at.as('olga')(`GET ${path}`);
  return (body as { content: string; user: { login: string } }[])
    .filter(({ user }) => user.login === at.controller)
    .map(({ content }) => content);
}

function reacted(comment: number, content: string): Promise<unknown> {
  return until(`${content} on the comment ${comment}`, async () =>
    (await reactionsTo(comment)).includes(content),
  );
}

interface Audited {
  readonly actor: string;
  readonly action: string;
  readonly reason: string;
  readonly data: { readonly comment?: number };
}

async function auditOf(comment: number): Promise<readonly Audited[]> {
  const entries = await at.site.client.get<readonly Audited[]>('/v1/audit?limit=1000');
  return entries.filter(({ data }) => data.comment === comment);
}

/** The answer is recorded a moment after the reaction. */
function audited(comment: number): Promise<readonly Audited[]> {
  return until(`the record of the comment ${comment}`, async () => {
    const entries = await auditOf(comment);
    return entries.length > 0 && entries;
  });
}

/** Says it as somebody who may write, and waits until it is carried out. */
async function obeyed(pull: number, command: string): Promise<number> {
  const comment = await say(at, pull, command);
  await reacted(comment, 'rocket');
  expect(await audited(comment)).toMatchObject([{ actor: 'person:github:rae', action: 'command.done' }]);
  return comment;
}

async function refusedWith(pull: number, command: string, words: string): Promise<number> {
  const comment = await say(at, pull, command);
  await reacted(comment, 'confused');
  await commented(at, pull, words);
  expect(await audited(comment)).toMatchObject([{ actor: 'person:github:rae', action: 'command.refused' }]);
  return comment;
}

describe.concurrent('a command in a comment', () => {
  it('is acknowledged, carried out and recorded: help, hold, resume, plan, cancel, retry', async () => {
    const pull = await plans.proposed('alpha');
    await obeyed(pull.number, '/commander help');
    await obeyed(pull.number, '/commander');
    await obeyed(pull.number, '/commander hold the customer is on the phone\n\nMore words.');
    await told(at, pull.head.sha, 'commander/plan', 'pending', 'on hold');
    await commented(at, pull.number, 'the customer is on the phone');
    await obeyed(pull.number, '/commander resume');
    await told(at, pull.head.sha, 'commander/plan', 'success', 'merging approves exactly');
    const before = await plans.digestOf('alpha');
    await obeyed(pull.number, '/commander plan');
    await plans.replaced('alpha', before);
    expect(await pullsOf(at, 'commander/alpha-1')).toEqual([pull.number]);
    await obeyed(pull.number, '/commander cancel not this week');
    await until('the pull request to be closed', async () => (await at.pull(pull.number)).state === 'closed');
    await commented(at, pull.number, 'not this week');
    await obeyed(pull.number, '/commander retry');
    const again = await at.pullOf('alpha-1');
    await done(at.review(again.number));
    await merged(at, again.number);
    await plans.ranOnce('alpha');
  });

  it('of somebody who may only read gets a reaction and nothing else', async () => {
    const pull = await plans.proposed('bravo');
    await told(at, pull.head.sha, 'commander/intent', 'success', '');
    const comment = await say(at, pull.number, '/commander cancel BECAUSE-I-SAY-SO', 'sam');
    await reacted(comment, 'confused');
    await looked(at);
    expect((await at.site.intent('bravo-1'))?.plan?.status).toBe('pending_approval');
    expect(await audited(comment)).toMatchObject([{ actor: 'person:github:sam', action: 'command.denied' }]);
    await obeyed(pull.number, '/commander help');
    expect(await commented(at, pull.number, '/commander help')).not.toContain('BECAUSE-I-SAY-SO');
  });

  it('of a bot is none', async () => {
    const pull = await plans.proposed('charlie');
    const { token } = at.github.addUser('helper', { type: 'Bot' });
    at.github.setPermission(REPOSITORY, 'helper', 'write');
    const comments = `/repos/${REPOSITORY}/issues/${pull.number}/comments`;
    const said = await done(client(at.github, token)(`POST ${comments}`, { body: '/commander cancel' }));
    await obeyed(pull.number, '/commander help');
    expect(await reactionsTo(said.body.id)).toEqual([]);
    expect((await at.site.intent('charlie-1'))?.plan?.status).toBe('pending_approval');
  });

  it('that was edited into a comment is refused', async () => {
    const pull = await plans.proposed('delta');
    const comment = await say(at, pull.number, 'Looks good to me.');
    const later = Date.now() + 2500;
    await until('the clock to go on', async () => Date.now() > later);
    const path = `/repos/${REPOSITORY}/issues/comments/${comment}`;
    await done(at.as('olga')(`PATCH ${path}`, { body: '/commander cancel' }));
    await commented(at, pull.number, 'an edited comment is no command');
    await looked(at);
    expect((await at.site.intent('delta-1'))?.plan?.status).toBe('pending_approval');
    expect(await reactionsTo(comment)).not.toContain('rocket');
  });

  it('that is delivered again, or edited after it was carried out, is carried out once', async () => {
    const pull = await plans.proposed('echo');
    const before = await plans.digestOf('echo');
    const comment = await obeyed(pull.number, '/commander plan');
    const digest = await plans.replaced('echo', before);
    for (const { id, event, payload } of at.github.deliveries(REPOSITORY))
      if (event === 'issue_comment' && JSON.stringify(payload).includes(`"id":${comment},`))
        at.github.redeliver(REPOSITORY, id);
    await at.github.webhooksSettled();
    const path = `/repos/${REPOSITORY}/issues/comments/${comment}`;
    await done(at.as('rae')(`PATCH ${path}`, { body: '/commander plan please' }));
    await looked(at);
    await obeyed(pull.number, '/commander help');
    expect(await auditOf(comment)).toHaveLength(1);
    expect(await plans.digestOf('echo')).toBe(digest);
  });

  it('that nobody knows is answered with those that there are', async () => {
    const pull = await plans.proposed('foxtrot');
    await refusedWith(pull.number, '/commander deploy everything', 'is not a command');
    const other = await say(at, pull.number, '/commanders are here');
    const quoted = await say(at, pull.number, 'You could say\n/commander cancel');
    await obeyed(pull.number, '/commander help');
    expect(await reactionsTo(other)).toEqual([]);
    expect(await reactionsTo(quoted)).toEqual([]);
    expect((await at.site.intent('foxtrot-1'))?.plan?.status).toBe('pending_approval');
  });

  it('with markup, mentions, control characters or a token in its reason shows nothing but words', async () => {
    const pull = await plans.proposed('golf');
    const reason = `@everyone <img src=x> [x](https://evil.example) \u001b[31mred\u202e \`tick\` ${TOKEN}`;
    await obeyed(pull.number, `/commander hold ${reason}`);
    const comment = await commented(at, pull.number, 'held by github');
    const status = await told(at, pull.head.sha, 'commander/plan', 'pending', 'on hold');
    for (const text of [comment, status.description]) {
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
      expect(text).not.toContain(TOKEN);
    }
    const outsideOfCode = comment.replace(/`[^`\n]*`/g, '');
    expect(outsideOfCode).not.toContain('@everyone');
    expect(outsideOfCode).not.toMatch(/(?<!\\)<img/);
    expect(outsideOfCode).not.toContain('[x](');
    expect(await at.site.log()).not.toContain(TOKEN);
    expect(JSON.stringify(await at.site.client.get('/v1/audit?limit=1000'))).not.toContain(TOKEN);
  });

  it('on a closed pull request is answered there', async () => {
    const pull = await plans.proposed('hotel');
    await setPull(at, pull.number, { state: 'closed' });
    await at.site.planIs('hotel-1', 'rejected');
    await refusedWith(pull.number, '/commander hold', 'no plan that waits or runs');
    await refusedWith(pull.number, '/commander cancel', 'nothing to cancel');
    await obeyed(pull.number, '/commander plan');
    const again = await at.pullOf('hotel-1');
    await done(at.review(again.number));
    await merged(at, again.number);
    await plans.ranOnce('hotel');
  });

  it('on an issue that is none of ours is refused with a reaction', async () => {
    const issue = await done(at.as('pat')(`POST /repos/${REPOSITORY}/issues`, { title: 'A wish', body: '' }));
    const comment = await say(at, issue.body.number, '/commander cancel');
    await reacted(comment, 'confused');
    await looked(at);
    expect(await oursUnder(at, issue.body.number)).toEqual([]);
  });

  it('on a pull request of a person without an intent is refused with a reaction', async () => {
    await done(
      at.as('olga')(`POST /repos/${REPOSITORY}/git/refs`, {
        ref: 'refs/heads/plain',
        sha: (await at.as('olga')(`GET /repos/${REPOSITORY}/git/ref/heads/main`)).body.object.sha,
      }),
    );
    await at.push({ 'notes/plain.md': 'Plain.\n' }, 'Plain', 'plain');
    const number = await openPull(at, 'pat', { head: 'plain' });
    const comment = await say(at, number, '/commander rollback staging');
    await reacted(comment, 'confused');
  });
});

describe.concurrent('a command while a plan runs', () => {
  it('rollback during the watch goes back, and says so on the merge commit', async () => {
    const first = await plans.proposed('india');
    await done(at.review(first.number));
    await merged(at, first.number);
    await plans.ranOnce('india');
    await at.ask('india-2', 'Deploy india v1.1.0 to staging and watch it for 30 minutes.');
    const pull = await at.pullOf('india-2');
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await at.site.answers('india', 'staging', 'v1.1.0');
    await obeyed(pull.number, '/commander rollback staging it smells');
    await at.site.answers('india', 'staging', 'v1.0.0');
    await told(at, commit, 'commander/staging', 'failure', 'rolled back');
    await commented(at, pull.number, /rolled back[\s\S]*it smells/);
    const incident = await until('the pull request of the incident', async () => {
      const { body } = await at.as('olga')(`GET /repos/${REPOSITORY}/pulls?state=open&per_page=100`);
      return (body as PullOf[]).find(({ head }) => head.ref.startsWith('commander/incident-'));
    });
    await commented(at, pull.number, `pull/${incident.number}`);
  });

  it('hold keeps it from the next environment until somebody resumes it', async () => {
    const pull = await plans.proposed('juliett', 'Deploy juliett v1.0.0 to staging, then production.');
    await done(at.review(pull.number));
    const hold = await say(at, pull.number, '/commander hold until Monday');
    await reacted(hold, 'rocket');
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await told(at, commit, 'commander/plan', 'failure', 'on hold');
    await plans.neverRan('juliett');
    await obeyed(pull.number, '/commander resume');
    await at.site.answers('juliett', 'staging', 'v1.0.0');
    await plans.ranOnce('juliett');
    await at.site.answers('juliett', 'production', 'v1.0.0');
  });

  it('hold while the first environment is watched stops before the second one', async () => {
    const text = 'Deploy kilo v1.0.0 to staging, then production, and watch it for 30 minutes.';
    const pull = await plans.proposed('kilo', text);
    await done(at.review(pull.number));
    const { merge_commit_sha: commit } = await merged(at, pull.number);
    await at.site.answers('kilo', 'staging', 'v1.0.0');
    await obeyed(pull.number, '/commander hold');
    await commented(at, pull.number, 'On hold');
    await obeyed(pull.number, '/commander cancel enough');
    await at.site.planIs('kilo-1', 'failed');
    await told(at, commit, 'commander/production', 'error', 'not done');
    expect(await at.site.answer('kilo', 'production')).not.toBe('v1.0.0');
    expect(await at.site.answer('kilo', 'staging')).toBe('v1.0.0');
  });

  it('rollback without an environment asks which one, where there are two', async () => {
    const pull = await plans.proposed('lima', 'Deploy lima v1.0.0 to staging, then production.');
    await refusedWith(pull.number, '/commander rollback', 'Say where');
    await refusedWith(pull.number, '/commander unlock moon', 'Say where');
    await refusedWith(pull.number, '/commander rollback staging', 'Nothing of lima serves in staging');
  });

  it('unlock takes the environment away from whatever holds it', async () => {
    const pull = await plans.proposed('mike', 'Deploy mike v1.0.0 to staging and watch it for 30 minutes.');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await at.site.answers('mike', 'staging', 'v1.0.0');
    await obeyed(pull.number, '/commander unlock staging stuck');
    await until('nobody to hold it', async () => (await at.site.lane('mike', 'staging'))?.holder === null);
  });
});
