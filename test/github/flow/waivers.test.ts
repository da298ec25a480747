import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { intentFile } from '../../end-to-end/harness.js';
import { client } from '../stand-in/support.js';
import {
  commented,
  commitAs,
  done,
  expectNoDuplicates,
  looked,
  makeBranch,
  merged,
  openPull,
  say,
  told,
} from './deeds.js';
import { type Plans, plansOf } from './plans.js';
import { type GitHubSite, openGitHubSite, REPOSITORY, until } from './site.js';

const SERVICES = 'alpha bravo charlie delta echo foxtrot golf hotel india'.split(' ');
const TOKEN = `ghp_${'a1B2'.repeat(9)}`;
const WHY = 'the runner of the tests burned down';
const smoke = (id: string, services: readonly string[], sentence: string) => `---
id: ${id}
severity: high
applies: { services: [${services.join(', ')}] }
rules:
  - requireSteps: [smoke_tests]
---
# Smoke tests

${sentence}
`;

let at: GitHubSite;
let plans: Plans;
beforeAll(async () => {
  at = await openGitHubSite({
    services: SERVICES.map((name) => ({ name })),
    sops: {
      'smoke.md': smoke(
        'smoke-first',
        SERVICES.filter((name) => name !== 'hotel'),
        'The smoke tests must pass before users reach a new version.',
      ),
    },
  });
  plans = plansOf(at);
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

/** A pull request of pat with an intent that the smoke tests' SOP blocks. */
async function bring(service: string): Promise<{ readonly number: number; readonly head: string }> {
  const name = `${service}-1`;
  const branch = `ask-${service}`;
  await makeBranch(at, branch);
  const files = { [`intents/${name}.yaml`]: intentFile(name, `Deploy ${service} v1.0.0 to staging.`) };
  const head = await commitAs(at, 'pat', branch, files);
  const number = await openPull(at, 'pat', { head: branch });
  await told(at, head, 'commander/intent', 'failure', 'blocked: smoke-first');
  return { number, head };
}

interface Audited {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
  readonly data: { readonly comment?: number; readonly quote?: string };
}

async function audit(): Promise<readonly Audited[]> {
  return at.site.client.get<readonly Audited[]>('/v1/audit?limit=1000');
}

async function waivedFor(service: string): Promise<readonly Audited[]> {
  return (await audit()).filter(
    ({ action, subject }) => action === 'finding.waived' && subject === `intent:${service}-1`,
  );
}

/** What became of a command. */
function outcome(comment: number): Promise<Audited> {
  return until(`the record of the comment ${comment}`, async () =>
    (await audit()).find(({ data }) => data.comment === comment),
  );
}

async function said(pull: number, words: string, login: 'pat' | 'rae' | 'sam' = 'rae'): Promise<Audited> {
  return outcome(await say(at, pull, words, login));
}

describe.concurrent('/commander waive', () => {
  it('under the pull request of an intent: the preview is a plan, then the plan is proposed, reviewed, and runs', async () => {
    const { number, head } = await bring('alpha');
    await commented(at, number, '/commander waive smoke-first');
    expect(await said(number, `/commander waive smoke-first ${WHY}`)).toMatchObject({
      action: 'command.done',
    });
    await told(at, head, 'commander/intent', 'success', 'would be planned');
    await commented(at, number, `Waived by github:rae: ${WHY}`);
    expect(await waivedFor('alpha')).toMatchObject([
      {
        actor: 'person:github:rae',
        reason: WHY,
        data: { quote: 'The smoke tests must pass before users reach a new version.' },
      },
    ]);
    await merged(at, number);
    const pull = await at.pullOf('alpha-1');
    expect(pull.body).toContain(`Waived by github:rae: ${WHY}`);
    await plans.neverRan('alpha');
    await done(at.review(pull.number));
    await merged(at, pull.number);
    await plans.ranOnce('alpha');
  });

  it('is no approval: merged without a review, the plan is not run', async () => {
    const { number } = await bring('bravo');
    await said(number, `/commander waive smoke-first ${WHY}`);
    await merged(at, number);
    const pull = await at.pullOf('bravo-1');
    await plans.refusedIn('bravo', await merged(at, pull.number), 'merged with 0 of 1 approvals');
  });

  it('not said: the intent is never proposed nor run; said after its merge, the plan appears', async () => {
    const { number } = await bring('charlie');
    const { merge_commit_sha: commit } = await merged(at, number);
    await at.site.inState('charlie-1', 'blocked');
    await told(at, commit, 'commander/intent', 'failure', 'blocked');
    await commented(at, number, 'What became of these intents');
    await looked(at);
    await plans.neverRan('charlie');
    expect(await said(number, `/commander waive smoke-first ${WHY}`)).toMatchObject({
      action: 'command.done',
    });
    const pull = await at.pullOf('charlie-1');
    expect(pull.body).toContain(WHY);
    await told(at, commit, 'commander/intent', 'success', `planned in #${pull.number}`);
  });

  it('of the author, of somebody who may only read, and of a bot changes nothing, and they are told', async () => {
    const { number, head } = await bring('delta');
    expect(await said(number, `/commander waive smoke-first ${WHY}`, 'pat')).toMatchObject({
      action: 'command.refused',
      reason: expect.stringContaining('pat is the author of delta-1'),
    });
    expect(await said(number, `/commander waive smoke-first ${WHY}`, 'sam')).toMatchObject({
      action: 'command.denied',
      reason: expect.stringContaining('write access'),
    });
    const { token } = at.github.addUser('helper', { type: 'Bot' });
    at.github.setPermission(REPOSITORY, 'helper', 'write');
    const comments = `/repos/${REPOSITORY}/issues/${number}/comments`;
    await done(client(at.github, token)(`POST ${comments}`, { body: `/commander waive smoke-first ${WHY}` }));
    await said(number, '/commander plan');
    await looked(at);
    expect(await waivedFor('delta')).toEqual([]);
    await told(at, head, 'commander/intent', 'failure', 'blocked');
  });

  it('without a reason, of the policy, and of what blocks nothing is refused, with what would do', async () => {
    const { number } = await bring('echo');
    for (const [words, answer] of [
      ['smoke-first', 'Say why'],
      [`policy ${WHY}`, 'Only what an SOP demands'],
      [`other ${WHY}`, 'blocks nothing here. echo-1 is blocked by smoke-first'],
    ])
      expect(await said(number, `/commander waive ${words}`)).toMatchObject({
        action: 'command.refused',
        reason: expect.stringContaining(answer ?? ''),
      });
    expect(await waivedFor('echo')).toEqual([]);
  });

  it('counts for the text as it was: what is pushed afterwards is blocked again', async () => {
    const { number, head } = await bring('foxtrot');
    await said(number, `/commander waive smoke-first ${WHY}`);
    await told(at, head, 'commander/intent', 'success', 'would be planned');
    const text = 'Deploy foxtrot v1.1.0 to production.';
    const next = await commitAs(at, 'pat', 'ask-foxtrot', {
      'intents/foxtrot-1.yaml': intentFile('foxtrot-1', text),
    });
    await told(at, next, 'commander/intent', 'failure', 'blocked');
    await merged(at, number);
    await at.site.inState('foxtrot-1', 'blocked');
    await plans.neverRan('foxtrot');
  });

  it('with markup, mentions, control characters or a token in its reason shows nothing but words', async () => {
    const { number, head } = await bring('golf');
    const reason = `@everyone <img src=x> [x](https://evil.example) \u001b[31mred\u202e \`tick\` ${TOKEN}`;
    await said(number, `/commander waive smoke-first ${reason}`);
    await told(at, head, 'commander/intent', 'success', 'would be planned');
    await merged(at, number);
    const pull = await at.pullOf('golf-1');
    for (const text of [await commented(at, number, 'golf-1'), pull.body]) {
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
      const outsideOfCode = text.replace(/`[^`\n]*`/g, '');
      expect(outsideOfCode).not.toContain('@everyone');
      expect(outsideOfCode).not.toMatch(/(?<!\\)<img/);
      expect(outsideOfCode).not.toContain('[x](');
      expect(text).not.toContain(TOKEN);
    }
    expect(JSON.stringify(await audit())).not.toContain(TOKEN);
    expect(JSON.stringify(await at.site.intent('golf-1'))).not.toContain(TOKEN);
    expect(await at.site.log()).not.toContain(TOKEN);
  });

  it('under the pull request of a plan, when an SOP came after it: the next plan takes its place there', async () => {
    const pull = await plans.proposed('hotel');
    const sentence = 'Whatever reaches users was tested before.';
    await at.push({ 'sops/late.md': smoke('late', ['hotel'], sentence) }, 'Another SOP');
    await at.site.inState('hotel-1', 'blocked');
    expect(await said(pull.number, `/commander waive late ${WHY}`)).toMatchObject({ action: 'command.done' });
    const again = await at.pullOf('hotel-1');
    expect(again.body).toContain(`Waived by github:rae: ${WHY}`);
    await done(at.review(again.number, 'APPROVE', 'olga'));
    await merged(at, again.number);
    await plans.ranOnce('hotel');
  });

  it('then another wording of the SOP, before the merge: the plan is not run', async () => {
    const { number } = await bring('india');
    await said(number, `/commander waive smoke-first ${WHY}`);
    await merged(at, number);
    const pull = await at.pullOf('india-1');
    await done(at.review(pull.number));
    await at.push(
      { 'sops/india.md': smoke('stricter', ['india'], 'No version without smoke tests.') },
      'Stricter',
    );
    await merged(at, pull.number).catch(() => undefined);
    await at.site.inState('india-1', 'blocked');
    await plans.neverRan('india');
  });
});
