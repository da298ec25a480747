/** What a term counts that was probably meant by one that no passage has. */
const MEANT_WEIGHT = 0.6;
/** Unknown terms of a question that are looked into: for each, all known terms are looked through. */
const MOST_UNKNOWN = 8;

/** A question's terms, and for those that are not known the known ones that are a slip of the keys away. */
export function withMeantTerms(
  terms: ReadonlyMap<string, number>,
  known: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const unknown = [...terms].filter(
    ([term, weight]) => weight === 1 && !known.has(term) && /^[a-z]{4,20}$/.test(term),
  );
  if (unknown.length === 0) return terms;
  const all = new Map(terms);
  for (const [term] of unknown.slice(0, MOST_UNKNOWN))
    for (const near of known)
      if (isSlipOf(near, term)) all.set(near, Math.max(MEANT_WEIGHT, all.get(near) ?? 0));
  return all;
}

/** One letter wrong, missing, too many, or two exchanged; two such slips in a long word. The first letter is right. */
export function isSlipOf(term: string, written: string): boolean {
  const most = written.length >= 7 ? 2 : 1;
  if (term[0] !== written[0] || Math.abs(term.length - written.length) > most) return false;
  return slips(term, written) <= most;
}

/** Optimal string alignment distance: F. Damerau, "A technique for computer detection and correction of spelling errors", 1964. */
function slips(left: string, right: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const wrong = left[i - 1] === right[j - 1] ? 0 : 1;
      const least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + wrong);
      const exchanged = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      next.push(i > 1 && j > 1 && exchanged ? Math.min(least, (before[j - 2] ?? 0) + 1) : least);
    }
    [before, row] = [row, next];
  }
  return row[right.length] ?? 0;
}
