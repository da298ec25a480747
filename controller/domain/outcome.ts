/** What a stage says after looking at one item. A throw means: try again with backoff. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'stop'; readonly reason: string };

export const done: Outcome = { kind: 'done' };
export function waitUntil(until: Date, reason: string): Outcome {
  return { kind: 'wait', until, reason };
}
export function stopBecause(reason: string): Outcome {
  return { kind: 'stop', reason };
}
