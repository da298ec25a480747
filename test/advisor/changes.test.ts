import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServiceRepository } from '../../controller/adapters/git/service-repository.js';
import { RepositoryUnavailable } from '../../controller/ports/repositories.js';
import {
  commit,
  forever,
  git,
  newRepository,
  program,
  recordingLog,
  temporaryFolder,
} from '../git/support.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let services: ReturnType<typeof createServiceRepository>;

beforeEach(() => {
  folder = temporaryFolder();
  path = newRepository(join(folder.path, 'shop'), { 'server.js': 'one\n' });
  services = createServiceRepository({
    git: program,
    dataDir: join(folder.path, 'data'),
    log: recordingLog(),
  });
});
afterEach(() => folder.remove());

const head = () => git(path, 'rev-parse', 'HEAD');

describe('what changed between two versions', () => {
  it('is the commits that came, newest first, and the files that differ, with names as they are', async () => {
    const from = head();
    commit(path, { 'a b.txt': 'x' }, 'First of two\n\nIts body.');
    const last = commit(path, { 'ä\n"x.txt': 'y' }, 'Second: "quoted" \u202e');
    await services.refresh(path, forever);
    expect(await services.changes(path, from, last, forever)).toEqual({
      commits: [
        { commit: last, subject: 'Second: "quoted" \u202e' },
        { commit: git(path, 'rev-parse', 'HEAD~1'), subject: 'First of two' },
      ],
      files: ['a b.txt', 'ä\n"x.txt'],
      more: { commits: 0, files: 0 },
    });
  });

  it('is capped, and says how much more there is', async () => {
    const from = head();
    for (let number = 0; number < 55; number += 1)
      commit(path, {}, `Commit ${number} ${'long '.repeat(100)}`);
    const files = Object.fromEntries(Array.from({ length: 120 }, (_, number) => [`f/${number}`, 'x']));
    const last = commit(path, files, 'Many files');
    await services.refresh(path, forever);
    const changes = await services.changes(path, from, last, forever);
    expect(changes.more).toEqual({ commits: 6, files: 20 });
    expect([changes.commits.length, changes.files.length]).toEqual([50, 100]);
    for (const { subject } of changes.commits) expect(subject.length).toBeLessThanOrEqual(200);
  });

  it('is nothing for the same commit, and for an older one only files', async () => {
    const old = head();
    const last = commit(path, { 'new.txt': 'x' });
    await services.refresh(path, forever);
    expect(await services.changes(path, last, last, forever)).toMatchObject({ commits: [], files: [] });
    expect(await services.changes(path, last, old, forever)).toMatchObject({
      commits: [],
      files: ['new.txt'],
    });
  });

  it('cannot be told of commits that are not there, or of what is no commit id', async () => {
    await services.refresh(path, forever);
    for (const bad of ['f'.repeat(40), 'main', '--output=/tmp/x', 'HEAD', ''])
      await expect(services.changes(path, bad, head(), forever)).rejects.toThrow(RepositoryUnavailable);
    await expect(services.changes('/nowhere', head(), head(), forever)).rejects.toThrow(
      RepositoryUnavailable,
    );
  });
});
