import { sha256 } from '../../controller/domain/json.js';
import type { Passage } from '../../controller/domain/passage.js';
import type { Sop } from '../../controller/domain/sop.js';
import { advise } from '../../controller/planning/advise.js';
import { type AdvisorInput, createAdvisor } from '../../controller/planning/advisor/advisor.js';
import { catalogNames, factsOf } from '../../controller/planning/advisor/facts.js';
import type { Knowledge } from '../../controller/ports/knowledge.js';
import type { Model, ModelAnswer, ModelRequest } from '../../controller/ports/model.js';
import { catalogOf, grounded, needs } from '../planning/sample.js';
import { quietLog } from '../support/quiet-log.js';

export const REPOSITORY = '/repo';
export const forever = new AbortController().signal;

/** An SOP of plain text that code made nothing of. */
export function sopOf(body: string, change: Partial<Sop> = {}): Sop {
  return {
    id: 'release',
    title: 'Release',
    path: 'sops/release.md',
    severity: 'high',
    scope: { services: [], environments: [], actions: [] },
    controls: [],
    advice: [],
    body,
    digest: `sha256:${sha256(body)}`,
    ...change,
  };
}

/** The whole body as one passage. */
export function passageOf(sop: Sop, change: Partial<Passage> = {}): Passage {
  return {
    id: sha256(`${sop.path}${sop.body}`),
    repository: REPOSITORY,
    sop: sop.id,
    path: sop.path,
    title: sop.title,
    headings: [],
    text: sop.body,
    context: '',
    index: 0,
    ...change,
  };
}

/** Finds the same passages whatever is asked. */
export function knowledgeOf(passages: readonly Passage[], without: readonly string[] = []): Knowledge {
  return {
    name: 'postgres',
    hold: async () => ({ added: 0, removed: 0, kept: 0, without: [] }),
    search: async () => ({
      found: passages.map((passage, index) => ({
        passage,
        score: 1 / (index + 1),
        ranks: { words: index + 1, wordVectors: null, meaning: null, lateInteraction: null },
      })),
      without,
    }),
  };
}

export interface AskedModel extends Model {
  readonly asked: ModelRequest[];
}

export const MODEL = 'ollama/qwen3:8b';

/** Answers with whatever it is given, fitting the schema or not. */
export function modelOf(answer: (request: ModelRequest) => unknown): AskedModel {
  const asked: ModelRequest[] = [];
  return {
    names: [MODEL],
    asked,
    ask: async (request): Promise<ModelAnswer> => {
      asked.push(request);
      const usage = { inputTokens: 1, outputTokens: 1, costUsd: null };
      return { value: answer(request), model: MODEL, usage, cached: false, seconds: 0 };
    },
  };
}

export function verdict(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { passage: 1, verdict: 'deviates', severity: 'high', quote: '', reason: 'It does not.', ...change };
}

export function inputOf(sops: readonly Sop[]): AdvisorInput {
  const asked = grounded({ environments: ['staging', 'production'], postSteps: ['smoke_tests'] });
  const catalog = catalogOf();
  const { guards } = advise(needs({ catalog, sops }), asked);
  return { repository: REPOSITORY, facts: factsOf(asked, guards), names: catalogNames(catalog), sops };
}

/** What a model that answers so comes to, about SOPs of one passage each. */
export async function advised(sops: readonly Sop[], answer: (request: ModelRequest) => unknown) {
  const knowledge = knowledgeOf(sops.map((sop) => passageOf(sop)));
  const log = quietLog();
  const advisor = createAdvisor({ knowledge, model: modelOf(answer), log });
  return advisor(inputOf(sops), forever);
}
