import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unavailable } from './failures.js';
import type { Location } from './location.js';
import { fetchMirror, type Remote, refreshMirror } from './mirror-refresh.js';
import { GitFailed, type GitProgram } from './program.js';
import { createSharedRun } from './shared-run.js';

/** A bare copy of a repository's branches and tags under our data folder. */
export interface Mirror {
  readonly id: string;
  readonly gitDir: string;
  readonly remote: Remote;
  exists(): Promise<boolean>;
  /** Brings it up to date; calls at the same time share one fetch. Throws RepositoryUnavailable. */
  refresh(signal: AbortSignal): Promise<void>;
}

export interface MirrorOptions {
  readonly git: GitProgram;
  readonly folder: string;
  readonly location: Location;
  readonly authorization?: (() => Promise<string>) | null;
  /** Refreshing is asked for only when something has changed: then that is not looked for first. */
  readonly changesAreKnown?: boolean;
}

/** File name for a repository: readable, and different for different addresses. */
export function mirrorName(location: Location): string {
  const address = location.kind === 'url' ? location.url : location.path;
  const readable =
    location.id
      .replace(/\.git\/*$/, '')
      .split(/[/:]/)
      .filter(Boolean)
      .at(-1) ?? 'repository';
  const hash = createHash('sha256').update(address).digest('hex').slice(0, 16);
  return `${readable.replace(/[^\w-]+/g, '-').slice(0, 40)}-${hash}`;
}

export function createMirror(options: MirrorOptions): Mirror {
  const { git, folder, location, authorization = null, changesAreKnown = false } = options;
  const gitDir = join(folder, `${mirrorName(location)}.git`);
  const url = location.kind === 'url' ? location.url : location.path;
  const remote: Remote = { url, authorization };
  const { id } = location;
  const exists = () =>
    stat(join(gitDir, 'HEAD')).then(
      () => true,
      () => false,
    );

  async function refresh(signal: AbortSignal): Promise<void> {
    try {
      if (location.kind === 'path') await stat(location.path);
      const known = await exists();
      if (!known) await initialise(git, folder, gitDir);
      await (known && changesAreKnown ? fetchMirror : refreshMirror)(git, gitDir, remote, signal);
    } catch (error) {
      if (!isDamage(error, gitDir)) throw unavailable(id, error);
      // The mirror is a copy: a damaged one (power cut, full disk) is made again.
      const damaged = `${gitDir}.damaged-${randomBytes(4).toString('hex')}`;
      await rename(gitDir, damaged).catch(() => {});
      await rm(damaged, { recursive: true, force: true });
      await initialise(git, folder, gitDir).catch((cause) => {
        throw unavailable(id, cause);
      });
      await refreshMirror(git, gitDir, remote, signal).catch((cause) => {
        throw unavailable(id, cause);
      });
    }
  }

  return { id, gitDir, remote, exists, refresh: createSharedRun(refresh) };
}

async function initialise(git: GitProgram, folder: string, gitDir: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${gitDir}.tmp-${randomBytes(6).toString('hex')}`;
  const settings = ['--quiet', '--bare', '--template=', '--initial-branch=main'];
  await git.run(['init', ...settings, temporary], { configuration: 'none' });
  // Another controller may have been first; then its mirror is as good.
  await rename(temporary, gitDir).catch(() => rm(temporary, { recursive: true, force: true }));
}

function isDamage(error: unknown, gitDir: string): boolean {
  if (!(error instanceof GitFailed)) return false;
  if (error.stderr.includes(`not a git repository: '${gitDir}'`)) return true;
  const said = error.stderr.split('\n').filter((line) => !line.startsWith('remote:'));
  return /object file .* is empty|loose object .* is corrupt|bad object refs\/|packfile .* (?:is corrupt|cannot be)/i.test(
    said.join('\n'),
  );
}
