/** Longer ones are prose, or an attack: they are advice, if anything. */
export const SENTENCE_LENGTH = 600;

const TYPOGRAPHY: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201b\u00b4]/g, "'"],
  [/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"'],
  [/[\u2010\u2011\u2012\u2013\u2212]/g, '-'],
  [/\s*\u2014\s*/g, ', '],
  [/\u2265/g, ' at least '],
  [/\u2264/g, ' at most '],
  [/[{}~]/g, ' '],
];

const MARKUP: readonly (readonly [RegExp, string])[] = [
  [/<!--.*?(?:-->|$)/gs, ' '],
  [/<\/?[a-zA-Z][^<>]{0,200}>/g, ' '],
  [/!?\[([^[\]]{0,300})\]\([^()\s]{0,500}\)/g, '$1'],
  [/^\s*\[[ xX]\]\s*/, ''],
  [/\*+|`+/g, ''],
  [/(?<![\p{L}\p{N}])_+(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}])_+(?![\p{L}\p{N}])/gu, ''],
];

/** A sentence as it is seen when the Markdown is rendered, in plain punctuation, without what cannot be seen. */
export function plainSentence(text: string): string {
  let plain = text.replace(/\p{Cf}|\p{Mn}/gu, '').normalize('NFKC');
  for (const [pattern, by] of [...TYPOGRAPHY, ...MARKUP]) plain = plain.replace(pattern, by);
  return quoted(plain).replace(/\s+/g, ' ').trim();
}

/** A word or two in quotes is a name; more is what somebody said, and no rule of ours. */
function quoted(text: string): string {
  return text.replace(/"([^"]*)"|(?<=^|[\s(])'([^']*)'(?=$|[\s),.;:!?])/g, (_whole, double, single) => {
    const inner = String(double ?? single ?? '').trim();
    return inner.split(/\s+/).length <= 2 ? inner : ' {said} ';
  });
}

/** Latin letters beside look-alikes of other scripts in one word: what it says cannot be told. */
export function hasMixedScripts(text: string): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return words.some(
    (word) => /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word),
  );
}
