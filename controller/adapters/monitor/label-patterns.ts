/** An anchored test of one label's value. */
export type LabelPattern = (value: string) => boolean;

export type CompiledPattern =
  | { readonly ok: true; readonly matches: LabelPattern }
  | { readonly ok: false; readonly problem: string };

const LONGEST_PATTERN = 256;
const LONGEST_VALUE = 128;
const MOST_STARS = 3;
const MOST_OPTIONALS = 8;

/**
 * Compiles an anchored regular expression of the catalog so that it cannot run away. JavaScript's engine backtracks, so
 * what makes that explode is refused: look-around, back references, a repeated group that itself repeats or branches,
 * and more than a few repetitions. Label values longer than 128 characters never match.
 */
export function compileLabelPattern(source: string): CompiledPattern {
  const refusal = whyRefused(source);
  if (refusal !== null)
    return { ok: false, problem: `the label pattern ${JSON.stringify(source.slice(0, 80))} ${refusal}` };
  try {
    const pattern = new RegExp(`^(?:${source})$`, 'su');
    return {
      ok: true,
      matches: remembering((value) => value.length <= LONGEST_VALUE && pattern.test(value)),
    };
  } catch {
    return { ok: false, problem: `the label pattern ${JSON.stringify(source)} is not a regular expression` };
  }
}

function whyRefused(source: string): string | null {
  if (source.length > LONGEST_PATTERN) return `is longer than ${LONGEST_PATTERN} characters`;
  if (/\(\?(?!:)/.test(source)) return 'uses look-around or a named group';
  if (/\\[1-9k]/.test(source)) return 'uses a back reference';
  return repetitionProblem(source);
}

/** One pass over the pattern, with a stack that says for each open group whether it repeats or branches. */
function repetitionProblem(source: string): string | null {
  const open: boolean[] = [false];
  let closed = false;
  let stars = 0;
  let optionals = 0;
  for (const token of tokens(source)) {
    const repeats = /^(?:[*+]|\{\d)/.test(token);
    if (repeats && closed) return 'repeats a group that repeats or branches itself';
    if (token === '(') open.push(false);
    if (repeats || token === '|') open[open.length - 1] = true;
    if (/^(?:[*+]|\{\d+,)/.test(token)) stars += 1;
    if (token === '?') optionals += 1;
    closed = token === ')' && open.pop() === true;
    if (closed) open[open.length - 1] = true;
  }
  if (stars > MOST_STARS) return `has more than ${MOST_STARS} repetitions`;
  return optionals > MOST_OPTIONALS ? `has more than ${MOST_OPTIONALS} optional parts` : null;
}

/** Escapes and character classes are one token, so that their content is not mistaken for syntax. */
function tokens(source: string): readonly string[] {
  return (
    source
      .match(/\\.|\[(?:\\.|[^\]\\])*\]|\{\d+(?:,\d*)?\}|\(\?:|./gsu)
      ?.map((token) => (token === '(?:' ? '(' : token)) ?? []
  );
}

/** The same few values come again in every scrape. */
function remembering(test: LabelPattern): LabelPattern {
  const known = new Map<string, boolean>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const result = test(value);
    if (known.size < 1000) known.set(value, result);
    return result;
  };
}
