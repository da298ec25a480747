import { cut } from './cut.js';
import { redact } from './redact.js';
import type { Finding } from './sop.js';

/** Characters of a reason, at least: a word is none. */
export const SHORTEST_REASON = 10;
export const LONGEST_REASON = 500;

const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/**
 * May a person let it pass? Only what an SOP demands. What the policy, the quarantine or this machine says has a fix of its own, and of
 * an SOP that cannot be read nobody knows what there would be to waive.
 */
export function isWaivable({ source, rule }: Pick<Finding, 'source' | 'rule'>): boolean {
  return source !== 'policy' && rule !== 'unreadable';
}

/** A reason as it is kept and shown: one line, without secrets and hidden characters, and not endless. */
export function waiverReason(text: string): string {
  return cut(redact(text).replace(HIDDEN_CHARACTERS, ' ').trim(), LONGEST_REASON).trim();
}

/** Is there enough in it to be a reason? A secret that was taken out of it is none. */
export function isReason(reason: string): boolean {
  return [...reason.replaceAll('[redacted]', '').trim()].length >= SHORTEST_REASON;
}

/** For people whose plan an SOP blocks. */
export function howToWaive(intent: string, sop: string): string {
  return `To let ${sop} pass for this intent as it is: commander waive ${intent} ${sop} --reason <why>, or in the pull request /commander waive ${sop} <why>`;
}

/** For people whose edit of a proposed plan an SOP blocks: waivers are for intents. */
export function howToWaiveEdited(intent: string, sop: string): string {
  return `What was waived for ${intent} is not waived for an edit of its plan: write the change into the intent, and have ${sop} waived there`;
}
