import { execFile } from 'node:child_process';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from '../../controller/cli/git.js';
import { waitFor } from '../support/wait-for.js';
import { intentFile, openSite, type Site } from './harness.js';

let site: Site;
const run = promisify(execFile);
const BOMB = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
].join('\n');
const good = (name: string) => intentFile(name, 'Deploy alpha v1.0.0 to staging');

/** Intent files that are not intents, and what their author is told. */
const BROKEN: readonly (readonly [string, string | Buffer, RegExp])[] = [
  [
    'unknown-field',
    good('unknown-field').replace('"text"', '"approved": true, "text"'),
    /^intents\/unknown-field\.yaml:\d+: spec\.approved: is not a known field/,
  ],
  [
    'wrong-type',
    good('wrong-type').replace('"Deploy alpha v1.0.0 to staging"', '["deploy"]'),
    /spec\.text: must be text, not a list/,
  ],
  ['two-documents', `${good('two-documents')}---\n${good('two-documents-2')}`, /one document|documents/],
  ['bomb', `${BOMB}\n`, /alias/],
  ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]), /binary/],
  ['huge', Buffer.alloc(10 * 1024 * 1024, 'a'), /at most 65536 are read/],
  ['climbing', good('../../etc/cron'), /metadata\.name/],
  ['empty', '', /empty|mapping|nothing/i],
];

beforeAll(async () => {
  const names = ['alpha', 'bravo', 'delta', 'echo', 'foxtrot'];
  site = await openSite({ services: names.map((name) => ({ name })) });
});

afterAll(() => site.close());

describe.concurrent('a file in intents/', () => {
  for (const [name, content, told] of BROKEN)
    it(`that is ${name.replaceAll('-', ' ')} is reported on itself`, async () => {
      await site.people.commit({ [`intents/${name}.yaml`]: content }, name);
      const { detail } = await site.inState(name, 'broken');
      expect(detail.join(' ')).toMatch(told);
    });

  it('that is a symlink is reported, never followed', async () => {
    await site.people.alone(async (git) => {
      await symlink('../commander.yaml', join(site.gitops, 'intents/link.yaml'));
      await git('add', 'intents/link.yaml');
      await git('commit', '--quiet', '--message', 'A link');
    });
    expect((await site.inState('link', 'broken')).detail.join(' ')).toContain('symlink');
  });

  it('that was mended is planned by itself', async () => {
    await site.people.commit({ 'intents/mended.yaml': 'apiVersion: [' }, 'Oops');
    await site.inState('mended', 'broken');
    await site.people.commit({ 'intents/mended.yaml': good('mended') }, 'Better');
    await site.proposed('mended');
  });

  it('that was renamed keeps its name and its plan comes along', async () => {
    await site.ask('moved', 'Deploy alpha v1.0.0 to production');
    await site.proposed('moved');
    await site.people.alone(async (git) => {
      await git('mv', 'intents/moved.yaml', 'intents/moved-here.yaml');
      await git('commit', '--quiet', '--message', 'A better name');
    });
    await site.until(
      'moved',
      'to be planned from its new file',
      ({ path, plan }) => path === 'intents/moved-here.yaml' && plan?.branch != null,
    );
  });
});

