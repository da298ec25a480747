import { afterEach, describe, expect, it } from 'vitest';
import { createEmbedder } from '../../controller/adapters/model/embedder.js';
import { createOllamaEmbeddings } from '../../controller/adapters/model/ollama.js';
import { createOpenAiEmbeddings } from '../../controller/adapters/model/openai.js';
import type { Embedder, TextInContext, TokenVectors } from '../../controller/ports/model.js';
import { ModelUnavailable } from '../../controller/ports/model.js';
import { waitFor } from '../support/wait-for.js';
import {
  faults,
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from './scripted/server.js';
import { NEVER } from './support.js';

type Embed = NonNullable<ScriptedModelOptions['embed']>;

const servers: ScriptedModel[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function embedderOf(
  protocol: 'openai' | 'ollama',
  embed: Embed,
  timeoutMs = 2000,
): Promise<{ readonly embedder: Embedder; readonly server: ScriptedModel }> {
  const server = await startScriptedModel({ protocol, answer: () => ({}), embed });
  servers.push(server);
  const provider =
    protocol === 'ollama'
      ? createOllamaEmbeddings({ url: server.url, model: 'm' })
      : createOpenAiEmbeddings({ provider: 'openai', baseUrl: server.url, apiKey: null, model: 'm' });
  return { embedder: createEmbedder(provider, timeoutMs), server };
}

async function failure(asked: Promise<unknown>): Promise<string> {
  const error: unknown = await asked.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelUnavailable);
  return (error as Error).message;
}

/** Only what is to run out of time gets little of it. */
const limitFor = (words: string) => (words.includes('within 0.3 s') ? 300 : 30_000);
/** A provider that has vectors of tokens, as they are given. */
function tokensOf(given: (texts: readonly TextInContext[]) => readonly TokenVectors[] | Promise<never>) {
  const read: TextInContext[] = [];
  const { tokens } = createEmbedder(
    {
      name: 'test/tokens',
      embed: async () => [],
      tokens: async (texts) => {
        read.push(...texts);
        return given(texts);
      },
    },
    300,
  );
  if (tokens === undefined) throw new Error('the embedder has no tokens');
  return { tokens, read };
}
const numbered: Embed = (texts) => texts.map((text) => [Number(text.split(' ')[1]) + 1, 1, 0]);

describe.each(['openai', 'ollama'] as const)('vectors over the protocol of %s', (protocol) => {
  it('have length one, are in the order of their texts, and come in batches of 64', async () => {
    const { embedder, server } = await embedderOf(protocol, numbered);
    const vectors = await embedder.embed(
      Array.from({ length: 130 }, (_, index) => `text ${index}`),
      NEVER,
    );
    expect(vectors).toHaveLength(130);
    for (const [index, vector] of vectors.entries()) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      expect((vector[0] ?? 0) / (vector[1] ?? 0)).toBeCloseTo(index + 1, 2);
    }
    expect(server.requests).toHaveLength(3);
    expect(embedder.name).toBe(`${protocol}/m`);
  });

  it('of no text are asked of nobody', async () => {
    const { embedder, server } = await embedderOf(protocol, numbered);
    expect(await embedder.embed([], NEVER)).toEqual([]);
    expect(server.requests).toHaveLength(0);
  });

  it('are made of texts without secrets and personal data', async () => {
    const { embedder, server } = await embedderOf(protocol, (texts) => texts.map(() => [1]));
    await embedder.embed(['ask ann@a.io, password=hunter2000'], NEVER);
    expect(JSON.stringify(server.requests)).toContain('ask <email-1>, password=[redacted]');
  });

  it.each<[string, Embed, string]>([
    ['too few', () => [[1, 2]], 'it gave 1 vectors for 2 texts'],
    ['of different lengths', () => [[1], [1, 2]], 'different lengths (1 and 2)'],
    ['of nothing', () => [[], []], 'a vector has no numbers'],
    [
      'of zeros',
      () => [
        [0, 0],
        [1, 0],
      ],
      'a vector has no direction',
    ],
    [
      'too large for a number',
      () => [
        [1.7e308, 1.7e308],
        [1, 0],
      ],
      'a vector has no direction',
    ],
    ['of words', () => [['a'], ['b']] as unknown as number[][], 'a vector holds what is no number'],
    ['that are no lists', () => ['a', 'b'] as unknown as number[][], ''],
    [
      'too long',
      () => [Array(20_000).fill(1), Array(20_000).fill(1)],
      'a vector has no numbers, or too many',
    ],
    ['in another shape', () => faults.changedShape, 'it gave 0 vectors for 2 texts'],
    ['that never end', () => faults.endless, 'larger than 8388608 bytes'],
    ['that hang', () => faults.hangInBody, 'it did not answer within 0.3 s'],
    ['of a server that hangs up', () => faults.reset, ''],
    ['of a web page', () => faults.html, ''],
    ['of a server that asks for a pause', () => faults.tooManyRequests(), 'it asks for a pause (429)'],
  ])('%s are none', async (_, embed, words) => {
    const { embedder } = await embedderOf(protocol, embed, limitFor(words));
    expect(await failure(embedder.embed(['one', 'two'], NEVER))).toContain(words);
  });

  it('that change their length between two calls are refused: the model is another one by now', async () => {
    let length = 3;
    const { embedder } = await embedderOf(protocol, (texts) => texts.map(() => Array(length).fill(1)));
    await embedder.embed(['one'], NEVER);
    length = 4;
    expect(await failure(embedder.embed(['two'], NEVER))).toContain('different lengths (3 and 4)');
  });
});

