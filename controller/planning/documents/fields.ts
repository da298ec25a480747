import { parseDuration } from '../../domain/duration.js';
import type { Problem } from '../../domain/problem.js';
import { unknownNameFix } from './did-you-mean.js';
import { fieldName, type Path, type YamlSource } from './yaml-source.js';

export interface TextRule {
  readonly pattern: RegExp;
  /** What the pattern means, for a person. */
  readonly rule: string;
}

/**
 * Reads the fields of one mapping. Each method gives the value or null (missing, or wrong: then a problem is noted), and
 * makes its key known; `finish` reports the keys that nobody asked for.
 */
export class Fields {
  readonly #asked = new Set<string>();

  constructor(
    readonly source: YamlSource,
    readonly path: Path,
    private readonly values: Readonly<Record<string, unknown>>,
    readonly problems: Problem[],
  ) {}

  /** The same fields, noting what is wrong elsewhere. */
  noting(problems: Problem[]): Fields {
    return new Fields(this.source, this.path, this.values, problems);
  }

  has(key: string): boolean {
    this.#asked.add(key);
    return Object.hasOwn(this.values, key) && this.values[key] !== null && this.values[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.has(key) ? this.values[key] : null;
  }

  /** Notes what is wrong with a field. */
  wrong(key: string | null, message: string, fix: string): null {
    const path = key === null ? this.path : [...this.path, key];
    this.problems.push(problemAt(this.source, path, message, fix));
    return null;
  }

  text(key: string, rule?: TextRule): string | null {
    const value = this.raw(key);
    if (value === null) return null;
    if (typeof value !== 'string') {
      return this.wrong(
        key,
        `must be text, not ${kindOf(value)}`,
        `Put it in quotes: ${key}: "${show(value)}".`,
      );
    }
    if (value.trim() === '') return this.wrong(key, 'is empty', 'Give a value, or leave the field out.');
    if (rule !== undefined && !rule.pattern.test(value)) {
      return this.wrong(key, `"${show(value)}" is not right`, `Write ${rule.rule}.`);
    }
    return value;
  }

  oneOf<Name extends string>(key: string, names: readonly Name[]): Name | null {
    const value = this.raw(key);
    if (value === null) return null;
    const found = names.find((name) => name === value);
    if (found !== undefined) return found;
    const written = show(value);
    return this.wrong(key, `"${written}" is not one of ${names.join(', ')}`, unknownNameFix(written, names));
  }

  boolean(key: string): boolean | null {
    const value = this.raw(key);
    if (value === null || typeof value === 'boolean') return value;
    return this.wrong(key, `"${show(value)}" is not right`, 'Write true or false.');
  }

  /** Whole numbers in [least, most]. */
  integer(key: string, least: number, most: number): number | null {
    const value = this.raw(key);
    if (value === null) return null;
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    return this.wrong(key, `"${show(value)}" is not right`, `Write a whole number from ${least} to ${most}.`);
  }

  /** Seconds of "30s", "10m", "24h"; more than none. */
  duration(key: string): number | null {
    const value = this.raw(key);
    if (value === null) return null;
    const seconds = typeof value === 'string' ? parseDuration(value) : null;
    if (seconds !== null && seconds > 0) return seconds;
    return this.wrong(
      key,
      `"${show(value)}" is not a duration`,
      'Write a number and a unit, like 30s, 10m or 24h.',
    );
  }

  /** A list of texts; a single text counts as a list of one where `single` allows it. */
  texts(key: string, rule?: TextRule): readonly string[] | null {
    const value = this.raw(key);
    if (value === null) return null;
    if (!Array.isArray(value)) {
      return this.wrong(key, `must be a list, not ${kindOf(value)}`, `Write it as a list: ${key}: [a, b].`);
    }
    const bad = value.find(
      (item) => typeof item !== 'string' || item === '' || rule?.pattern.test(item) === false,
    );
    if (bad === undefined) return value as string[];
    return this.wrong(
      key,
      `"${show(bad)}" is not right`,
      `Write ${rule?.rule ?? 'text; put numbers in quotes'}.`,
    );
  }

  object(key: string): Fields | null {
    const value = this.raw(key);
    if (value === null) return null;
    if (isMapping(value)) return new Fields(this.source, [...this.path, key], value, this.problems);
    return this.wrong(
      key,
      `must have fields of its own, not ${kindOf(value)}`,
      `Write them under "${key}:".`,
    );
  }

  /** Mappings of a list, each with its own path. */
  objects(key: string): readonly Fields[] {
    const value = this.raw(key);
    if (value === null) return [];
    if (!Array.isArray(value)) {
      this.wrong(key, `must be a list, not ${kindOf(value)}`, 'Start each item with "- ".');
      return [];
    }
    return value.flatMap((item, index) => {
      const path = [...this.path, key, index];
      if (isMapping(item)) return [new Fields(this.source, path, item, this.problems)];
      const fix = 'Write its fields after "- ", like "- name: …".';
      this.problems.push(problemAt(this.source, path, `must have fields, not be ${kindOf(item)}`, fix));
      return [];
    });
  }

  keys(): readonly string[] {
    return Object.keys(this.values);
  }

  finish(): void {
    const known = [...this.#asked];
    for (const key of Object.keys(this.values)) {
      if (!this.#asked.has(key)) this.wrong(key, 'is not a known field', unknownNameFix(key, known));
    }
  }
}

export function problemAt(source: YamlSource, path: Path, message: string, fix: string): Problem {
  const field = path.length === 0 ? null : fieldName(path);
  return { file: source.file, line: source.lineOf(path), field, message, fix };
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

export function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
