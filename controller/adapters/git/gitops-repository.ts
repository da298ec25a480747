import { join } from 'node:path';
import { type Clock, systemClock } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { type GitOpsRepository, ObjectMissing, RepositoryUnavailable } from '../../ports/repositories.js';
import { chooseBranch, findGitDir, headBranch } from './gitops-location.js';
import { createHistory } from './history.js';
import { parseLocation } from './location.js';
import { mergeBranch, workTreeOf } from './merge.js';
import { createMirror, type Mirror } from './mirror.js';
import { CatFile, type ObjectReader } from './object-reader.js';
import { assertTreePath, createObjectWriter, type Identity, writeTrees } from './object-writer.js';
import { assertOid } from './oid.js';
import type { GitProgram } from './program.js';
import { createPush } from './publish.js';
import { movedBy } from './reflog.js';
import { type BranchChange, createRefs, type Refs } from './refs.js';
import { createSnapshots } from './snapshots.js';

export interface GitOpsRepositoryOptions {
  readonly git: GitProgram;
  /** Path or URL. */
  readonly location: string;
  /** Protected branch; default: see chooseBranch. */
  readonly branch?: string;
  /** Folder for the mirror of a remote repository. */
  readonly dataDir: string;
  readonly log: Log;
  /** Value of the Authorization header for a URL; by default git's own configuration counts. */
  readonly authorization?: () => Promise<string>;
  /** See MirrorOptions. */
  readonly changesAreKnown?: boolean;
  /** Author and committer of what the controller writes. */
  readonly identity: Identity;
  readonly clock?: Clock;
}

export interface OpenGitOpsRepository extends GitOpsRepository {
  /** Ends the git program that reads objects; later reads start a new one. */
  close(): void;
}

/** Where objects are read and written, and how a branch is moved. */
interface Store {
  readonly gitDir: string;
  readonly refs: Refs;
  readonly head: string | null;
  readonly watchPaths: readonly string[];
  publish(change: BranchChange): Promise<void>;
  refresh(signal: AbortSignal): Promise<void>;
}

const OPEN_MS = 600_000;

/** Opens a GitOps repository. Throws RepositoryUnavailable with the reason and the fix. */
export async function createGitOpsRepository(
  options: GitOpsRepositoryOptions,
): Promise<OpenGitOpsRepository> {
  const { git, log } = options;
  const location = parseLocation(options.location);
  const store =
    location.kind === 'path'
      ? await openPath(git, location.path, location.id)
      : await openMirror(
          git,
          createMirror({
            git,
            folder: join(options.dataDir, 'mirrors'),
            location,
            authorization: options.authorization ?? null,
            changesAreKnown: options.changesAreKnown ?? false,
          }),
          log,
        );
  const branch = await chooseBranch(store.refs, location.id, options.branch, store.head);
  const objects = new CatFile(git, store.gitDir, location.id);
  return assemble({ ...options, clock: options.clock ?? systemClock }, location.id, branch, store, objects);
}

async function openPath(git: GitProgram, path: string, id: string): Promise<Store> {
  const gitDir = await findGitDir(git, path, id);
  const refs = createRefs(git, gitDir, id);
  return {
    gitDir,
    refs,
    head: await headBranch(git, ['-C', path]),
    watchPaths: [join(gitDir, 'refs', 'heads'), join(gitDir, 'packed-refs')],
    publish: refs.change,
    refresh: async () => {},
  };
}

async function openMirror(git: GitProgram, mirror: Mirror, log: Log): Promise<Store> {
  const signal = AbortSignal.timeout(OPEN_MS);
  if (await mirror.exists()) {
    await mirror.refresh(signal).catch((error: Error) => {
      log.warn(
        { repository: mirror.id, problem: error.message },
        'repository away: its last known state is used',
      );
    });
  } else {
    await mirror.refresh(signal);
  }
  const refs = createRefs(git, mirror.gitDir, mirror.id);
  return {
    gitDir: mirror.gitDir,
    refs,
    head: await headBranch(git, [`--git-dir=${mirror.gitDir}`]),
    watchPaths: [],
    publish: createPush(git, mirror, refs),
    refresh: mirror.refresh,
  };
}

function assemble(
  { git, clock, identity }: GitOpsRepositoryOptions & { readonly clock: Clock },
  id: string,
  branch: string,
  store: Store,
  objects: ObjectReader,
): OpenGitOpsRepository {
  const { gitDir, refs, publish } = store;
  const snapshots = createSnapshots(objects);
  const history = createHistory(git, gitDir, snapshots);
  const writer = createObjectWriter(gitDir);
  const notProtected = (name: string) => {
    if (name === branch)
      throw new TypeError(`${branch} is the protected branch: only a person's merge may move it.`);
  };

  return {
    id,
    branch,
    refresh: store.refresh,
    head: (name = branch) => refs.head(name),
    list: snapshots.list,
    walk: snapshots.walk,
    entry: snapshots.entry,
    async read(oid, maxBytes) {
      const object = await objects.read(oid, maxBytes);
      if (object.type !== 'blob') throw new ObjectMissing(`${oid} in ${id} is a ${object.type}, not a file.`);
      return object.content;
    },
    commit: snapshots.commit,
    contains: history.contains,
    introducedBy: history.introducedBy,
    movedBy: (commit) => movedBy(git, gitDir, branch, commit),
    branches: refs.branches,
    async writeBranch({ branch: name, expected, parents, files, message }) {
      notProtected(name);
      for (const path of Object.keys(files)) assertTreePath(path);
      const base = parents[0];
      const read = async (folder: string) =>
        base === undefined ? Buffer.alloc(0) : snapshots.folder(assertOid(base), folder);
      const tree = (await writeTrees(writer, read, new Map(Object.entries(files)))) ?? '';
      const next = await writer.commit({ tree, parents, message, identity, at: clock.now() });
      await publish({ branch: name, expected, next, reason: message.split('\n')[0] ?? '' });
      return next;
    },
    async deleteBranch(name, expected) {
      notProtected(name);
      const folder = await workTreeOf({ git, gitDir, id }, name);
      if (folder !== null) {
        throw new RepositoryUnavailable(
          `Branch ${name} is checked out in ${folder}. Check out another one there ("git switch ${branch}").`,
        );
      }
      await publish({ branch: name, expected, next: null, reason: 'deleted' });
    },
    merge: (name, expected, message, author) =>
      mergeBranch(
        { git, gitDir, id, refs, publish },
        { into: branch, branch: name, expected, message, author },
      ),
    watchPaths: () => store.watchPaths,
    close: () => objects.close(),
  };
}