describe('a server of vectors', () => {
  it('that fails three times in a row is left alone', async () => {
    const { embedder, server } = await embedderOf('openai', () => faults.status(503));
    for (let index = 0; index < 6; index += 1) await failure(embedder.embed(['text'], NEVER));
    expect(server.requests).toHaveLength(3);
  });

  it('is not to blame when those who asked have gone', async () => {
    let hang = true;
    const { embedder, server } = await embedderOf('openai', () => (hang ? faults.hang : [[1]]), 30_000);
    for (let index = 0; index < 4; index += 1) {
      const over = new AbortController();
      const asked = failure(embedder.embed(['text'], over.signal));
      await waitFor('the question to arrive', () => server.requests.length === index + 1);
      over.abort();
      expect(await asked).toContain('the time for it is over');
    }
    hang = false;
    expect(await embedder.embed(['text'], NEVER)).toHaveLength(1);
  });
});

describe('vectors of tokens', () => {
  const one: TokenVectors = { ids: Uint32Array.of(7, 8), numbers: Int8Array.of(1, 2, 3, 4) };
  const text = { context: '', text: 'Never on Fridays.' };

  it('are those of the provider, for texts in which personal data is masked', async () => {
    const { tokens, read } = tokensOf((texts) => texts.map(() => one));
    const mail = 'anna.schmidt@larkspur.example';
    expect(await tokens([{ context: `Ask ${mail}`, text: `Tell ${mail}` }], NEVER)).toEqual([one]);
    expect(JSON.stringify(read)).not.toContain('schmidt');
  });

  it.each<[string, RegExp, () => readonly TokenVectors[] | Promise<never>]>([
    ['that are too few', /it read 0 of 1 texts/, () => []],
    [
      'that are of different lengths',
      /have different lengths/,
      () => [{ ...one, numbers: Int8Array.of(1, 2, 3) }],
    ],
    ['that are of no token', /too long/, () => [{ ids: new Uint32Array(0), numbers: Int8Array.of(1) }]],
    ['that are too many', /too many/, () => [{ ids: new Uint32Array(9000), numbers: new Int8Array(9000) }]],
    ['that are too long', /too long/, () => [{ ids: Uint32Array.of(1), numbers: new Int8Array(20_000) }]],
    ['that fail', /the model broke/, () => Promise.reject(new Error('the model broke'))],
    ['that hang', /within 0.3 s/, () => new Promise<never>(() => undefined)],
  ])('%s are none', async (_, words, given) => {
    const message = await failure(tokensOf(given).tokens([text], NEVER));
    expect(message).toContain('test/tokens');
    expect(message).toMatch(words);
  });

  it('are not asked for when nobody waits', async () => {
    const { tokens, read } = tokensOf((texts) => texts.map(() => one));
    expect(await failure(tokens([text], AbortSignal.abort()))).toContain('the time for it is over');
    expect(read).toEqual([]);
  });
});
