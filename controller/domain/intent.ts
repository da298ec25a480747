import { digestOf, sha256 } from './json.js';
import type { Problem } from './problem.js';

export const API_VERSION = 'devopscommander.io/v1alpha1';

export const ACTIONS = ['deploy', 'rollback', 'test', 'build'] as const;
export type Action = (typeof ACTIONS)[number];

export const POST_STEPS = ['run_tests', 'smoke_tests', 'notify'] as const;
export type PostStep = (typeof POST_STEPS)[number];

/** What somebody wants, in their words, plus optional pinned fields. A pinned field that contradicts the text is a question. */
export interface IntentSpec {
  readonly text: string;
  readonly suspend: boolean;
  readonly action?: Action;
  readonly service?: string;
  readonly version?: string;
  readonly environments?: readonly string[];
}

/** Where an intent was read: file `path` of repository `repository` (its configured id) at `commit`. */
export interface IntentSource {
  readonly repository: string;
  readonly path: string;
  readonly commit: string;
}

export interface IntentDocument {
  readonly name: string;
  readonly spec: IntentSpec;
}

/** The outcome of reading one intent file. */
export type ParsedIntent =
  | { readonly ok: true; readonly document: IntentDocument }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Of records that claim one name: those that stand; where none does, the broken ones; else those that were withdrawn. */
export function foremost<T extends { readonly state: IntentState }>(claims: readonly T[]): readonly T[] {
  const standing = claims.filter(({ state }) => state !== 'broken' && state !== 'withdrawn');
  if (standing.length > 0) return standing;
  const broken = claims.filter(({ state }) => state === 'broken');
  return broken.length > 0 ? broken : claims;
}

export const INTENT_FOLDER = 'intents';

/** The id of the intent that a file of a repository is. */
export function intentId(repository: string, path: string): string {
  return sha256(`${repository}\0${path}`).slice(0, 16);
}

/** Hash of what an intent says; formatting, comments and labels do not change it. */
export function intentRevision(document: IntentDocument): string {
  return digestOf({ name: document.name, spec: document.spec });
}

/**
 * Where an intent stands:
 * `pending` to be planned · `broken` the file has problems · `suspended` on hold by its author · `question` needs an answer ·
 * `refused` asks for what is not ours to do · `waiting` planning will be tried again by itself (repository away, freeze) ·
 * `blocked` policy or an SOP forbids the plan · `planned` has a plan: see the plan's status · `withdrawn` its file is gone ·
 * `rejected` a person said no to its plan.
 */
export type IntentState =
  | 'pending'
  | 'broken'
  | 'suspended'
  | 'question'
  | 'refused'
  | 'waiting'
  | 'blocked'
  | 'planned'
  | 'rejected'
  | 'withdrawn';
