import { describe, expect, it } from 'vitest';
import { createOpenAiChat } from '../../controller/adapters/model/openai.js';
import { ModelUnavailable } from '../../controller/ports/model.js';
import { productQuestions } from './questions.js';
import { modelOf, NEVER, request } from './support.js';

const url = process.env.COMMANDER_TEST_LLAMA_URL;
const apiKey = process.env.COMMANDER_TEST_LLAMA_KEY ?? null;
const missing =
  url === undefined ? 'COMMANDER_TEST_LLAMA_URL names no llama-server (.ci/run starts one)' : null;
if (missing !== null && process.env.COMMANDER_REQUIRE_ALL === '1') throw new Error(missing);

const WORDS = {
  type: 'object',
  properties: { service: { type: 'string', maxLength: 20 }, confident: { type: 'boolean' } },
  required: ['service', 'confident'],
  additionalProperties: false,
};
const LISTS = {
  type: 'object',
  properties: {
    outcome: { enum: ['plan', 'clarify', 'refuse'] },
    environments: { type: 'array', maxItems: 3, items: { type: 'string', maxLength: 30 } },
    count: { type: ['integer', 'null'] },
  },
  required: ['outcome', 'environments', 'count'],
  additionalProperties: false,
};

describe.skipIf(missing !== null)(
  `a real llama-server with random weights${missing === null ? '' : `: ${missing}`}`,
  () => {
    const chat = (key: string | null) =>
      createOpenAiChat({ provider: 'openai', baseUrl: url ?? '', apiKey: key, model: 'gibberish' });

    it.each([WORDS, LISTS])('answers by schema, or not at all: %#', async (schema) => {
      const { model, counted } = modelOf([chat(apiKey)], { timeoutMs: 20_000 });
      let answered = 0;
      for (let index = 0; index < 25; index += 1) {
        const asked = model.ask(
          request({ user: `Text ${index}: deploy checkout 🚀 \u0000`, schema, maxOutputTokens: 300 }),
          NEVER,
        );
        const answer = await asked.catch((error: unknown) => {
          expect(error).toBeInstanceOf(ModelUnavailable);
          return null;
        });
        if (answer === null) continue;
        answered += 1;
        expect(Object.keys(answer.value as object).sort()).toEqual(Object.keys(schema.properties).sort());
      }
      expect(answered).toBeGreaterThan(0);
      expect(counted.filter(({ outcome }) => outcome === 'ok')[0]?.usage.outputTokens).toBeGreaterThan(0);
    });

    it.each(productQuestions().map((question) => [question.schemaName, question] as const))(
      'takes the schema of %s, and answers by it or not at all',
      async (_, question) => {
        const { model } = modelOf([chat(apiKey)], { timeoutMs: 10_000 });
        for (let index = 0; index < 3; index += 1) {
          const asked = model.ask({ ...question, system: `${question.system} (${index})` }, NEVER);
          const answer = await asked.catch((error: unknown) => error);
          if (answer instanceof Error) {
            expect(answer).toBeInstanceOf(ModelUnavailable);
            // Gibberish that runs into its limit of tokens: a bad answer, and no fault of the question.
            expect(answer.message).toMatch(/answered badly|did not answer within/);
          } else expect(answer).toMatchObject({ value: expect.any(Object), model: 'openai/gibberish' });
        }
      },
    );

    it('that is asked with another key refuses', async () => {
      const asked = modelOf([chat('wrong')], { timeoutMs: 20_000 }).model.ask(request(), NEVER);
      await expect(asked).rejects.toThrow('openai/gibberish: it refused the key (401)');
    });

    it('that is asked for more than it holds says so', async () => {
      const asked = modelOf([chat(apiKey)], { timeoutMs: 20_000 }).model.ask(
        request({ user: 'long '.repeat(20_000) }),
        NEVER,
      );
      await expect(asked).rejects.toThrow(/it answered 400: .*context/);
    });
  },
);
