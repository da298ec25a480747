import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Problem } from '../../domain/problem.js';

export type Path = readonly (string | number)[];

/** One YAML document that was read, and where its fields are. */
export interface YamlSource {
  readonly file: string;
  readonly value: unknown;
  /** Line of the field at a path, or of the nearest thing around it that exists. */
  lineOf(path: Path): number | null;
}

export type LoadedYaml =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface YamlLimits {
  readonly maxBytes: number;
  readonly maxAliases: number;
  /** Lines before the first one of the text, when it is a part of a file. */
  readonly lineOffset?: number;
}

/** What can be said about text of which nobody knows yet what it is: a Problem for each way in which it is not text. */
export function decodeText(
  file: string,
  bytes: Uint8Array,
  maxBytes: number,
):
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const refuse = (message: string, fix: string) => ({
    ok: false as const,
    problems: [{ file, line: null, field: null, message, fix }],
  });
  if (bytes.length > maxBytes) {
    return refuse(
      `The file has ${bytes.length} bytes, at most ${maxBytes} are read`,
      'Make it shorter, or split it.',
    );
  }
  if (bytes.includes(0)) return refuse('The file is binary (it has NUL bytes)', 'Commit a text file.');
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return refuse('The file is not valid UTF-8', 'Save it as UTF-8.');
  }
}

/** Reads exactly one document of YAML 1.2 (core schema): no merge keys, no tags, no duplicate keys, few aliases. */
export function loadYaml(file: string, text: string, limits: YamlLimits): LoadedYaml {
  const offset = limits.lineOffset ?? 0;
  const refuse = (line: number | null, message: string, fix: string): LoadedYaml => ({
    ok: false,
    problems: [{ file, line: line === null ? null : line + offset, field: null, message, fix }],
  });
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.maxBytes) {
    return refuse(
      null,
      `The file has ${bytes} bytes, at most ${limits.maxBytes} are read`,
      'Make it shorter.',
    );
  }
  const lines = new LineCounter();
  try {
    const documents = [...parseAllDocuments(text, { ...OPTIONS, lineCounter: lines })].filter(
      (document) => document.contents !== null || document.errors.length > 0,
    );
    const [document, another] = documents;
    if (document === undefined) return refuse(null, 'The file is empty', 'Write a document into it.');
    if (another !== undefined) {
      const line = lines.linePos(another.range[0]).line;
      return refuse(line, 'The file has more than one YAML document', 'Put each one into a file of its own.');
    }
    const problems = syntaxProblems(file, document, lines, limits, offset);
    if (problems.length > 0) return { ok: false, problems };
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    const lineOf = (path: Path) => offset + lines.linePos(offsetOf(document, path)).line;
    return { ok: true, source: { file, value, lineOf } };
  } catch (error) {
    // Nesting so deep that the parser runs out of stack, or an alias bomb.
    const reason = error instanceof RangeError ? 'it is nested too deeply' : String((error as Error).message);
    return refuse(null, `The file cannot be read: ${reason.slice(0, 200)}`, 'Write it plainly.');
  }
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: true,
  stringKeys: true,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

const MOST_PROBLEMS = 20;

function syntaxProblems(
  file: string,
  document: Document.Parsed,
  lines: LineCounter,
  { maxAliases }: YamlLimits,
  offset: number,
): readonly Problem[] {
  const at = (position: number) => offset + lines.linePos(position).line;
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    line: at(error.pos[0]),
    field: null,
    message: firstLine(error.message),
    fix: error.code === 'DUPLICATE_KEY' ? 'Keep one of them.' : 'Mend the YAML there.',
  }));
  let aliases = 0;
  visit(document, {
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases !== maxAliases + 1) return;
      const message = `The file has more than ${maxAliases} aliases ("*name")`;
      const line = alias.range === undefined || alias.range === null ? null : at(alias.range[0]);
      problems.push({ file, line, field: null, message, fix: 'Write the values out.' });
    },
  });
  return problems.slice(0, MOST_PROBLEMS);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/[.:]$/, '');
}

/** Offset of the key at a path; where a part of the path is missing, of what is around it. */
function offsetOf(document: Document.Parsed, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

/** `spec.environments[2]` */
export function fieldName(path: Path): string {
  return path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name === '' ? part : `${name}.${part}`),
    '',
  );
}
