import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import { sopApplies } from '../../domain/assumptions.js';
import { modelLine } from '../../domain/model-words.js';
import type { Finding, Sop } from '../../domain/sop.js';
import type { Knowledge } from '../../ports/knowledge.js';
import type { Log } from '../../ports/log.js';
import type { Model, ModelAnswer } from '../../ports/model.js';
import { limitTime, untilAborted } from '../../ports/time-limit.js';
import { checkAnswer } from './check.js';
import type { PlanFacts } from './facts.js';
import { adviceRequest } from './prompt.js';
import { type Retrieved, retrieve } from './retrieve.js';

/** It can search and ask, it cannot act. */
export interface AdvisorNeeds {
  readonly knowledge: Knowledge;
  /** null: none is configured; then what code cannot check is the people's to judge, and the advisor adds nothing. */
  readonly model: Model | null;
  readonly log: Log;
  /** For search and model together. Default: one minute. */
  readonly limitMs?: number;
}

export interface AdvisorInput {
  readonly repository: string;
  readonly facts: PlanFacts;
  /** `catalogNames`: no secret in a prompt. */
  readonly names: readonly string[];
  /** All of the repository, as committed now. */
  readonly sops: readonly Sop[];
}

export interface AdvisorAnswer {
  /** A model's, each by its name: to be added to those of code (`withModelFindings`), never to replace one. */
  readonly findings: readonly Finding[];
  /** What the answer was made without, in words for people. */
  readonly without: readonly string[];
}

export type Advisor = (input: AdvisorInput, signal: AbortSignal) => Promise<AdvisorAnswer>;

const LIMIT_MS = 60_000;

const AdvisorState = Annotation.Root({
  input: Annotation<AdvisorInput>,
  signal: Annotation<AbortSignal>,
  retrieved: Annotation<readonly Retrieved[]>,
  answer: Annotation<ModelAnswer | null>,
  findings: Annotation<readonly Finding[]>,
  without: Annotation<readonly string[]>({
    reducer: (left, right) => [...left, ...right],
    default: () => [],
  }),
});
type State = typeof AdvisorState.State;
type Update = Partial<State>;

/** The SOP advisor: retrieve -> judge -> check. What is away costs quality and is named; it never throws for that. */
export function createAdvisor(needs: AdvisorNeeds): Advisor {
  const { model } = needs;
  if (model === null) return async () => ({ findings: [], without: [] });
  const graph = new StateGraph(AdvisorState)
    .addNode('retrieve', (state) => retrieveNode(needs, state))
    .addNode('judge', (state) => judgeNode(model, state))
    .addNode('check', (state) => checkNode(needs, state))
    .addEdge(START, 'retrieve')
    .addConditionalEdges('retrieve', ({ retrieved }) => (retrieved.length === 0 ? END : 'judge'), [
      'judge',
      END,
    ])
    .addConditionalEdges('judge', ({ answer }) => (answer === null ? END : 'check'), ['check', END])
    .addEdge('check', END)
    .compile();
  return async (input, signal) => {
    const start = { input, retrieved: [], answer: null, findings: [], without: [] };
    try {
      const { findings, without } = await limitTime(needs.limitMs ?? LIMIT_MS, signal, (both) =>
        graph.invoke({ ...start, signal: both }),
      );
      return { findings, without: [...new Set(without)] };
    } catch (error) {
      needs.log.error({ error: words(error) }, 'the SOP advisor failed, planned without it');
      return { findings: [], without: [`SOP verdicts of a model: ${words(error)}`] };
    }
  };
}

async function retrieveNode(needs: AdvisorNeeds, { input, signal }: State): Promise<Update> {
  const { facts, sops, repository } = input;
  const subject = {
    service: facts.service,
    action: facts.action,
    environments: facts.environments.map(({ environment }) => environment),
  };
  const applying = sops.filter((sop) => sopApplies(sop, subject));
  if (applying.length === 0) return { retrieved: [] };
  return retrieve(needs.knowledge, repository, facts, applying, signal);
}

async function judgeNode(model: Model, { input, retrieved, signal }: State): Promise<Update> {
  const request = adviceRequest(input.facts, retrieved, input.names);
  try {
    return { answer: await untilAborted(model.ask(request, signal), signal) };
  } catch (error) {
    return { answer: null, without: [`SOP verdicts of a model: ${words(error)}`] };
  }
}

function checkNode({ log }: AdvisorNeeds, { answer, retrieved }: State): Update {
  if (answer === null) return {};
  const { findings, rejected } = checkAnswer(answer.value, answer.model, retrieved);
  if (rejected === 0) return { findings };
  log.warn({ model: answer.model, rejected }, 'verdicts on SOPs were rejected');
  const what = rejected === 1 ? '1 verdict' : `${rejected} verdicts`;
  const without = `${what} of ${answer.model} on SOPs, rejected: what was quoted is not in the passage`;
  return { findings, without: [without] };
}

function words(error: unknown): string {
  return modelLine(error instanceof Error ? error.message : String(error), 300);
}
