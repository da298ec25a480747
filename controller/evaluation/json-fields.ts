import type { Problem } from '../domain/problem.js';
import type { Place } from './items.js';

const SHOWN = 60;

/** What is wrong with a line of a data file, and how to mend it. */
export class BadLine extends Error {
  override readonly name = 'BadLine';
  constructor(
    readonly field: string | null,
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }

  problemAt({ file, line }: Place): Problem {
    return { file, line, field: this.field, message: this.message, fix: this.fix };
  }
}

/** The fields of one JSON object, read by their type. Each reader throws BadLine; a field that is not there is `undefined`. */
export class JsonFields {
  constructor(
    private readonly value: Readonly<Record<string, unknown>>,
    private readonly path = '',
  ) {}

  has(key: string): boolean {
    return Object.hasOwn(this.value, key);
  }

  raw(key: string): unknown {
    return this.has(key) ? this.value[key] : undefined;
  }

  name(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  object(key: string): JsonFields | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.wrong(key, 'an object');
    return new JsonFields(value, this.name(key));
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value !== undefined && typeof value !== 'string') throw this.wrong(key, 'a text');
    return value;
  }

  textOrNull(key: string): string | null | undefined {
    return this.raw(key) === null ? null : this.text(key);
  }

  /** A number of at least 0, or null. */
  amountOrNull(key: string): number | null | undefined {
    const value = this.raw(key);
    if (value === undefined || value === null) return value;
    if (typeof value !== 'number' || !(value >= 0)) throw this.wrong(key, 'a number of at least 0, or null');
    return value;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string'))
      throw this.wrong(key, 'a list of texts');
    return value as readonly string[];
  }

  oneOf<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    return choices.find((choice) => choice === value) ?? this.fail(key, `one of ${choices.join(', ')}`);
  }

  someOf<T extends string>(key: string, choices: readonly T[]): readonly T[] | undefined {
    return this.texts(key)?.map(
      (text) =>
        choices.find((choice) => choice === text) ?? this.fail(key, `a list of ${choices.join(', ')}`),
    );
  }

  needed<T>(key: string, value: T | undefined): T {
    if (value === undefined) throw new BadLine(this.name(key), 'is missing', `Add "${key}".`);
    return value;
  }

  private fail(key: string, wanted: string): never {
    throw this.wrong(key, wanted);
  }

  wrong(key: string, wanted: string): BadLine {
    const shown = JSON.stringify(this.raw(key))?.slice(0, SHOWN);
    return new BadLine(this.name(key), `${shown} does not do`, `Write ${wanted}.`);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
