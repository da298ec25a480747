import { join } from 'node:path';
import type { Log } from '../../ports/log.js';
import {
  RepositoryUnavailable,
  type ServiceRepository,
  type VersionResolution,
} from '../../ports/repositories.js';
import { readChanges } from './changes.js';
import { exportTree, isFolder, type TreeLimits } from './export-tree.js';
import { unavailable } from './failures.js';
import { headBranch } from './gitops-location.js';
import { parseLocation } from './location.js';
import { createMirror, type Mirror, mirrorName } from './mirror.js';
import { isOid } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';
import { readSignature } from './signature.js';
import { defaultHead, type NamedRef, nameVersion, notFound, resolvedCommit } from './version.js';

export interface ServiceRepositoryOptions {
  readonly git: GitProgram;
  /** Mirrors go to `mirrors/`, exported trees to `trees/` in it. */
  readonly dataDir: string;
  readonly log: Log;
  /** Default: 1 GiB, 100,000 files. */
  readonly limits?: TreeLimits;
}

const LIMITS: TreeLimits = { maxBytes: 1024 ** 3, maxFiles: 100_000 };

interface Known {
  readonly mirror: Mirror;
  /** Folder of its exported trees. */
  readonly trees: string;
}

/** Services' repositories through bare mirrors that the git program keeps. */
export function createServiceRepository(options: ServiceRepositoryOptions): ServiceRepository {
  const { git, dataDir, log } = options;
  const known = new Map<string, Known>();

  function open(repository: string): Known {
    const before = known.get(repository);
    if (before !== undefined) return before;
    const location = parseLocation(repository);
    const mirror = createMirror({ git, folder: join(dataDir, 'mirrors'), location });
    const opened = { mirror, trees: join(dataDir, 'trees', mirrorName(location)) };
    known.set(repository, opened);
    return opened;
  }

  async function ready(repository: string, signal: AbortSignal): Promise<Known> {
    const opened = open(repository);
    if (!(await opened.mirror.exists())) await opened.mirror.refresh(signal);
    return opened;
  }

  async function hasCommit({ mirror }: Known, commit: string): Promise<boolean> {
    try {
      await git.run([`--git-dir=${mirror.gitDir}`, 'cat-file', '-e', `${commit}^{commit}`]);
      return true;
    } catch (error) {
      if (error instanceof GitFailed) return false;
      throw unavailable(mirror.id, error);
    }
  }

  return {
    async refresh(repository, signal) {
      const { mirror } = open(repository);
      await mirror.refresh(signal);
      if ((await listRefs(git, mirror)).length > 0) return;
      throw new RepositoryUnavailable(`Repository ${mirror.id} is empty. Push a commit to it.`);
    },
    async resolve(repository, { version, defaultBranch }, signal) {
      const { mirror } = await ready(repository, signal);
      try {
        const refs = await listRefs(git, mirror);
        if (version === null) {
          return defaultHead(refs, defaultBranch, await headBranch(git, [`--git-dir=${mirror.gitDir}`]));
        }
        const named = nameVersion(refs, version);
        return named.ok === 'by-hash' ? await byHash(git, mirror, refs, version, named.prefix) : named;
      } catch (error) {
        throw unavailable(mirror.id, error);
      }
    },
    async exportTree(repository, commit, signal) {
      const opened = open(repository);
      const kept = join(opened.trees, commit);
      if (isOid(commit) && (await isFolder(kept))) return kept;
      await ready(repository, signal);
      const { id, gitDir } = opened.mirror;
      if (!isOid(commit) || !(await hasCommit(opened, commit))) {
        throw new RepositoryUnavailable(
          `Commit ${commit.slice(0, 40)} is not in ${id} (any more). Push it again, or deploy another version.`,
        );
      }
      return exportTree(
        { git, gitDir, id, log, limits: options.limits ?? LIMITS },
        opened.trees,
        commit,
        signal,
      );
    },
    async signature(repository, ref, commit) {
      try {
        return await readSignature(git, open(repository).mirror.gitDir, ref, commit);
      } catch (error) {
        log.warn(
          { ref, commit, problem: String(error).slice(0, 200) },
          'whether a version is signed could not be read',
        );
        return 'unknown';
      }
    },
    async changes(repository, from, to, signal) {
      const { mirror } = open(repository);
      if (!isOid(from) || !isOid(to)) throw new RepositoryUnavailable('A commit is named by 40 hex digits');
      try {
        return await readChanges(git, mirror.gitDir, from, to, signal);
      } catch (error) {
        throw unavailable(mirror.id, error);
      }
    },
    async has(repository, commit) {
      if (!isOid(commit)) return false;
      const opened = open(repository);
      return (await isFolder(join(opened.trees, commit))) || hasCommit(opened, commit);
    },
  };
}

/** Tags (peeled) and branches that stand for commits. */
async function listRefs(git: GitProgram, mirror: Mirror): Promise<readonly NamedRef[]> {
  const format = '--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)';
  const args = [`--git-dir=${mirror.gitDir}`, 'for-each-ref', format, 'refs/heads', 'refs/tags'];
  const lines = (await git.run(args)).toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const [type, oid, peeledType, peeled, ...name] = line.split(' ');
    const commit = type === 'commit' ? oid : peeledType === 'commit' ? peeled : undefined;
    const [, folder, short] = /^refs\/(heads|tags)\/(.+)$/.exec(name.join(' ')) ?? [];
    if (commit === undefined || short === undefined) return [];
    return [{ kind: folder === 'tags' ? ('tag' as const) : ('branch' as const), name: short, commit }];
  });
}

/** The commit whose id starts so. Branch and tag names play no part here, so none can stand in for a commit. */
async function byHash(
  git: GitProgram,
  { gitDir }: Mirror,
  refs: readonly NamedRef[],
  asked: string,
  prefix: string,
): Promise<VersionResolution> {
  const at = `--git-dir=${gitDir}`;
  const matches = (await git.run([at, 'rev-parse', `--disambiguate=${prefix}`])).toString('utf8');
  const checked = await git.run([at, 'cat-file', '--batch-check=%(objecttype) %(objectname)'], {
    input: matches,
  });
  const commits = checked
    .toString('utf8')
    .split('\n')
    .filter((line) => line.startsWith('commit '))
    .map((line) => line.slice('commit '.length));
  const [only, another] = commits;
  if (only === undefined) return notFound(refs, asked);
  if (another === undefined) return resolvedCommit(asked, only);
  return {
    ok: false,
    reason: `${commits.length} commits start with "${asked}". Give more digits`,
    near: commits.slice(0, 5),
  };
}
