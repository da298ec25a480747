/** A part of a sentence with one modality; `shared` is what its subject and what stands before it add to it. */
export interface Clause {
  readonly text: string;
}

const MARK = /\{M[+-][hml]\}/g;
const CONNECTOR =
  /(?:;|,|\band\b|\bbut\b|\bas well as\b|, and\b|, but\b)\s*(?:(?:also|then|that|which|they|it|these|furthermore|moreover|in addition)\s*,?\s*)*$/i;

/** "…, after each deployment to production" is about all that stands before it. */
const TRAILING = /, ((?:after|before|for|in|to|on|with) (?:[^,;{}]|\{[es]=\d+\})*\{[es]=\d+\}[^,;{}]*)$/i;

/**
 * Splits "production deployments {M+h} … and {M-h} …" at each modality. A clause without a subject of its own has that of the
 * first. null: how the parts belong together cannot be told.
 */
export function splitClauses(marked: string): readonly string[] | null {
  const marks = [...marked.matchAll(MARK)];
  if (marks.length <= 1) return [marked];
  const leading =
    /^(?:(?:in|for|to|on|before|with|when deploying to|deploying to) [^,{};]{0,60}\{[es]=[^,;]{0,60},|(?:after|before|upon|with) (?:an?|each|every|any|all|the) (?:\{[es]=\d+\} )?(?:deployments?|deploys?|releases?|rollouts?)(?: (?:to|of|in) (?:the )?\{[es]=\d+\})?,?(?= ))/i.exec(
      marked,
    )?.[0] ?? '';
  const trailing = TRAILING.exec(marked)?.[1] ?? '';
  const subject = marked.slice(0, marks[0]?.index ?? 0);
  const clauses: string[] = [];
  let from = 0;
  let prefix = '';
  for (let at = 1; at < marks.length; at += 1) {
    const before = marks[at - 1];
    const mark = marks[at];
    if (before === undefined || mark === undefined) return null;
    const start = before.index + before[0].length;
    const cut = cutBetween(marked.slice(start, mark.index));
    if (cut === null) return null;
    clauses.push(`${prefix}${marked.slice(from, start + cut.end)} ${trailing}`.trimEnd());
    from = start + cut.next;
    prefix = cut.inherits ? `${subject} ` : `${leading} `;
  }
  return [...clauses, prefix + marked.slice(from)];
}

interface Cut {
  /** End of the clause before, and start of the one after. */
  readonly end: number;
  readonly next: number;
  readonly inherits: boolean;
}

function cutBetween(text: string): Cut | null {
  const direct = CONNECTOR.exec(text);
  if (direct !== null) return { end: direct.index, next: text.length, inherits: true };
  const strong = [...text.matchAll(/;|, (?:and|but)\b|\.\s/g)].at(-1);
  if (strong !== undefined)
    return { end: strong.index, next: strong.index + strong[0].length, inherits: false };
  const weak = [...text.matchAll(/\b(?:and|but)\b|,/g)];
  const last = weak.at(-1);
  if (last === undefined) return null;
  const doubtful = weak.length > 1 && /\{[es]=/.test(text.slice(weak[0]?.index ?? 0));
  return doubtful ? null : { end: last.index, next: last.index + last[0].length, inherits: false };
}
