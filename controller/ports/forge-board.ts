import type { ForgeNote } from '../domain/records.js';

export interface CommitStatus {
  /** 40 hex. */
  readonly commit: string;
  /** `commander/plan`, `commander/production` … */
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** One line; cut to what the forge takes. */
  readonly description: string;
  readonly url: string | null;
}

/** Something to say about a line of a file, where the forge can show it there. */
export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export interface LineReport {
  readonly commit: string;
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** The summary is in a comment under a pull request, too. */
  readonly commented: boolean;
}

export interface DeploymentView {
  /** The same key is the same deployment. */
  readonly key: string;
  /** What it replaces when it succeeds: the one before of the same service and environment. */
  readonly lane: string;
  readonly commit: string;
  readonly environment: string;
  readonly state: 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
  readonly description: string;
  /** Where it can be reached; null while it cannot. */
  readonly url: string | null;
}

export interface PullView {
  readonly number: number;
  readonly url: string;
  readonly merged: boolean;
  readonly mergeCommit: string | null;
  readonly head: string;
}

export type Reaction = 'eyes' | 'rocket' | 'confused';

/**
 * What a forge shows people, besides proposals. Everything says how it should be: repeating it, or saying it again after a
 * crash, changes nothing and makes nothing twice. Throws ForgeUnavailable. Texts are Markdown whose parts from people are defused.
 */
export interface ForgeBoard {
  fileUrl(commit: string, path: string, line: number | null): string;
  pullUrl(number: number): string;
  status(status: CommitStatus): Promise<void>;
  /** Where the identity may not annotate lines, a comment on the commit says it, unless it is commented already. */
  lines(report: LineReport): Promise<void>;
  /** The one comment of ours on a pull request (or issue), edited in place. */
  comment(pull: number, body: string): Promise<void>;
  /** Labels of ours that a pull request should have; those of others stay. */
  labels(pull: number, wanted: readonly string[]): Promise<void>;
  deployment(view: DeploymentView): Promise<void>;
  /** An issue, made once for each key. Returns its number. */
  issue(key: string, title: string, body: string, label: string): Promise<number>;
  react(commentId: number, reaction: Reaction): Promise<void>;
  pull(number: number): Promise<PullView>;
  /** The merged pull request that brought a commit; null when it was pushed. */
  pullThatBrought(commit: string): Promise<number | null>;
}

/** Remembers what was written where. */
export interface ForgeNotes {
  get(key: string): Promise<ForgeNote | null>;
  put(key: string, note: ForgeNote): Promise<void>;
}
