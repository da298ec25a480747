/** Letters of other scripts that look like Latin ones (the part of Unicode's confusables that attacks use). */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', е: 'e', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p', с: 'c', т: 't', у: 'y', х: 'x', ѕ: 's', і: 'i', ї: 'i', ј: 'j', ԁ: 'd', ԛ: 'q', ԝ: 'w',
  һ: 'h', ү: 'y', ӏ: 'l', ɡ: 'g', ɩ: 'i', ı: 'i', ł: 'l', ø: 'o', đ: 'd', ħ: 'h', ŧ: 't', ß: 'ss', æ: 'ae', œ: 'oe', ƅ: 'b', ց: 'g', հ: 'h', ո: 'n', օ: 'o', ս: 'u', զ: 'q',
  α: 'a', β: 'b', γ: 'y', ε: 'e', η: 'n', ι: 'i', κ: 'k', μ: 'u', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', τ: 't', υ: 'u', χ: 'x', ω: 'w', ѵ: 'v', п: 'n', г: 'r', ь: 'b', з: '3',
}; // biome-ignore format: a table

const ASCII = /^[\x20-\x7e]*$/;
const LATIN = /\p{Script=Latin}/u;
const LOOKALIKE_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;

/** Lower-case Latin skeleton: look-alikes resolved, accents stripped. Words wholly in another script stay as they are. */
export function skeleton(lower: string): string {
  if (ASCII.test(lower)) return lower;
  const bare = lower.normalize('NFKD').replace(/\p{M}/gu, '');
  if (!LATIN.test(bare) && !allLookAlike(bare)) return lower;
  let out = '';
  for (const char of bare) out += LOOKS_LIKE[char] ?? char;
  return out;
}

/** Latin mixed with look-alike scripts, or wholly made of look-alikes: made to be read as something it is not. */
export function isDisguised(lower: string): boolean {
  if (ASCII.test(lower) || !LOOKALIKE_SCRIPT.test(lower)) return false;
  return LATIN.test(lower) || /[0-9]/.test(lower);
}

function allLookAlike(text: string): boolean {
  for (const char of text) if (LOOKS_LIKE[char] === undefined && !ASCII.test(char)) return false;
  return true;
}
