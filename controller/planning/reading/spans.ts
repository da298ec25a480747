import type { Token } from '../grammar/token.js';
import type { Cited } from './answer.js';
import type { Sight } from './sight.js';

/** Places that are looked at for one citation. */
const MAX_PLACES = 64;

export type Place = readonly Token[];

/**
 * The tokens at each place where cited words literally stand in the text, from the first token's start to the last one's end: words
 * that begin or end inside a larger word, an address or a date stand nowhere. The place that the model counted comes first.
 */
export function placesOf(cited: Cited, sight: Sight): readonly Place[] {
  const wanted = cited.text.trim();
  if (wanted === '') return [];
  const places: Place[] = [];
  let counted: Place | null = null;
  let from = sight.text.indexOf(wanted);
  for (let count = 1; from >= 0 && count <= MAX_PLACES; count += 1) {
    const place = tokensBetween(sight, from, from + wanted.length);
    if (place !== null && count === cited.occurrence) counted = place;
    else if (place !== null) places.push(place);
    from = sight.text.indexOf(wanted, from + 1);
  }
  return counted === null ? places : [counted, ...places];
}

function tokensBetween(sight: Sight, start: number, end: number): Place | null {
  const first = sight.startingAt.get(start);
  if (first === undefined) return null;
  let last = first;
  while ((sight.tokens[last]?.end ?? end) < end) last += 1;
  return sight.tokens[last]?.end === end ? sight.tokens.slice(first, last + 1) : null;
}
