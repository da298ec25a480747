import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { previewIntents } from '../../controller/planning/preview.js';
import type { ChangedFile, ForgeInbox, OpenPull } from '../../controller/ports/forge-inbox.js';
import { waiveInPull } from '../../controller/triggers/waivers.js';
import { git } from '../git/support.js';
import { openWaivers, smoke, type WaiversSite } from './waivers-site.js';

let site: WaiversSite;
const HEAD = 'e'.repeat(40);
const WHY = 'the runner burned down';

/** What GitHub would say about #7. */
const github = {
  head: HEAD,
  open: true,
  files: {} as Record<string, string>,
  authors: ['pat'] as readonly string[],
  doubt: null as string | null,
};

beforeAll(async () => {
  site = await openWaivers();
  await site.push({ 'sops/smoke.md': smoke() });
  const file = (path: string): ChangedFile => ({
    path,
    kind: 'file',
    change: 'present',
    bytes: Buffer.from(github.files[path] ?? ''),
  });
  const pull = (): OpenPull => ({
    number: 7,
    branch: 'ask',
    head: github.head,
    base: 'main',
    ownBranch: true,
  });
  const inbox: ForgeInbox = {
    openPulls: async () => (github.open ? [pull()] : []),
    commentsSince: async () => [],
    changedFiles: async () => Object.keys(github.files).map(file),
    mergeGroups: async () => [],
    mayWrite: async () => true,
    authorsOfPull: async () => ({ logins: github.authors, doubt: github.doubt }),
    authorsOfIntent: async () => ({ logins: github.authors, doubt: github.doubt }),
  };
  (site.needs.inboxes as Map<string, ForgeInbox>).set(site.repository.id, inbox);
});
afterAll(() => site.close());
beforeEach(() => {
  Object.assign(github, { head: HEAD, open: true, files: {}, authors: ['pat'], doubt: null });
});

const intentText = (name: string, text = 'Deploy checkout v1.0.0 to staging') =>
  JSON.stringify({
    apiVersion: 'devopscommander.io/v1alpha1',
    kind: 'Intent',
    metadata: { name },
    spec: { text },
  });

/** Puts intents into #7, and shows what they would come to, as the preview does. */
async function bring(...names: readonly string[]): Promise<void> {
  for (const name of names) github.files[`intents/${name}.yaml`] = intentText(name);
  await preview();
}

async function preview() {
  const inbox = site.needs.inboxes.get(site.repository.id);
  const files = (await inbox?.changedFiles(7, HEAD, 'intents', 1)) ?? [];
  const intents = await previewIntents(site.needs, site.repository, files);
  const note = { remoteId: '', content: JSON.stringify({ head: HEAD, intents }) };
  await site.store.transaction((tx) => tx.write.forgeNote(site.repository.id, 'preview:7', note));
  return intents;
}

const say = (words: string, person = 'rae') =>
  waiveInPull(site.needs, { repository: site.repository.id, pull: 7, person }, words);

/** Merges what is in #7, and has it read and planned. */
async function mergeIt(): Promise<void> {
  await site.push(github.files);
  github.open = false;
}

