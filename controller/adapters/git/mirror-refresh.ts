import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBranchName, ZERO_OID } from './oid.js';
import { GitFailed, type GitProgram, type GitRun } from './program.js';

/** What a remote has: its branches and tags by full name, and the branch that its HEAD names. */
export interface RemoteRefs {
  readonly refs: ReadonlyMap<string, string>;
  readonly head: string | null;
}

/** Reads the output of `git ls-remote --symref`. Names that git would not take are left out. */
export function parseRemoteRefs(output: string): RemoteRefs {
  const refs = new Map<string, string>();
  let head: string | null = null;
  for (const line of output.split('\n')) {
    const symref = /^ref: refs\/heads\/(\S+)\tHEAD$/.exec(line)?.[1];
    if (symref !== undefined && isBranchName(symref)) head = symref;
    const [, oid, name, rest] = /^([0-9a-f]{40})\t(refs\/(?:heads|tags)\/(.+))$/.exec(line) ?? [];
    if (oid === undefined || name === undefined || rest === undefined) continue;
    if (isBranchName(rest) && oid !== ZERO_OID) refs.set(name, oid);
  }
  return { refs, head };
}

export function sameRefs(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  if (left.size !== right.size) return false;
  for (const [name, oid] of left) if (right.get(name) !== oid) return false;
  return true;
}

const LOOK_MS = 60_000;
export const FETCH_MS = 600_000;
const FETCH = ['fetch', '--quiet', '--force', '--no-tags', '--no-write-fetch-head'];
const EVERYTHING = ['--prune', 'origin', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

type Git = (args: readonly string[], run?: GitRun) => Promise<Buffer>;

export interface Remote {
  readonly url: string;
  /** Value of the Authorization header for this address; null: what git is configured with. */
  readonly authorization: (() => Promise<string>) | null;
}

/** Address and credentials go through the environment: arguments can be read by every user of the machine. */
export async function remoteEnvironment({ url, authorization }: Remote): Promise<Record<string, string>> {
  const address = { GIT_CONFIG_KEY_0: 'remote.origin.url', GIT_CONFIG_VALUE_0: url };
  if (authorization === null) return { GIT_CONFIG_COUNT: '1', ...address };
  return {
    GIT_CONFIG_COUNT: '2',
    ...address,
    GIT_CONFIG_KEY_1: `http.${url}.extraHeader`,
    GIT_CONFIG_VALUE_1: `Authorization: ${await authorization()}`,
  };
}

/** The same where it is known that something has changed: one connection instead of two. HEAD stays what it was. */
export async function fetchMirror(
  git: GitProgram,
  gitDir: string,
  origin: Remote,
  signal: AbortSignal,
): Promise<void> {
  const at: Git = (args, run = {}) => git.run([`--git-dir=${gitDir}`, ...args], run);
  const run = { env: await remoteEnvironment(origin), signal, timeoutMs: FETCH_MS };
  try {
    await withoutLocks(gitDir, async () => void (await at([...FETCH, ...EVERYTHING], run)));
  } catch (error) {
    if (!(error instanceof GitFailed) || !/funny ref|not our ref/.test(error.stderr)) throw error;
    await refreshMirror(git, gitDir, origin, signal);
  }
}

/** Makes the mirror's branches, tags and HEAD those of the remote. One look when nothing has changed. */
export async function refreshMirror(
  git: GitProgram,
  gitDir: string,
  origin: Remote,
  signal: AbortSignal,
): Promise<void> {
  const at: Git = (args, run = {}) => git.run([`--git-dir=${gitDir}`, ...args], run);
  const remote = { env: await remoteEnvironment(origin), signal };
  const seen = parseRemoteRefs(
    (await at(['ls-remote', '--symref', 'origin'], { ...remote, timeoutMs: LOOK_MS })).toString('utf8'),
  );
  const format = '--format=%(objectname)%09%(refname)';
  const here = parseRemoteRefs(
    (await at(['for-each-ref', format, 'refs/heads', 'refs/tags'])).toString('utf8'),
  );
  const fetching = { ...remote, timeoutMs: FETCH_MS };
  if (!sameRefs(seen.refs, here.refs)) {
    await withoutLocks(gitDir, () => fetchChanges(at, seen.refs, here.refs, fetching));
  }
  if (seen.head === null) return;
  const head = await at(['symbolic-ref', '--quiet', 'HEAD']).catch(() => Buffer.alloc(0));
  if (head.toString('utf8').trim() === `refs/heads/${seen.head}`) return;
  await at(['symbolic-ref', 'HEAD', `refs/heads/${seen.head}`]);
}

/** All branches and tags; where the remote has names that git does not take, only the sound ones, one by one. */
async function fetchChanges(
  at: Git,
  there: ReadonlyMap<string, string>,
  here: ReadonlyMap<string, string>,
  run: GitRun,
): Promise<void> {
  try {
    await at([...FETCH, ...EVERYTHING], run);
    return;
  } catch (error) {
    if (!(error instanceof GitFailed) || !/funny ref|not our ref/.test(error.stderr)) throw error;
  }
  const gone = [...here.keys()].filter((name) => !there.has(name));
  await at(['update-ref', '--stdin'], { input: gone.map((name) => `delete ${name}\n`).join('') });
  const changed = [...there].filter(([name, oid]) => here.get(name) !== oid);
  const wanted = changed.map(([name]) => `+${name}:${name}\n`).join('');
  if (wanted !== '') await at([...FETCH, '--stdin', 'origin'], { ...run, input: wanted });
}

/** Another controller may be fetching into the same mirror; a killed one may have left its locks. */
async function withoutLocks(gitDir: string, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const locked =
        error instanceof GitFailed && /\.lock'?: File exists|cannot lock ref/i.test(error.stderr);
      if (!locked || attempt === 5) throw error;
      await removeStaleLocks(gitDir);
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
    }
  }
}

/** Takes away the locks of git programs that must have ended: they are older than any of ours may run. */
async function removeStaleLocks(gitDir: string): Promise<void> {
  const names = await readdir(gitDir, { recursive: true });
  for (const name of names.filter((entry) => entry.endsWith('.lock'))) {
    const path = join(gitDir, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > FETCH_MS) await rm(path, { force: true });
  }
}
