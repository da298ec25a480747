import { ACTIONS, type Action, POST_STEPS, type PostStep } from '../../domain/intent.js';
import { MAX_LIST, MAX_SPAN } from './prompt.js';

/** Words that a model points at: taken only if they literally stand in the text. */
export interface Cited {
  readonly text: string;
  /** 1 for the first place where they stand; null: not said. */
  readonly occurrence: number | null;
}

export interface Named<T extends string = string> extends Cited {
  readonly value: T;
}

/** A model's answer, its shape checked and nothing else. */
export interface Answer {
  readonly outcome: 'plan' | 'clarify' | 'refuse';
  readonly action: Named<Action> | null;
  readonly service: Named | null;
  readonly version: Cited | null;
  readonly environments: readonly Named[];
  readonly postSteps: readonly Named<PostStep>[];
  readonly errorRate: Cited | null;
  readonly latencyP95Ms: Cited | null;
  readonly watchMinutes: Cited | null;
  /** The words of the text that are the reason of a question or refusal. */
  readonly about: string | null;
}

/** What does not have the answer's shape. The message holds no word of the model. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer';
}

/** Checks an answer's shape once more, whoever checked it before. Throws BadAnswer. */
export function parseAnswer(value: unknown): Answer {
  const answer = record(value, 'the answer');
  return {
    outcome: oneOf(own(answer, 'outcome'), ['plan', 'clarify', 'refuse'], 'outcome'),
    action: orNull(own(answer, 'action'), (part) => named(part, 'action', ACTIONS)),
    service: orNull(own(answer, 'service'), (part) => named(part, 'service')),
    version: orNull(own(answer, 'version'), (part) => cited(part, 'version')),
    environments: list(own(answer, 'environments'), 'environments', (part) => named(part, 'environments')),
    postSteps: list(own(answer, 'postSteps'), 'postSteps', (part) => named(part, 'postSteps', POST_STEPS)),
    errorRate: orNull(own(answer, 'errorRate'), (part) => cited(part, 'errorRate')),
    latencyP95Ms: orNull(own(answer, 'latencyP95Ms'), (part) => cited(part, 'latencyP95Ms')),
    watchMinutes: orNull(own(answer, 'watchMinutes'), (part) => cited(part, 'watchMinutes')),
    about: orNull(own(answer, 'about'), (part) => span(part, 'about')),
  };
}

function record(value: unknown, what: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadAnswer(`${what} is no object`);
  return value;
}

/** Own properties only: "__proto__" and "constructor" are no fields. */
function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}

function list<T>(value: unknown, what: string, read: (value: unknown) => T): readonly T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_LIST) throw new BadAnswer(`${what} is no short list`);
  return value.map(read);
}

function oneOf<T extends string>(value: unknown, values: readonly T[], what: string): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new BadAnswer(`${what} is none of ${values.join(', ')}`);
  return found;
}

function span(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.trim() === '' || value.length > MAX_SPAN)
    throw new BadAnswer(`${what} has no words, or too many`);
  return value;
}

function cited(value: unknown, what: string): Cited {
  const part = record(value, what);
  const occurrence = own(part, 'occurrence');
  const counted = typeof occurrence === 'number' && Number.isInteger(occurrence) && occurrence > 0;
  return { text: span(own(part, 'text'), what), occurrence: counted ? occurrence : null };
}

function named(value: unknown, what: string): Named;
function named<T extends string>(value: unknown, what: string, values: readonly T[]): Named<T>;
function named(value: unknown, what: string, values?: readonly string[]): Named {
  const given = own(record(value, what), 'value');
  const name = values === undefined ? span(given, what) : oneOf(given, values, what);
  return { value: name, ...cited(value, what) };
}
