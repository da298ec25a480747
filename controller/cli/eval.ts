import { resolve } from 'node:path';
import type {
  EvaluatedModels,
  EvaluatedPart,
  Evaluation,
  EvaluationOptions,
  Progress,
} from '../app/evaluate.js';
import { programRoot } from '../config.js';
import { formatProblem } from '../domain/problem.js';
import { type CliContext, CliError } from './context.js';
import { describeEvaluation } from './eval-output.js';
import { safe } from './table.js';

export interface EvalOptions {
  readonly set?: string;
  readonly interpreter?: string;
  readonly runs?: number;
  readonly limit?: number;
  readonly failures?: boolean;
}

const PARTS: readonly EvaluatedPart[] = ['intents', 'sops', 'all'];
const NO_MODELS: EvaluatedModels = { model: null, embedder: null };
/** Problems that are printed one by one. */
const SHOWN_PROBLEMS = 50;

/**
 * Measures the interpreters and the SOP search against a labelled set. Exit code 1: something was accepted that is labelled
 * otherwise; 2: the set is broken in places, or empty; 0: neither.
 */
export async function evalSet(
  context: CliContext,
  part: string | undefined,
  options: EvalOptions,
): Promise<number> {
  const wanted = readOptions(context, part ?? 'all', options);
  const { evaluate } = await import('../app/evaluate.js');
  const { openEvaluatedModels } = await import('../app/evaluated-models.js');
  const models =
    wanted.interpreter === 'grammar' && wanted.part === 'intents'
      ? NO_MODELS
      : await openEvaluatedModels(context.config().models);
  if (wanted.interpreter === 'model' && models.model === null)
    throw new CliError('No model is configured: set LLM_PROVIDER, or leave out --interpreter model', 2);
  const evaluation = await evaluate(
    wanted,
    models,
    progressTo(process.stderr),
    new AbortController().signal,
  ).catch((error: unknown) => {
    throw unreadable(error, wanted.set);
  });
  tellProblems(context, evaluation);
  context.out(
    context.json
      ? JSON.stringify(evaluation, null, 2)
      : describeEvaluation(evaluation, options.failures === true),
  );
  return exitCodeOf(evaluation);
}

function readOptions(context: CliContext, part: string, options: EvalOptions): EvaluationOptions {
  const known = PARTS.find((each) => each === part);
  if (known === undefined) throw new CliError(`"${part}" cannot be evaluated: intents, sops or all`, 2);
  const { interpreter = null, runs = null, limit = null } = options;
  if (interpreter !== null && interpreter !== 'grammar' && interpreter !== 'model')
    throw new CliError(`There is no interpreter "${interpreter}": grammar or model`, 2);
  if (runs !== null && !(runs >= 1 && runs <= 100)) throw new CliError('--runs has to be from 1 to 100', 2);
  if (limit !== null && limit < 1) throw new CliError('--limit has to be at least 1', 2);
  const set =
    options.set === undefined ? resolve(programRoot(), 'evaluation') : resolve(context.cwd, options.set);
  return { part: known, set, interpreter, runs, limit };
}

function unreadable(error: unknown, set: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'ENOTDIR') return error;
  return new CliError(`${set} cannot be read (${code}): name a file or a folder with --set`, 2);
}

/** On a terminal, one line that is written over. */
function progressTo(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return () => undefined;
  return (what, done, of) => {
    stream.write(`\r\u001b[K${done === of ? '' : `${safe(what)}: ${done} of ${of}`}`);
  };
}

function tellProblems(context: CliContext, { problems, set }: Evaluation): void {
  for (const problem of problems.slice(0, SHOWN_PROBLEMS))
    context.err(safe(formatProblem({ ...problem, file: problem.file.replace(`${set}/`, '') })));
  const more = problems.length - SHOWN_PROBLEMS;
  if (more > 0) context.err(`… and ${more} more`);
}

function exitCodeOf({ interpreters, retrieval, controls, problems }: Evaluation): number {
  if (interpreters.some(({ result }) => result.tally.wronglyAccepted > 0)) return 1;
  const isEmpty = interpreters.length + controls.length === 0 && retrieval.length === 0;
  return problems.length > 0 || isEmpty ? 2 : 0;
}
