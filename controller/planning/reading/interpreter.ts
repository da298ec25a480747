import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { Interpretation } from '../../domain/interpretation.js';
import type { Interpreter } from '../../ports/interpreter.js';
import type { Log } from '../../ports/log.js';
import type { Model, ModelAnswer } from '../../ports/model.js';
import { ModelUnavailable } from '../../ports/model.js';
import { withinTime } from '../../ports/time-limit.js';
import { carriesSecret } from '../grammar/encoded.js';
import { MAX_TEXT } from '../grammar/index.js';
import type { Names } from '../grammar/names.js';
import { normalise } from '../grammar/normalise.js';
import { agree } from './agree.js';
import { BadAnswer, parseAnswer } from './answer.js';
import { line } from './describe.js';
import { checkEvidence } from './evidence.js';
import type { ModelReading } from './model-reading.js';
import { requestFor } from './prompt.js';
import { sightOf } from './sight.js';

export interface ModelInterpreterNeeds {
  /** The referee: it reads the same text, and what it refuses stays refused. */
  readonly grammar: Interpreter;
  readonly model: Model;
  readonly log: Pick<Log, 'warn'>;
  /** How long all configured models together may take over one text. */
  readonly limitMs?: number;
}

/** Shorter than what the planner grants the whole reading: the grammar still has its turn. */
const LIMIT_MS = 90_000;

const ReadingState = Annotation.Root({
  text: Annotation<string>,
  catalog: Annotation<Names>,
  signal: Annotation<AbortSignal>,
  answer: Annotation<ModelAnswer | null>,
  reading: Annotation<ModelReading | null>,
  grammar: Annotation<Interpretation | null>,
  result: Annotation<Interpretation | null>,
});
type State = typeof ReadingState.State;
type Update = Partial<State>;

/**
 * The command interpreter agent: ask -> check -> read -> agree. The model is asked with the catalog's names and the text, every field of
 * its answer is held to the text, the grammar reads the same text, and the two become one reading. A model that is away, slow or wrong
 * costs quality only: the reading says what it was made without. Throws what the grammar throws, and nothing else.
 */
export function createModelInterpreter(needs: ModelInterpreterNeeds): Interpreter {
  const graph = new StateGraph(ReadingState)
    .addNode('ask', (state) => ask(needs, state))
    .addNode('check', check)
    .addNode('read', (state) => read(needs, state))
    .addNode('compare', compare)
    .addConditionalEdges(START, ({ text }) => (mayLeave(text) ? 'ask' : 'read'), ['ask', 'read'])
    .addEdge('ask', 'check')
    .addEdge('check', 'read')
    .addEdge('read', 'compare')
    .addEdge('compare', END)
    .compile();
  return {
    name: ['grammar', ...needs.model.names].join(' + '),
    interpret: async (text, catalog, signal) => {
      const start = { text, catalog, signal, answer: null, reading: null, grammar: null, result: null };
      const { result } = await graph.invoke(start);
      if (result === null) throw new Error('Reading ended without a result');
      return result;
    },
  };
}

/** What is too long, carries a credential, or holds what cannot be seen is the grammar's alone. */
function mayLeave(text: string): boolean {
  if (text.length > MAX_TEXT || carriesSecret(text)) return false;
  const { hidden } = normalise(text);
  return !(hidden.bidi || hidden.invisible || hidden.tags !== '');
}

async function ask(needs: ModelInterpreterNeeds, { text, catalog, signal }: State): Promise<Update> {
  const names = needs.model.names.join(', ') || 'a model';
  try {
    const answer = await withinTime(needs.limitMs ?? LIMIT_MS, signal, (limit) =>
      needs.model.ask(requestFor(text, catalog), limit),
    );
    return typeof answer?.model === 'string' ? { answer } : without(`${names}: answered with nothing`);
  } catch (error) {
    needs.log.warn({ error: reasonOf(error) }, 'a text is read by the grammar alone');
    if (error instanceof ModelUnavailable) return without(error.message);
    return without(
      `${names}: ${signal.aborted || isTimeout(error) ? 'no answer in time' : 'could not be asked'}`,
    );
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function without(reason: string): Update {
  return { reading: { outcome: 'none', reason: line(reason) } };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}

function check({ text, catalog, answer }: State): Update {
  if (answer === null) return {};
  const model = line(answer.model);
  try {
    return { reading: checkEvidence(parseAnswer(answer.value), model, sightOf(text, catalog)) };
  } catch (error) {
    if (!(error instanceof BadAnswer)) throw error;
    return without(`${model}: not answered as asked, ${error.message}`);
  }
}

async function read(needs: ModelInterpreterNeeds, { text, catalog, signal }: State): Promise<Update> {
  return { grammar: await needs.grammar.interpret(text, catalog, signal) };
}

function compare({ text, catalog, grammar, reading }: State): Update {
  if (grammar === null) throw new Error('Nothing to compare');
  return { result: reading === null ? grammar : agree(grammar, reading, text, catalog) };
}
