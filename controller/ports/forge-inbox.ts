/** An open pull request, as a list of them shows it. */
export interface OpenPull {
  readonly number: number;
  readonly branch: string;
  readonly head: string;
  readonly base: string;
  /** Its branch is in the repository itself, not in a fork. */
  readonly ownBranch: boolean;
}

export interface ForgeComment {
  readonly id: number;
  /** Number of the pull request or issue it stands under. */
  readonly pull: number;
  readonly login: string;
  readonly person: boolean;
  readonly body: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A YAML file that a pull request changes, at its head. `bytes` are empty unless it is a present file. */
export interface ChangedFile {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly change: 'present' | 'deleted' | 'too-large' | 'not-read';
  readonly bytes: Uint8Array;
}

/** A commit on which a merge queue waits for checks before it merges a pull request. */
export interface MergeGroup {
  readonly commit: string;
  readonly pull: number;
}

/** Whose own request something is. */
export interface KnownAuthors {
  readonly logins: readonly string[];
  /** Why there may be others; null when there are none. */
  readonly doubt: string | null;
}

/** What happens on a forge, asked for rather than told. Asking costs nothing while nothing changes. Throws ForgeUnavailable. */
export interface ForgeInbox {
  openPulls(): Promise<readonly OpenPull[]>;
  /** Comments that were written or edited since a time (inclusive), oldest change first. */
  commentsSince(time: Date): Promise<readonly ForgeComment[]>;
  /** YAML files directly in a folder that a pull request changes; only the first ones are read. */
  changedFiles(pull: number, head: string, folder: string, limit: number): Promise<readonly ChangedFile[]>;
  mergeGroups(): Promise<readonly MergeGroup[]>;
  /** Asked at the source, each time. */
  mayWrite(login: string): Promise<boolean>;
  /** Who opened a pull request, and whose commits are in it. */
  authorsOfPull(pull: number): Promise<KnownAuthors>;
  /** Who wrote an intent's file on the protected branch since it has had that revision, and who brought it there. */
  authorsOfIntent(path: string, revision: string): Promise<KnownAuthors>;
}
