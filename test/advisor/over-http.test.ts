import { afterEach, describe, expect, it } from 'vitest';
import { memoryCache } from '../../controller/adapters/model/answer-cache.js';
import { createModel } from '../../controller/adapters/model/model.js';
import { createOllamaChat } from '../../controller/adapters/model/ollama.js';
import { createOpenAiChat } from '../../controller/adapters/model/openai.js';
import { summaryRequest } from '../../controller/approval/incident-evidence.js';
import { createAdvisor } from '../../controller/planning/advisor/advisor.js';
import { checkedControl } from '../../controller/planning/advisor/compile-check.js';
import { compileRequest } from '../../controller/planning/advisor/compile-prompt.js';
import { indexNames } from '../../controller/planning/grammar/names.js';
import type { Model } from '../../controller/ports/model.js';
import {
  faults,
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from '../models/scripted/server.js';
import { catalogOf } from '../planning/sample.js';
import { incident, NOON } from '../postgres/samples.js';
import { quietLog } from '../support/quiet-log.js';
import { forever, inputOf, knowledgeOf, passageOf, sopOf, verdict } from './support.js';

const SENTENCE = 'The on-call engineer must be told before production changes.';
const SOP = sopOf(`# Release\n\n${SENTENCE}\n`);
const log = quietLog();
let server: ScriptedModel | null = null;
afterEach(() => server?.close());

async function modelAt(
  protocol: 'openai' | 'ollama',
  answer: ScriptedModelOptions['answer'],
): Promise<Model> {
  server = await startScriptedModel({ protocol, answer });
  const { url } = server;
  const provider =
    protocol === 'ollama'
      ? createOllamaChat({ url, model: 'qwen3:8b' })
      : createOpenAiChat({ provider: 'openai', baseUrl: url, apiKey: null, model: 'gpt' });
  return createModel({
    providers: [provider],
    timeoutMs: 5000,
    prices: new Map(),
    cache: memoryCache(),
    telemetry: { modelAnswered() {} },
    log,
  });
}

describe.each(['openai', 'ollama'] as const)('over HTTP, as %s speaks', (protocol) => {
  it('a verdict with its quote becomes a finding, asked for once while nothing changes', async () => {
    const model = await modelAt(protocol, () => ({ verdicts: [verdict({ quote: SENTENCE })] }));
    const advise = createAdvisor({ knowledge: knowledgeOf([passageOf(SOP)]), model, log });
    const first = await advise(inputOf([SOP]), forever);
    expect(first).toMatchObject({ findings: [{ verdict: 'deviates', quote: SENTENCE }], without: [] });
    expect(first.findings[0]?.by).toBe(model.names[0]);
    expect(await advise(inputOf([SOP]), forever)).toEqual(first);
    expect(server?.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('answers that are no such verdicts, ever, leave the plan to people', async () => {
    for (const answer of [
      faults.notJson,
      faults.truncated(),
      { verdicts: [{ passage: 99 }] },
      { service: 'payments' },
    ]) {
      const model = await modelAt(protocol, () => answer);
      const advise = createAdvisor({ knowledge: knowledgeOf([passageOf(SOP)]), model, log });
      const { findings, without } = await advise(inputOf([SOP]), forever);
      expect(findings).toEqual([]);
      expect(without[0]).toMatch(/^SOP verdicts of a model: /);
      await server?.close();
    }
  });

  it('every control of the vocabulary can be answered', async () => {
    const sentence = 'Two people from @dba approve what goes to production.';
    const control = { kind: 'approvals', count: 2, services: [], environments: ['production'] };
    const model = await modelAt(protocol, () => ({ control }));
    const answer = await model.ask(compileRequest(sentence, catalogOf()), forever);
    const found = checkedControl(answer.value, sentence, 'release', indexNames(catalogOf()));
    expect(found).toMatchObject({ kind: 'approvals', count: 2, origin: 'model' });
  });

  it('a summary is answered', async () => {
    const model = await modelAt(protocol, () => ({ summary: 'Many requests failed.' }));
    const stored = {
      id: 7,
      openedAt: NOON,
      closedAt: null,
      writtenCommit: null,
      branch: null,
      summary: null,
    };
    const evidence = { incident: { ...incident('r'), ...stored }, before: null, changes: null, steps: [] };
    expect((await model.ask(summaryRequest(evidence), forever)).value).toEqual({
      summary: 'Many requests failed.',
    });
  });
});
