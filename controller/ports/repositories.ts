import type { PlannedVersion } from '../domain/plan.js';

/** A file as committed. */
export interface CommittedFile {
  readonly path: string;
  /** Blob id, 40 hex. */
  readonly oid: string;
  /** `symlink` and `submodule` entries are listed, never followed. */
  readonly kind: 'file' | 'symlink' | 'submodule';
}

export interface CommitInfo {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  /** ISO 8601. */
  readonly committedAt: string;
}

export interface WriteBranchRequest {
  readonly branch: string;
  /** The branch's commit as we last saw it; null: it must not exist. Otherwise RefMoved, and nothing is written. */
  readonly expected: string | null;
  readonly parents: readonly string[];
  /** Path to new content, or null to delete; everything else is taken from the first parent's tree. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly message: string;
}

export interface FilesBelow {
  readonly files: readonly CommittedFile[];
  /** false: there are more than are looked at. */
  readonly complete: boolean;
}

/** One GitOps repository: what people commit, and the branches that we write. */
export interface GitOpsRepository {
  /** Stable id: the configured path or URL without credentials. */
  readonly id: string;
  /** Name of the protected branch. */
  readonly branch: string;
  /** Brings a remote repository's refs here; a no-op for a path. Throws RepositoryUnavailable. */
  refresh(signal: AbortSignal): Promise<void>;
  /** Commit of a branch (short name, default: the protected one); null when it does not exist. */
  head(branch?: string): Promise<string | null>;
  /** Files directly in a folder at a commit (not recursive), sorted by path; empty when there is no such folder. Must be cheap to repeat: cached by tree id. */
  list(commit: string, folder: string): Promise<readonly CommittedFile[]>;
  /** Files in a folder and in the folders below it at a commit, sorted by path. Cached like `list`. */
  walk(commit: string, folder: string): Promise<FilesBelow>;
  /** A file's entry at a commit; null when it is not there. */
  entry(commit: string, path: string): Promise<CommittedFile | null>;
  /** Content of a blob; throws FileTooLarge above `maxBytes` without reading it whole where the store can tell. */
  read(oid: string, maxBytes: number): Promise<Buffer>;
  commit(oid: string): Promise<CommitInfo>;
  /** Is `ancestor` reachable from `commit`? */
  contains(commit: string, ancestor: string): Promise<boolean>;
  /** The first commit on the first-parent line of `head` from which on `path` has had its present content; null when it is not there. Bounded walk. */
  introducedBy(head: string, path: string): Promise<CommitInfo | null>;
  /** Who moved the protected branch to a commit, as the reflog has it; null where it does not say (a bare or remote repository). */
  movedBy(commit: string): Promise<{ readonly name: string; readonly email: string } | null>;
  branches(prefix: string): Promise<readonly string[]>;
  writeBranch(request: WriteBranchRequest): Promise<string>;
  deleteBranch(branch: string, expected: string): Promise<void>;
  /**
   * Merges a branch into the protected branch as `git merge --no-ff` would, in the name of a person. Where the protected
   * branch is checked out, its work tree follows. Throws MergeRefused (conflict, dirty work tree) with the fix.
   */
  merge(
    branch: string,
    expected: string,
    message: string,
    author: { readonly name: string; readonly email: string },
  ): Promise<string>;
  /** Folders whose change may mean that a ref moved; empty when only a poll can tell. */
  watchPaths(): readonly string[];
}

/** A service's repository: where versions become commits. Implementations keep a local mirror. */
export interface ServiceRepository {
  /** Throws RepositoryUnavailable (with the reason and what to do) or RepositoryEmpty. */
  refresh(repository: string, signal: AbortSignal): Promise<void>;
  resolve(repository: string, asked: VersionQuery, signal: AbortSignal): Promise<VersionResolution>;
  /** Exports the tree of a commit into a folder that is kept by commit, complete or not there at all; returns the folder. */
  exportTree(repository: string, commit: string, signal: AbortSignal): Promise<string>;
  /** Is the commit still there? */
  has(repository: string, commit: string): Promise<boolean>;
  /** Is a signature on the tag `ref` (where that is an annotated tag), or on the commit? It is not verified. Never throws. */
  signature(repository: string, ref: string, commit: string): Promise<Signature>;
  /** From one commit to another, as the mirror has them: nothing is fetched. Throws RepositoryUnavailable. */
  changes(repository: string, from: string, to: string, signal: AbortSignal): Promise<Changes>;
}

/** What came between two commits, capped. Subjects and paths are as people wrote them. */
export interface Changes {
  /** Newest first. */
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  readonly files: readonly string[];
  /** How many there are besides. */
  readonly more: { readonly commits: number; readonly files: number };
}

export type Signature = 'none' | 'present' | 'unknown';

export interface VersionQuery {
  /** As written: tag, branch, sha (7 to 40 hex), `latest`; null: head of the default branch. */
  readonly version: string | null;
  readonly defaultBranch: string | null;
}

export type VersionResolution =
  | { readonly ok: true; readonly version: PlannedVersion; readonly kind: 'tag' | 'branch' | 'commit' }
  | { readonly ok: false; readonly reason: string; readonly near: readonly string[] };

export class RepositoryUnavailable extends Error {
  override readonly name = 'RepositoryUnavailable';
}
/** A commit or file that was named by its id is not in the repository. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';
}
export class RefMoved extends Error {
  override readonly name = 'RefMoved';
}
export class FileTooLarge extends Error {
  override readonly name = 'FileTooLarge';
}
export class MergeRefused extends Error {
  override readonly name = 'MergeRefused';
}