describe('/commander waive under a pull request that brings an intent', () => {
  it('is for the intent as it is there: its preview is a plan then, and so it is after the merge', async () => {
    await bring('early');
    expect(await preview()).toMatchObject([{ outcome: 'blocked' }]);
    expect(await say(`smoke-first ${WHY}`)).toContain('smoke-first is waived for early');
    expect(await preview()).toMatchObject([
      { outcome: 'plan', plan: expect.stringContaining('Waived by github:rae') },
    ]);
    expect(await site.store.intents.byName('early')).toEqual([]);
    await mergeIt();
    expect((await site.planOf('early'))?.plan.findings).toMatchObject([{ verdict: 'waived' }]);
    expect(await site.waivedIn('early')).toMatchObject([{ actor: 'person:github:rae' }]);
  });

  it('does not count for what is pushed to it afterwards', async () => {
    await bring('later');
    await say(`smoke-first ${WHY}`);
    github.files['intents/later.yaml'] = intentText('later', 'Deploy checkout v6.6.6 to production');
    expect(await preview()).toMatchObject([{ outcome: 'blocked' }]);
    await mergeIt();
    expect(await site.intent('later')).toMatchObject({ state: 'blocked', planDigest: null });
  });

  it('is refused while something was pushed that its comment does not show yet', async () => {
    await bring('unseen');
    github.head = 'f'.repeat(40);
    await expect(say(`smoke-first ${WHY}`)).rejects.toThrow(/was pushed to and is being read/);
    expect(await site.waivedIn('unseen')).toEqual([]);
  });

  it('is for each of several intents that it blocks, and for none that it does not', async () => {
    github.files['intents/tested.yaml'] = intentText(
      'tested',
      'Deploy checkout v1.0.0 to staging and run the smoke tests',
    );
    await bring('first', 'second');
    expect(await say(`smoke-first ${WHY}`)).toMatch(/waived for first, second as it is/);
    expect(await site.waivedIn('tested')).toEqual([]);
    expect((await preview()).map(({ outcome }) => outcome)).toEqual(['plan', 'plan', 'plan']);
  });

  it.each([
    ['', /Say which SOP, and why: wrong is blocked by smoke-first/],
    ['smoke-first', /Say why/],
    ['smoke-first because', /Say why/],
    ['policy because I say so, loudly', /Only what an SOP demands/],
    [`other ${WHY}`, /"other" blocks nothing here. wrong is blocked by smoke-first/],
  ])('that says %j is refused with what there is', async (words, answer) => {
    await bring('wrong');
    await expect(say(words)).rejects.toThrow(answer);
    expect(await site.waivedIn('wrong')).toEqual([]);
  });

  it('of its own author is refused, whatever the case of the login, unless the policy lets authors approve', async () => {
    await bring('own');
    github.authors = ['Rae'];
    await expect(say(`smoke-first ${WHY}`)).rejects.toThrow(/rae is the author of own/);
    Object.assign(github, { authors: [], doubt: '#7 has more commits than GitHub lists' });
    await expect(say(`smoke-first ${WHY}`)).rejects.toThrow(/Whose request own is has to be known/);
    expect(await site.waivedIn('own')).toEqual([]);
  });

  it('that was closed without a merge is refused', async () => {
    await bring('closed');
    github.open = false;
    await expect(say(`smoke-first ${WHY}`)).rejects.toThrow(/No intent on main says what #7 brought/);
  });
});

describe('/commander waive after the merge', () => {
  it('under the pull request that brought the intent, which is planned then', async () => {
    await bring('late');
    await mergeIt();
    expect((await site.intent('late')).state).toBe('blocked');
    await say(`smoke-first ${WHY}`);
    await site.plan();
    expect((await site.planOf('late'))?.status).toBe('pending_approval');
  });

  it('is refused when the intent says something else since', async () => {
    await bring('changed');
    await mergeIt();
    await site.ask('changed', 'Deploy checkout v6.6.6 to production');
    await expect(say(`smoke-first ${WHY}`)).rejects.toThrow(/No intent on main says what #7 brought/);
    expect(await site.waivedIn('changed')).toEqual([]);
  });

  it('under the pull request of its plan, when another SOP blocks it since', async () => {
    await site.push({ 'sops/late.md': '# Nothing to say\n' });
    await site.ask('planned', 'Deploy checkout v1.0.0 to staging and run the smoke tests');
    const plan = await site.planOf('planned');
    const proposal = {
      branch: 'commander/planned',
      head: git(site.path, 'rev-parse', 'HEAD'),
      number: 9,
      url: null,
    };
    await site.store.transaction((tx) => tx.write.patchPlan(plan?.digest ?? '', { proposal }));
    await site.push({
      'sops/late.md': smoke('Everybody must be notified.', 'late').replace('smoke_tests', 'notify'),
    });
    expect((await site.intent('planned')).state).toBe('blocked');
    const comment = { repository: site.repository.id, pull: 9, person: 'rae' };
    await waiveInPull(site.needs, comment, `late ${WHY}`);
    await site.plan();
    expect((await site.planOf('planned'))?.plan.findings).toContainEqual(
      expect.objectContaining({ source: 'late', verdict: 'waived' }),
    );
    await site.ask('planned', 'Deploy checkout v1.1.0 to staging');
    await expect(waiveInPull(site.needs, comment, `late ${WHY}`)).rejects.toThrow(
      /says something else than the plan of #9/,
    );
  });

  it('under a pull request without an intent is refused', async () => {
    const comment = { repository: site.repository.id, pull: 99, person: 'rae' };
    await expect(waiveInPull(site.needs, comment, `smoke-first ${WHY}`)).rejects.toThrow(
      /neither a plan nor an intent/,
    );
  });
});
