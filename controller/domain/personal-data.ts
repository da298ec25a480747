import { isIPv4, isIPv6 } from 'node:net';

/** One kind of personal data that can be told reliably. */
export interface PersonalData {
  /** Of its placeholders. */
  readonly name: 'email' | 'account' | 'card' | 'address' | 'phone' | 'person';
  /** Linear: every part of it is bounded, and it can only start where the text before it has ended. */
  readonly pattern: RegExp;
  /** How much of what the pattern found is one of these: its length, 0 for none. */
  readonly measure: (found: string) => number;
}

const whole = (isOne: (found: string) => boolean) => (found: string) => (isOne(found) ? found.length : 0);

/** Prompts hold texts as JSON strings too: the letter of an escape such as \n is not part of a word. `inside`: characters of a word. */
const starting = (inside: string) => String.raw`(?:(?<=\\[bfnrt])|(?<![${inside}])(?<!\\(?=[bfnrt])))`;
/** A full stop or a dash ends it, unless more follows. */
const ENDED = String.raw`(?![\p{L}\p{N}_]|[.:-][\p{L}\p{N}_])`;

function kind(
  name: PersonalData['name'],
  inside: string,
  body: string,
  measure: PersonalData['measure'] = whole(() => true),
): PersonalData {
  return { name, pattern: new RegExp(`${starting(inside)}${body}`, 'gu'), measure };
}

const WORD = String.raw`\p{L}\p{N}_`;

/** In the order in which they are looked for. */
export const PERSONAL_DATA: readonly PersonalData[] = [
  kind(
    'email',
    String.raw`${WORD}.+%\-`,
    String.raw`[${WORD}.+%\-]{1,64}@(?:[\p{L}\p{N}\-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}\-]{1,62}(?![${WORD}])`,
    // service@1.2.3-rc.beta names a version.
    whole((found) => !/@v?\d+\.\d/.test(found)),
  ),
  kind(
    'account',
    WORD,
    String.raw`[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![${WORD}])`,
    iban,
  ),
  kind(
    'card',
    String.raw`${WORD}.\-`,
    String.raw`[2-6]\d{3}(?:(?:[ \-]?\d{4}){2}[ \-]?\d{1,7}|[ \-]?\d{6}[ \-]?\d{5})${ENDED}`,
    whole(hasLuhnDigit),
  ),
  kind('address', `${WORD}.`, String.raw`(?:\d{1,3}\.){3}\d{1,3}(?![${WORD}]|[.\-][${WORD}])`, whole(isIPv4)),
  kind('address', String.raw`${WORD}:.\-`, String.raw`(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}${ENDED}`),
  kind(
    'address',
    `${WORD}:`,
    `[0-9A-Fa-f:]{1,38}[0-9A-Fa-f](?![${WORD}]|:[${WORD}])`,
    whole((found) => isIPv6(found) && found.replaceAll(':', '').length > 2),
  ),
  kind(
    'phone',
    String.raw`${WORD}+.\-`,
    String.raw`(?:\+|00)[1-9]\d{0,2}(?:[ ./()\-]{0,3}\d{2,4}){2,5}${ENDED}`,
    whole((found) => isBetween(digits(found).length, 8, 17)),
  ),
  kind('phone', String.raw`${WORD}.\-`, String.raw`(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}${ENDED}`),
  kind(
    'person',
    `${WORD}@./`,
    String.raw`@[A-Za-z][A-Za-z0-9\-]{0,38}(?![${WORD}@/]|[.:][${WORD}])`,
    // checkout @v2 names a version.
    whole((found) => !/^@v\d/.test(found)),
  ),
];

function digits(text: string): string {
  return text.replace(/\D/g, '');
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** ISO/IEC 7812-1, annex B. */
function hasLuhnDigit(found: string): boolean {
  const sum = [...digits(found)].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** ISO 13616: the words after an account number may look like more of it, so its end is where the check digits are right. */
function iban(found: string): number {
  for (let end = found.length; end >= 15; end = found.lastIndexOf(' ', end - 1)) {
    const compact = found.slice(0, end).replaceAll(' ', '');
    if (isBetween(compact.length, 15, 34) && remainder97(compact.slice(4) + compact.slice(0, 4)) === 1)
      return end;
  }
  return 0;
}

function remainder97(text: string): number {
  let rest = 0;
  for (const character of text)
    for (const digit of Number.parseInt(character, 36).toString()) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}
