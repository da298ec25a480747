import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { offlineInterpreter } from '../app/interpreter.js';
import type { Catalog } from '../domain/catalog.js';
import { formatProblem } from '../domain/problem.js';
import { parseCatalog } from '../planning/documents/catalog.js';
import { createGrammarInterpreter } from '../planning/grammar/index.js';
import type { Interpreter } from '../ports/interpreter.js';
import { silentLog } from '../ports/log.js';
import { type CliContext, CliError } from './context.js';
import { describeInterpretation, interpretationLine } from './interpret-output.js';
import { safe } from './table.js';

const TEXT_LIMIT = 64 * 1024;
/** Reading a text takes no time that anybody would want to cut short. */
const NEVER = new AbortController().signal;

/** Reads texts against a catalog; needs no controller. Exit code 0 plan, 4 a question, 5 a refusal (of a single text). */
export async function interpret(
  context: CliContext,
  text: string | undefined,
  options: { readonly catalog: string; readonly jsonl?: boolean },
): Promise<number> {
  const catalog = await loadCatalog(context, options.catalog);
  if (options.jsonl === true) return interpretLines(context, catalog);
  if (text === undefined)
    throw new CliError('Name a text, or - to read it from standard input, or --jsonl', 2);
  const asked = text === '-' ? await readAll(process.stdin) : text;
  if (Buffer.byteLength(asked) > TEXT_LIMIT)
    throw new CliError(`The text is longer than ${TEXT_LIMIT / 1024} KiB`, 2);
  const interpreter = await interpreterOf(context);
  const interpretation = await interpreter.interpret(asked, catalog, NEVER);
  context.out(
    context.json || !process.stdout.isTTY
      ? interpretationLine('1', interpretation)
      : describeInterpretation(interpretation),
  );
  return { plan: 0, clarify: 4, refuse: 5 }[interpretation.outcome];
}

/** The grammar needs no configuration, so nothing that is wrong with one stands in its way. */
async function interpreterOf(context: CliContext): Promise<Interpreter> {
  if ((context.env.LLM_PROVIDER ?? '').trim() === '') return createGrammarInterpreter();
  return offlineInterpreter(context.config().models, silentLog);
}

/** One bad line is answered on itself, and the rest goes on. */
async function interpretLines(context: CliContext, catalog: Catalog): Promise<number> {
  const interpreter = await interpreterOf(context);
  let bad = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue;
    const item = parseLine(line);
    if (item === null) bad += 1;
    if (item === null) {
      context.out(JSON.stringify({ id: null, error: 'Not an object with "id" and the string "text"' }));
      continue;
    }
    context.out(interpretationLine(item.id, await interpreter.interpret(item.text, catalog, NEVER)));
  }
  return bad === 0 ? 0 : 1;
}

function parseLine(line: string): { readonly id: string | number; readonly text: string } | null {
  try {
    const value = JSON.parse(line) as { id?: unknown; text?: unknown };
    if (typeof value.text !== 'string' || (typeof value.id !== 'string' && typeof value.id !== 'number'))
      return null;
    return { id: value.id, text: value.text };
  } catch {
    return null;
  }
}

export async function loadCatalog(context: CliContext, file: string): Promise<Catalog> {
  const path = resolve(context.cwd, file);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read (${error.code}): name the catalog with --catalog`, 2);
  });
  const parsed = parseCatalog(file, text);
  if (!parsed.ok) throw new CliError(parsed.problems.map(formatProblem).join('\n'), 2);
  for (const problem of parsed.catalog.problems) context.err(`warning: ${safe(formatProblem(problem))}`);
  return parsed.catalog;
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}
