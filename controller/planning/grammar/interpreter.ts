import type { Interpretation, QuestionCause } from '../../domain/interpretation.js';
import type { Interpreter } from '../../ports/interpreter.js';
import { findAuthorityTalk } from './authority.js';
import { findUncovered } from './coverage.js';
import { findObjection } from './danger.js';
import { decide } from './decide.js';
import { carriesSecret, hidesInstruction } from './encoded.js';
import { findExample } from './examples.js';
import { readForeign } from './foreign.js';
import { findAlternative, findHesitation, findLater } from './hesitation.js';
import { hasTemplateMarks } from './injections.js';
import { look } from './look.js';
import { findLooseEnd } from './loose-ends.js';
import { indexNames, type NameIndex, type Names } from './names.js';
import type { Hidden } from './normalise.js';
import type { Objection } from './objection.js';
import type { Reading } from './reading.js';
import type { Token } from './token.js';

/** Longest text that is read, in UTF-16 units: what an intent's `spec.text` may hold. */
export const MAX_TEXT = 16_384;

/** The built-in interpreter: a deterministic grammar, linear in the length of the text, without a model. */
export function createGrammarInterpreter(): Interpreter {
  /** A catalog is read many times and never changed: its index goes with it. */
  const indexes = new WeakMap<Names, NameIndex>();
  const indexOf = (catalog: Names): NameIndex => {
    const index = indexes.get(catalog) ?? indexNames(catalog);
    indexes.set(catalog, index);
    return index;
  };
  return { name: 'grammar', interpret: async (text, catalog) => interpretWith(text, indexOf(catalog)) };
}

/** Reads a text against a catalog: a request, questions, or a refusal. Never throws on any text. */
export function interpretText(text: string, catalog: Names): Interpretation {
  return interpretWith(text, indexNames(catalog));
}

function interpretWith(text: string, index: NameIndex): Interpretation {
  if (text.length > MAX_TEXT)
    return question(
      `The text has ${text.length} characters; at most ${MAX_TEXT} are read. What is asked for, in short?`,
    );
  if (carriesSecret(text))
    return {
      outcome: 'refuse',
      reason:
        'The text carries a credential. Take it out, and change the credential: it is in the history of the repository now.',
      evidence: {},
    };
  const { plain, tokens, readings } = look(text, index);
  return (
    refusal(text, plain.text, plain.hidden, tokens, readings) ??
    doubt(plain.hidden, tokens, readings) ??
    covered(decide(readings, index, text), readings, text, plain.text)
  );
}

/** A plan stands only when nothing that was asked for is left over. */
function covered(
  decided: Interpretation,
  readings: readonly Reading[],
  original: string,
  plain: string,
): Interpretation {
  if (decided.outcome !== 'plan') return decided;
  const talk = findAuthorityTalk(readings);
  if (talk?.kind === 'beyond')
    return refused(
      { what: 'no text settles who has to approve and which rules hold', tokens: talk.tokens },
      original,
    );
  const rest = findUncovered(readings);
  if (rest?.kind === 'beyond') return refused(rest.objection, original);
  if (rest !== null)
    return question(`What is meant by "${quoted(rest.tokens)}"? Everything else is clear.`, 'unknown-words');
  if (talk !== null)
    return question(
      `Approval is given on the proposal, not in a text. What is meant by "${quoted(talk.tokens)}"?`,
    );
  const open = findHesitation(plain);
  const either = findAlternative(readings.flatMap(({ tokens }) => tokens));
  if (either !== null) return question(`"or ${either.raw}": which one is meant?`);
  const later = findLater(
    readings.flatMap(({ tokens }) => tokens),
    decided.request.environments,
  );
  if (later !== null)
    return question(
      `Is ${later.raw} to be deployed to as well, and after what? Say "then ${later.raw}", or leave it out.`,
    );
  if (open !== null) return question(`"${open}": is it to be done, now? Please say only what is to be done.`);
  const loose = findLooseEnd(readings, decided.request);
  if (loose?.kind === 'beyond') return refused({ what: loose.question, tokens: loose.tokens }, original);
  if (loose !== null) return question(loose.question);
  return decided;
}

function quoted(tokens: readonly Token[]): string {
  return tokens.map((token) => token.raw).join(' ');
}

function refused(objection: Objection, original: string): Interpretation {
  const start = objection.tokens[0]?.start ?? 0;
  const end = objection.tokens.at(-1)?.end ?? 0;
  return {
    outcome: 'refuse',
    reason: `This is not ours to do: ${objection.what}.`,
    evidence: { action: [{ start, end, text: original.slice(start, end) }] },
  };
}

function refusal(
  original: string,
  plain: string,
  hidden: Hidden,
  tokens: readonly Token[],
  readings: readonly Reading[],
): Interpretation | null {
  const refuse = (reason: string, at: readonly Token[] = []): Interpretation => ({
    outcome: 'refuse',
    reason,
    evidence:
      at.length === 0
        ? {}
        : {
            action: [
              {
                start: at[0]?.start ?? 0,
                end: at.at(-1)?.end ?? 0,
                text: original.slice(at[0]?.start ?? 0, at.at(-1)?.end ?? 0),
              },
            ],
          },
  });
  if (hidden.tags.trim().length >= 3)
    return refuse('The text hides instructions in characters that cannot be seen.');
  const objection = findObjection(tokens, readings);
  if (objection !== null) return refuse(`This is not ours to do: ${objection.what}.`, objection.tokens);
  if (hasTemplateMarks(plain))
    return refuse(
      'This is not ours to do: it speaks in the name of the system instead of asking for something.',
    );
  if (hidesInstruction(plain))
    return refuse('The text hides an instruction in an encoding. What is asked for has to be readable.');
  const { harm } = readForeign(tokens);
  if (harm !== null)
    return refuse(
      `This is not ours to do: "${harm.text}" asks for more than a deploy, rollback, test or build.`,
      [harm],
    );
  if (hidden.bidi && readings.length > 0)
    return refuse(
      'The text uses characters that reverse the direction of writing, so it does not read as it looks.',
    );
  return null;
}

function doubt(
  hidden: Hidden,
  tokens: readonly Token[],
  readings: readonly Reading[],
): Interpretation | null {
  if (hidden.invisible)
    return question('The text holds characters that cannot be seen. Can you write it without them?');
  const odd = tokens.find((token) => token.odd);
  if (odd !== undefined)
    return question(`"${odd.raw}" mixes letters of different scripts that look alike. What is meant?`);
  const example = findExample(readings);
  if (example !== null)
    return question(
      `Is what follows "${example.raw}" an example, or to be done? Please say only what is to be done.`,
    );
  const { foreign } = readForeign(tokens);
  if (foreign !== null) return question('I read English only. Can you say it in English?', 'language');
  return null;
}

function question(text: string, cause?: QuestionCause): Interpretation {
  return {
    outcome: 'clarify',
    questions: [{ field: 'text', question: text, choices: [], ...(cause === undefined ? {} : { cause }) }],
    evidence: {},
  };
}
