const SMALL = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
  'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen',
]; // biome-ignore format: a table
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

const UNITS: readonly (readonly [string, number])[] = [
  ['milliseconds?|millis|msecs?|ms', 0.001],
  ['seconds?|secs?|s', 1],
  ['minutes?|mins?|m', 60],
  ['hours?|hrs?|h', 3600],
  ['days?|d', 86_400],
  ['weeks?|w', 604_800],
];
const UNIT = UNITS.map(([names]) => names).join('|');

/** Marks numbers, durations (in seconds) and rates (as fractions) in a sentence: `{n=2}`, `{d=86400}`, `{r=0.02}`. */
export function markAmounts(text: string): string {
  return joinDurations(
    spelledNumbers(text)
      .replace(/\b(\d{1,9}) ?\(\1\)/g, '$1')
      .replace(/\b(?:one|1) and a half (?=(?:minute|hour|day)s?\b)/giu, '1.5 ')
      .replace(/\bhalf an? (?=(?:second|minute|hour|day)\b)/giu, '0.5 ')
      .replace(
        /\b(?:a|an) (?:full |whole |single |further )?(?=(?:second(?! \p{L})|minute|hour|day|week)\b)/giu,
        '1 ',
      )
      .replace(
        /\bone (?=(?:full |whole |single )?(?:second|minute|hour|day|week|per ?cent|approval|review|reviewer|approver|sign)\b)/giu,
        '1 ',
      )
      .replace(
        /\b(\d+|one) in (?:every )?(\d+)(?= (?:of )?(?:the |all )?requests)/giu,
        (_all, part: string, whole: string) =>
          mark('r', (part.toLowerCase() === 'one' ? 1 : Number(part)) / Number(whole)),
      )
      .replace(/(?<![\w.{=])(\d{1,9}(?:\.\d{1,6})?) ?(?:%|percent\b|per cent\b|pct\b)/giu, (_all, number) =>
        mark('r', Number(number) / 100),
      )
      .replace(
        new RegExp(`(?<![\\w.{=])(\\d{1,9}(?:\\.\\d{1,6})?)[ -]?(${UNIT})(?![\\p{L}\\p{N}-])`, 'giu'),
        (_all, number: string, unit: string) => mark('d', Number(number) * secondsOf(unit)),
      )
      .replace(/(?<![\w.{=#@])(\d{1,9}(?:\.\d{1,6})?)(?![\p{L}\p{N}]|\.\d|[^{}]*\})/gu, (_all, number) =>
        mark('n', Number(number)),
      ),
  );
}

function mark(kind: string, value: number): string {
  return `{${kind}=${Number(value.toPrecision(12))}}`;
}

function secondsOf(unit: string): number {
  return UNITS.find(([names]) => new RegExp(`^(?:${names})$`, 'i').test(unit))?.[1] ?? Number.NaN;
}

/** "twenty-four" and "two" become digits; "one" is left, for it is often a pronoun. */
function spelledNumbers(text: string): string {
  return text
    .replace(/\b(?:a|one) hundred\b/gi, '100')
    .replace(/\b(?:a|one) thousand\b/gi, '1000')
    .replace(
      new RegExp(`\\b(${TENS.join('|')})[- ](${SMALL.slice(1, 10).join('|')})\\b`, 'gi'),
      (_all, tens, ones) => String(numberOf(String(tens)) + numberOf(String(ones))),
    )
    .replace(new RegExp(`\\b(?:${[...SMALL.slice(2), ...TENS].join('|')})\\b`, 'gi'), (word) =>
      String(numberOf(word)),
    );
}

function numberOf(word: string): number {
  const tens = TENS.indexOf(word.toLowerCase());
  return tens >= 0 ? (tens + 2) * 10 : SMALL.indexOf(word.toLowerCase());
}

/** "1 hour and 30 minutes" is one time. */
function joinDurations(text: string): string {
  return text.replace(/\{d=([\d.]+)\} ?(?:and )?\{d=([\d.]+)\}/g, (all, first, second) =>
    Number(first) > Number(second) ? mark('d', Number(first) + Number(second)) : all,
  );
}
