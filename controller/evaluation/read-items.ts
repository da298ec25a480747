import { ACTIONS, POST_STEPS } from '../domain/intent.js';
import type { Problem } from '../domain/problem.js';
import {
  type ExpectedReading,
  type IntentItem,
  type Item,
  OUTCOMES,
  type Place,
  type QuestionItem,
} from './items.js';
import { BadLine, isObject, JsonFields } from './json-fields.js';
import { readSentence } from './read-sentence.js';

/** Longest line that is read, in UTF-16 units. */
export const LINE_LENGTH = 256 * 1024;

export interface ReadItems {
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
}

/** The items of a JSONL file. What is wrong with one line is a problem of that line, and the others are read. */
export function readItems(file: string, text: string): ReadItems {
  const items: Item[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const place = { file, line: index + 1 };
    try {
      items.push(readItem(place, line));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      problems.push(error.problemAt(place));
    }
  }
  return { items, problems };
}

function readItem(place: Place, line: string): Item {
  if (line.length > LINE_LENGTH)
    throw new BadLine(null, `The line has more than ${LINE_LENGTH} characters`, 'Shorten it.');
  const fields = new JsonFields(parse(line));
  if (fields.has('question')) return readQuestion(place, fields);
  if (fields.has('sentence')) return readSentence(place, fields);
  return readIntent(place, fields);
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {
    // The same to its author: no object stands there.
  }
  throw new BadLine(null, 'The line is no JSON object', 'Write one object per line, in one line.');
}

function idOf(fields: JsonFields): string {
  const value = fields.raw('id');
  if (typeof value === 'number') return `${value}`;
  const id = fields.needed('id', fields.text('id'));
  if (id === '') throw fields.wrong('id', 'a text that is not empty');
  return id;
}

function readIntent(place: Place, fields: JsonFields): IntentItem {
  const catalog = fields.needed('catalog', fields.text('catalog'));
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,200}$/u.test(catalog))
    throw fields.wrong('catalog', 'the name of a file, without a folder');
  return {
    ...place,
    kind: 'intent',
    id: idOf(fields),
    catalog,
    text: fields.needed('text', fields.text('text')),
    expected: readExpected(fields.object('expected') ?? fields),
    tags: fields.texts('tags') ?? [],
  };
}

function readExpected(fields: JsonFields): ExpectedReading {
  const expected = {
    outcome: fields.needed('outcome', fields.oneOf('outcome', OUTCOMES)),
    action: fields.raw('action') === null ? null : fields.oneOf('action', ACTIONS),
    service: fields.textOrNull('service'),
    version: fields.textOrNull('version'),
    environments: fields.texts('environments'),
    postSteps: fields.someOf('postSteps', POST_STEPS),
    guards: readGuards(fields.object('guards')),
  };
  return withoutUndefined(expected);
}

function readGuards(fields: JsonFields | undefined) {
  if (fields === undefined) return undefined;
  return withoutUndefined({
    errorRate: fields.amountOrNull('errorRate'),
    latencyP95Ms: fields.amountOrNull('latencyP95Ms'),
    watchMinutes: fields.amountOrNull('watchMinutes'),
  });
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** A field that is not there is absent, not `undefined`. */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Defined<T>;
}

function readQuestion(place: Place, fields: JsonFields): QuestionItem {
  const relevant = fields.needed('relevant', fields.texts('relevant'));
  if (relevant.length === 0 || relevant.some((each) => each.trim() === ''))
    throw fields.wrong('relevant', 'at least one "<path>#<Heading> > <Sub heading>"');
  return {
    ...place,
    kind: 'question',
    id: idOf(fields),
    question: fields.needed('question', fields.text('question')),
    relevant,
    within: fields.text('within') ?? null,
  };
}
