import type { NameIndex } from '../grammar/names.js';

/** Names that are words of SOPs, too: they are names only where what is around them says so. */
const COMMON: ReadonlySet<string> = new Set(
  `test tests testing release releases deploy main latest live int one all notify service services version versions code build builds team monitor watch smoke
  approval approvals change changes commit tag tags branch head status time week day production-like user users notification notifications order orders report reports reporting`.split(
    /\s+/,
  ),
);

/**
 * Marks the catalog's environments and services, by name, alias or what is usually meant, by their place in the index: `{e=1}`,
 * `{s=0}`.
 */
export function markNames(text: string, index: NameIndex): string {
  const words = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));
  let marked = '';
  let done = 0;
  for (let at = 0; at < words.length; ) {
    const found = nameAt(text, words, at, index);
    const first = words[at];
    const last = words[at + (found?.length ?? 1) - 1];
    if (found !== null && first !== undefined && last !== undefined) {
      marked += `${text.slice(done, first.start)}${found.mark}`;
      done = last.end;
    }
    at += found?.length ?? 1;
  }
  return marked + text.slice(done);
}

/** "payments-core", "identity-owners": a team that is called after what it looks after. */
const PEOPLE_OF =
  /^-(?:owners?|core|teams?|guild|leads?|on-?call|ops|sre|devs?|developers|maintainers?|approvers?|reviewers?|admins?|squad|crew|board|council|committee|release-managers?)\b/i;

interface Word {
  readonly start: number;
  readonly end: number;
}

function nameAt(
  text: string,
  words: readonly Word[],
  at: number,
  index: NameIndex,
): { readonly mark: string; readonly length: number } | null {
  const first = words[at];
  if (first === undefined || /[@#/{=]/.test(text[first.start - 1] ?? '')) return null;
  for (let length = Math.min(index.longest, words.length - at); length > 0; length -= 1) {
    const part = words.slice(at, at + length);
    const end = part.at(-1)?.end ?? first.end;
    if (
      part.some(
        (word, place) => place > 0 && !/^[-_. /]$/.test(text.slice(part[place - 1]?.end ?? 0, word.start)),
      )
    )
      continue;
    if (PEOPLE_OF.test(text.slice(end))) continue;
    const key = part.map((word) => text.slice(word.start, word.end).toLowerCase()).join('-');
    const [environment, another] = index.environments.get(key) ?? [];
    const [service, second] = index.services.get(key) ?? [];
    if (
      COMMON.has(key) &&
      !isNameHere(text.slice(0, first.start), text.slice(end), environment !== undefined)
    )
      continue;
    if (environment !== undefined && another === undefined && service === undefined)
      return { mark: `{e=${index.order.indexOf(environment)}}`, length };
    if (service !== undefined && second === undefined && environment === undefined)
      return { mark: `{s=${index.serviceNames.indexOf(service)}}`, length };
  }
  return null;
}

function isNameHere(before: string, after: string, environment: boolean): boolean {
  return environment
    ? (/\b(?:to|in|into|on|onto) (?:the )?$/i.test(before) ||
        /^ (?:deployments?|deploys?|rollouts?)\b/i.test(after)) &&
        !/^ (?:suites?|cases?|runs?|results?|plans?|reports?)\b/i.test(after)
    : (/^ (?:service|deployments?|api)\b/i.test(after) && /\b(?:the|for|of) $/i.test(before)) ||
        // Of many, it would be "have".
        (before === '' && /^ (?:has|needs|runs|goes|stays)\b/i.test(after));
}
