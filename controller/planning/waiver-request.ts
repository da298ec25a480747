import type { Person } from '../domain/command.js';
import type { IntentDocument } from '../domain/intent.js';
import type { KnownAuthors } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Job } from '../ports/store.js';

/** An intent as it says something in the place where somebody waives for it. */
export interface WaiverSubject {
  readonly repository: GitOpsRepository;
  readonly path: string;
  readonly document: IntentDocument;
  /** Where it was read. */
  readonly commit: string;
  /** It is on the protected branch, and only a waiver for what it says there now makes sense. */
  readonly onMain: boolean;
  /** Whose request it is, asked when it matters; null where people have no logins. */
  readonly authors: (() => Promise<KnownAuthors>) | null;
}

export interface WaiverRequest {
  readonly person: Person;
  /** On the forge; null where the person is known to git only. */
  readonly login: string | null;
  /** What was asked for, told apart with what there is to waive (the id of an SOP may have spaces). */
  readonly read: (sources: readonly string[]) => { readonly sop: string; readonly reason: string };
  /** Besides planning again: what is to be shown anew. */
  readonly followUps: readonly Job[];
}

/** A command of a comment: the SOP, then why. */
export function readWords(
  words: string,
  sources: readonly string[],
): { readonly sop: string; readonly reason: string } {
  const [first = ''] = words.split(' ', 1);
  const named = sources
    .filter((source) => words === source || words.startsWith(`${source} `))
    .sort((left, right) => right.length - left.length);
  const sop = named[0] ?? first;
  return { sop, reason: words.slice(sop.length).trim() };
}