describe.concurrent('a service repository', () => {
  it('that does not have the version asked for says which are near', async () => {
    await site.ask('near', 'Deploy alpha v1.0.1 to staging');
    const { detail } = await site.inState('near', 'question');
    expect(detail.join(' ')).toMatch(/v1\.0\.1.*v1\.0\.0/s);
  });

  it('that is gone is waited for, with the reason, while others are planned', async () => {
    await rm(join(site.folder, 'bravo'), { recursive: true });
    await site.ask('gone', 'Deploy bravo v1.0.0 to staging');
    const { detail } = await site.inState('gone', 'waiting');
    expect(detail.join(' ')).toContain('bravo');
    await site.ask('not-gone', 'Deploy alpha v1.1.0 to production');
    await site.proposed('not-gone');
  });

  it('that is empty says so', async () => {
    const folder = join(site.folder, 'delta');
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await git(folder, 'init', '--quiet', '--initial-branch', 'main');
    await site.ask('nothing', 'Deploy delta to staging');
    const { detail } = await site.inState('nothing', 'waiting', 'question');
    expect(detail.join(' ')).toMatch(/no commit|empty/);
  });

  it('with a branch named like an option and a tag with a newline runs nothing of it, and its good tags still count', async () => {
    const folder = join(site.folder, 'echo');
    const head = await git(folder, 'rev-parse', 'HEAD');
    const marker = join(site.folder, 'pwned');
    // Plumbing takes what porcelain refuses; the packed file takes what neither does.
    await git(folder, 'update-ref', `refs/heads/--upload-pack=touch ${marker}`.replace(' ', '_'), head);
    const packed = `# pack-refs with: peeled fully-peeled sorted \n${head} refs/tags/v9.9.9\n0\n${head} refs/heads/--upload-pack=x\n`;
    await run('cp', ['-r', folder, `${folder}-hostile`]);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(`${folder}-hostile`, '.git', 'packed-refs'), packed);
    await site.ask('option', 'Deploy echo v1.0.0 to staging');
    await site.proposed('option');
    await site.ask('option-itself', 'Deploy echo to staging', { version: '--upload-pack=x' });
    await site.inState('option-itself', 'broken', 'question', 'refused');
    await site.editService('foxtrot', { repository: '../echo-hostile' });
    await site.ask('hostile', 'Deploy foxtrot v1.0.0 to staging');
    const intent = await site.until('hostile', 'to be answered', ({ state }) => state !== 'pending');
    expect(['planned', 'waiting', 'question']).toContain(intent.state);
    await expect(run('ls', [marker])).rejects.toThrow();
  });
});

describe('a catalog', () => {
  it('that is broken holds planning up with file and line, and what waited goes on by itself when it is mended', async () => {
    const text = await site.people.git('show', 'main:commander.yaml');
    await site.people.commit(
      { 'commander.yaml': 'apiVersion: devopscommander.io/v1alpha1\nkind: Catalog\nservices: {{\n' },
      'Oops',
    );
    await site.ask('patient', 'Deploy alpha v1.0.0 to staging');
    expect((await site.inState('patient', 'waiting')).detail.join(' ')).toMatch(/commander\.yaml:\d+/);
    const { repositories } = await site.status();
    expect(repositories[0]?.fileProblems.join(' ')).toMatch(/commander\.yaml:\d+/);
    await site.people.commit({ 'commander.yaml': `${text}\n` }, 'Mended');
    await site.proposed('patient');
  });

  it('that is missing, a symlink or too large says so, and what waited goes on by itself when it is there again', async () => {
    const text = await site.people.git('show', 'main:commander.yaml');
    await site.people.commit({ 'commander.yaml': null }, 'Gone');
    await site.ask('lost', 'Deploy alpha v1.1.0 to staging');
    expect((await site.inState('lost', 'waiting')).detail.join(' ')).toContain('There is no commander.yaml');
    await site.people.commit({ 'commander.yaml': Buffer.alloc(2 * 1024 * 1024, '#') }, 'Large');
    await problem(/commander\.yaml.*1024 KiB/s);
    await site.people.commit({ 'commander.yaml': `${text}\n\n` }, 'There again');
    await site.proposed('lost');
  });

  it('with one broken service holds up that service only', async () => {
    await site.editService('alpha', { run: 'node server.js' });
    await site.ask('of-broken', 'Deploy alpha v1.0.0 to staging');
    expect((await site.inState('of-broken', 'question')).detail.join(' ')).toMatch(/run/);
    await site.ask('of-another', 'Deploy echo v1.1.0 to production');
    await site.proposed('of-another');
    await site.editService('alpha', { run: ['node', 'server.js'] });
    await site.proposed('of-broken');
  });
});

function problem(pattern: RegExp): Promise<string> {
  return waitFor(`a problem ${pattern}`, async () =>
    (await site.status()).repositories[0]?.fileProblems.find((text) => pattern.test(text)),
  );
}
