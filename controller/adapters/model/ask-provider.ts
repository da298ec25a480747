import type { JsonSchema } from '../../ports/model.js';
import type { ChatProvider, ChatReply, Turn } from './provider.js';
import type { ReadAnswer } from './read-answer.js';

export interface Answered {
  readonly value: unknown;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How often it was told what was wrong with its answer. */
  readonly repairs: number;
}

/** The provider answers, and not as asked. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

const MOST_REPAIRS = 2;
/** Characters of a bad answer that are shown to the model again. */
const SHOWN = 4000;

export interface Asked {
  readonly system: string;
  readonly user: string;
  readonly schema: JsonSchema;
  readonly schemaName: string;
  readonly maxOutputTokens: number;
}

/** Asks one provider until its answer fits the schema: at most twice more, each time with what was wrong. Throws BadAnswer. */
export async function askProvider(
  provider: ChatProvider,
  read: (text: string, schema: JsonSchema) => ReadAnswer,
  { system, user, schema, schemaName, maxOutputTokens }: Asked,
  signal: AbortSignal,
): Promise<Answered> {
  const turns: Turn[] = [
    {
      role: 'system',
      content: `${system}\n\nAnswer with one JSON object of this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`,
    },
    { role: 'user', content: user },
  ];
  let inputTokens = 0;
  let outputTokens = 0;
  for (let repairs = 0; ; repairs += 1) {
    const reply = await provider.chat({ turns, schema, schemaName, maxOutputTokens }, signal);
    inputTokens += reply.inputTokens;
    outputTokens += reply.outputTokens;
    const answer = readReply(reply, read, schema);
    if (answer.ok) return { value: answer.value, inputTokens, outputTokens, repairs };
    if (repairs === MOST_REPAIRS) throw new BadAnswer(`it answered badly: ${answer.problem}`);
    turns.splice(2, turns.length, ...correction(reply.text, answer.problem));
  }
}

function readReply(
  reply: ChatReply,
  read: (text: string, schema: JsonSchema) => ReadAnswer,
  schema: JsonSchema,
): ReadAnswer {
  const answer = read(reply.text, schema);
  if (answer.ok || !reply.truncated) return answer;
  return { ok: false, problem: 'the answer was cut off: it is too long' };
}

function correction(text: string, problem: string): readonly Turn[] {
  return [
    { role: 'assistant', content: text.slice(0, SHOWN) },
    {
      role: 'user',
      content: `That is not a valid answer: ${problem}. Answer again with only the JSON object.`,
    },
  ];
}
