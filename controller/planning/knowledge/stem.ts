const CONSONANT = '[^aeiou]';
const VOWEL = '[aeiouy]';
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;
/** m > 0, m = 1 and m > 1, where m counts the sequences of vowels and consonants. */
const SOME = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const ONE = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}(?:${VOWELS})?$`);
const MORE = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const WITH_VOWEL = new RegExp(`^(?:${CONSONANTS})?${VOWEL}`);
/** Ends consonant, vowel, consonant, where the last is not w, x or y: "hop", not "snow". */
const SHORT = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);

type Endings = readonly (readonly [string, string])[];

const STEP_2: Endings = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];
const STEP_3: Endings = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const STEP_4 = /(?:ement|ance|ence|able|ible|ment|(?<=[st])ion|ant|ent|ism|ate|iti|ous|ive|ize|al|er|ic|ou)$/;

/** Longer words are ids and noise. */
const LONGEST = 40;

/**
 * The stem of an English word in lower case: "deployments", "deploying" and "deployed" give "deploy". M. F. Porter, "An
 * algorithm for suffix stripping", Program 14(3), 1980, with his later changes of step 2. Other words pass as they are.
 */
export function stem(word: string): string {
  if (word.length < 3 || word.length > LONGEST || !/^[a-z]+$/.test(word)) return word;
  // A y at the start, as in "yes", is a consonant.
  const marked = word.startsWith('y') ? `Y${word.slice(1)}` : word;
  return steps(marked).toLowerCase();
}

function steps(word: string): string {
  const one = yToI(pastAndProgressive(plural(word)));
  const three = replaced(replaced(one, STEP_2), STEP_3);
  return tidied(longSuffix(three));
}

/** Step 1a. */
function plural(word: string): string {
  return word.replace(/(ss|i)es$/, '$1').replace(/([^s])s$/, '$1');
}

/** Step 1b. */
function pastAndProgressive(word: string): string {
  if (word.endsWith('eed')) return SOME.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const base = /^(.+?)(?:ed|ing)$/.exec(word)?.[1];
  if (base === undefined || !WITH_VOWEL.test(base)) return word;
  if (/(?:at|bl|iz)$/.test(base)) return `${base}e`;
  if (/([^aeiouylsz])\1$/.test(base)) return base.slice(0, -1);
  return SHORT.test(base) ? `${base}e` : base;
}

/** Step 1c. */
function yToI(word: string): string {
  return word.endsWith('y') && WITH_VOWEL.test(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

/** Steps 2 and 3: the longest ending that fits, if what is before it is long enough. */
function replaced(word: string, endings: Endings): string {
  const [ending, by] = endings.find(([each]) => word.endsWith(each)) ?? ['', ''];
  if (ending === '') return word;
  const base = word.slice(0, word.length - ending.length);
  return SOME.test(base) ? base + by : word;
}

/** Step 4. */
function longSuffix(word: string): string {
  const ending = STEP_4.exec(word)?.[0] ?? '';
  const base = word.slice(0, word.length - ending.length);
  return ending !== '' && MORE.test(base) ? base : word;
}

/** Step 5. */
function tidied(word: string): string {
  const base = word.slice(0, -1);
  const dropsE = word.endsWith('e') && (MORE.test(base) || (ONE.test(base) && !SHORT.test(base)));
  const shorter = dropsE ? base : word;
  return shorter.endsWith('ll') && MORE.test(shorter) ? shorter.slice(0, -1) : shorter;
}
