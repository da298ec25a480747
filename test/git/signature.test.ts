import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServiceRepository } from '../../controller/adapters/git/service-repository.js';
import type { ServiceRepository } from '../../controller/ports/repositories.js';
import { commit, forever, git, newRepository, program, recordingLog, temporaryFolder } from './support.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let services: ServiceRepository;
const heads = new Map<string, string>();

beforeAll(async () => {
  folder = temporaryFolder();
  path = newRepository(join(folder.path, 'checkout'));
  const key = join(folder.path, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key}.pub`];
  heads.set('plain', commit(path, {}, 'nothing\n\n-----BEGIN PGP SIGNATURE-----\nwords in a message'));
  git(path, 'tag', 'light');
  git(path, 'tag', '-a', '-m', 'notes', 'annotated');
  git(path, ...signing, 'tag', '-s', '-m', 'notes', 'signed');
  git(path, ...signing, 'commit', '-q', '--allow-empty', '-S', '-m', 'a signed commit');
  heads.set('signed commit', git(path, 'rev-parse', 'HEAD'));
  services = createServiceRepository({
    git: program,
    dataDir: join(folder.path, 'data'),
    log: recordingLog(),
  });
  await services.refresh(path, forever);
});
afterAll(() => folder.remove());

const of = (head: string) => heads.get(head) ?? '';

describe('the signature of a version', () => {
  it('is on its annotated tag, or on its commit; words in a commit message are none', async () => {
    expect(await services.signature(path, 'signed', of('plain'))).toBe('present');
    expect(await services.signature(path, 'light', of('plain'))).toBe('none');
    expect(await services.signature(path, 'annotated', of('plain'))).toBe('none');
    expect(await services.signature(path, 'main', of('signed commit'))).toBe('present');
  });

  it('of a tag of another commit is not its own', async () => {
    git(path, 'tag', 'other', of('plain'));
    expect(await services.signature(path, 'signed', of('signed commit'))).toBe('present');
    const next = commit(path, {}, 'after');
    await services.refresh(path, forever);
    expect(await services.signature(path, 'signed', next)).toBe('none');
  });

  it('is not known where the commit is not, and odd names do no harm', async () => {
    expect(await services.signature(path, 'signed', 'f'.repeat(40))).toBe('unknown');
    for (const ref of ['--help', '../../heads/main', '', 'signed^{commit}', 'a b'])
      expect(await services.signature(path, ref, of('plain')), ref).toBe('none');
    expect(await services.signature(path, 'signed', '--all')).toBe('unknown');
    expect(await services.signature('/nowhere', 'signed', of('plain'))).toBe('unknown');
  });
});
