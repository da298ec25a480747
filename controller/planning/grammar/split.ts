import { findAsides } from './asides.js';
import { breakAt } from './breaks.js';
import type { Clause, Lead } from './clause.js';
import type { Laid } from './lines.js';
import { type Open, opened, take } from './open-clause.js';

/** Cuts a laid-out text into clauses: at sentence ends, at subordinators, and at joiners that begin a new predicate. */
export function splitClauses(laid: readonly Laid[]): Clause[] {
  const out: Clause[] = [];
  let at = 0;
  while (at < laid.length) {
    const sentence = laid[at]?.sentence;
    let end = at;
    while (end < laid.length && laid[end]?.sentence === sentence) end += 1;
    splitSentence(laid.slice(at, end), out);
    at = end;
  }
  return out;
}

function splitSentence(sentence: readonly Laid[], out: Clause[]): void {
  const first = sentence[0];
  if (first === undefined) return;
  const tokens = sentence.map((item) => item.token);
  let open = opened('start', '');
  const close = (lead: Lead, word: string, told: boolean) => {
    if (open.tokens.length > 0)
      out.push({
        tokens: open.tokens,
        lead: open.lead,
        word: open.word,
        sentence: first.sentence,
        question: first.question,
        told,
      });
    open = opened(lead, word);
  };
  const asides = findAsides(tokens);
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    const told = sentence[at]?.told === true;
    const aside = asides.get(at);
    if (token === undefined) break;
    if (aside !== undefined) {
      const resume: Open = open;
      out.push({
        tokens: tokens.slice(at + 1, aside.end),
        lead: told ? 'relative' : 'aside',
        word: token.text,
        sentence: first.sentence,
        question: first.question,
        told: told || aside.quoted,
      });
      open = resume;
      at = aside.end + 1;
      continue;
    }
    const cut = breakAt(tokens, at, open);
    if (cut !== null) {
      close(cut.lead, cut.word, told);
      at += cut.skip;
      if (cut.skip > 0) continue;
    }
    const here = tokens[at];
    if (here !== undefined) take(open, here);
    at += 1;
  }
  close('start', '', sentence.at(-1)?.told === true);
}
