import type { JsonValue } from '../../../domain/json.js';
import { createTail } from '../../../domain/tail.js';
import { asObject, textOf } from '../control/files.js';

const LONGEST_MESSAGE = 1024 * 1024;

export interface BuildOutput {
  readonly text: string;
  /** The builder's own error; null when it built. */
  readonly error: string | null;
}

/** Reads the builder's messages, one JSON object a line: `stream` is output, `error` the end (Engine API, "Build an image"). */
export async function readBuildOutput(messages: AsyncIterable<Buffer | string>): Promise<BuildOutput> {
  const tail = createTail();
  let rest = '';
  let error: string | null = null;
  const take = (line: string): void => {
    const message = parse(line);
    const output = textOf(message?.stream) ?? textOf(message?.status);
    if (output !== null) tail.push(output);
    error ??= textOf(message?.error);
  };
  for await (const chunk of messages) {
    rest += chunk.toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    if (rest.length > LONGEST_MESSAGE) rest = '';
  }
  take(rest);
  return { text: tail.text(), error };
}

function parse(line: string) {
  try {
    return asObject(JSON.parse(line) as JsonValue);
  } catch {
    return null;
  }
}
