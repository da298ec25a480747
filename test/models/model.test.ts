import { afterEach, describe, expect, it } from 'vitest';
import { type ModelAnswer, ModelUnavailable } from '../../controller/ports/model.js';
import { waitFor } from '../support/wait-for.js';
import { productQuestions } from './questions.js';
import {
  faults,
  type ScriptedModel,
  type ScriptedModelOptions,
  startScriptedModel,
} from './scripted/server.js';
import { GOOD, modelOf, NEVER, ollama, openAi, request } from './support.js';

const servers: ScriptedModel[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(answer: ScriptedModelOptions['answer'], change: Partial<ScriptedModelOptions> = {}) {
  const server = await startScriptedModel({ protocol: 'openai', answer, ...change });
  servers.push(server);
  return server;
}

async function failure(asked: Promise<ModelAnswer>): Promise<string> {
  const error: unknown = await asked.then(
    () => new Error('it answered'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelUnavailable);
  return (error as Error).message;
}

describe.each([
  ['openai', openAi],
  ['ollama', ollama],
] as const)('a model behind the protocol of %s', (protocol, provider) => {
  it('is asked with the schema, and what it answers is counted', async () => {
    const asked: unknown[] = [];
    const server = await serve(
      ({ schema, system, user }) => {
        asked.push({ schema, system: system.includes('Read the text.'), user });
        return GOOD;
      },
      { protocol },
    );
    const prices = new Map([[`${protocol}/m`, { input: 1, output: 10 }]]);
    const { model, counted } = modelOf([provider(server)], { prices });
    const answer = await model.ask(request(), NEVER);
    expect(answer).toMatchObject({ value: GOOD, model: `${protocol}/m`, cached: false });
    expect(answer.usage).toMatchObject({ inputTokens: 11, outputTokens: 7 });
    expect(answer.usage.costUsd).toBeCloseTo((11 * 1 + 7 * 10) / 1e6, 9);
    expect(asked).toEqual([{ schema: request().schema, system: true, user: request().user }]);
    expect(counted).toMatchObject([{ outcome: 'ok', purpose: 'interpret' }]);
  });

  it.each([
    ['that is no JSON', faults.notJson],
    ['that is cut off', faults.truncated(GOOD)],
    ['with a key too many', { ...GOOD, environment: 'production' }],
    ['without a key', { service: 'checkout' }],
    ['with a number in words', { service: 'checkout', confident: 'yes' }],
    ['that is a list', [GOOD]],
    ['with a prototype', faults.text('{"service":"checkout","confident":true,"__proto__":{"admin":true}}')],
    ['with a text of a megabyte', { service: 'x'.repeat(900_000), confident: true }],
  ])('is told what is wrong with an answer %s, and may answer again', async (_, bad) => {
    const server = await serve(({ number }) => (number === 1 ? bad : GOOD), { protocol });
    const { model, counted } = modelOf([provider(server)]);
    expect((await model.ask(request(), NEVER)).value).toEqual(GOOD);
    expect(counted).toMatchObject([{ outcome: 'repaired' }]);
    expect(JSON.stringify(server.requests[1]?.body)).toContain('That is not a valid answer');
  });

  it('is given up on after two corrections', async () => {
    const server = await serve(() => faults.text('no'), { protocol });
    const message = await failure(modelOf([provider(server)]).model.ask(request(), NEVER));
    expect(message).toBe(`${protocol}/m: it answered badly: the answer is not one JSON value`);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['hangs', faults.hang, 'did not answer within 0.3 s'],
    ['hangs in the middle', faults.hangInBody, 'did not answer within 0.3 s'],
    ['never ends', faults.endless, 'larger than 1048576 bytes'],
    ['hangs up', faults.reset, ''],
    ['answers a web page', faults.html, ''],
    ['sends us elsewhere', faults.redirect('http://127.0.0.1:9/v1/chat/completions'), ''],
    ['is out of order', faults.status(503), '503'],
    ['asks for a pause of an hour', faults.tooManyRequests(3600), 'asks for a pause (429)'],
    ['does not know the model', faults.status(404), 'does not know the model'],
    ['answers in another shape', faults.changedShape, ''],
    ['is cut off', faults.cutBody, ''],
  ])('that %s is left for the next one', async (_, bad, words) => {
    // Only what is to run out of time gets little of it.
    const timeoutMs = words.includes('within 0.3 s') ? 300 : 30_000;
    const broken = await serve(() => bad, { protocol });
    const good = await serve(() => GOOD);
    const { model, counted } = modelOf([provider(broken), openAi(good)], { timeoutMs });
    expect(await model.ask(request(), NEVER)).toMatchObject({ value: GOOD, model: 'openai/m' });
    expect(counted.map(({ outcome }) => outcome)).toEqual(['failed', 'ok']);
    expect(await failure(modelOf([provider(broken)], { timeoutMs }).model.ask(request(), NEVER))).toContain(
      words,
    );
  });
});

describe('several models', () => {
  it('are all named when none answers, and no secret and no address with them', async () => {
    const down = await serve(() => faults.status(500, 'key sk-abcdefghijklmnopqrstuvwx at http://u:p@h/'));
    const shut = await serve(() => GOOD, { apiKey: 'right' });
    const message = await failure(
      modelOf([openAi(down), openAi(shut, 'wrong-key-of-ours')]).model.ask(request(), NEVER),
    );
    expect(message).toMatch(/^openai\/m: it answered 500: .*; openai\/m: it refused the key \(401\)$/);
    expect(message).not.toMatch(/sk-abc|u:p|127\.0\.0\.1|wrong-key/);
  });

  it('one that fails three times in a row is left alone, and asked again later', async () => {
    let down = true;
    const first = await serve(() => (down ? faults.status(503) : GOOD));
    const second = await serve(() => GOOD);
    const { model } = modelOf([
      openAi(first),
      ollama(await serve(() => GOOD, { protocol: 'ollama' })),
      openAi(second),
    ]);
    const ask = (user: string) => model.ask(request({ user }), NEVER);
    for (let index = 0; index < 6; index += 1) expect((await ask(`text ${index}`)).model).toBe('ollama/m');
    expect(first.requests).toHaveLength(3);
    down = false;
    await waitFor(
      'the first one to be asked again',
      async () => (await ask(`later ${Math.random()}`)).model === 'openai/m',
    );
  });

  it('one that answers badly is up, and is asked again at the next question', async () => {
    const server = await serve(({ messages }) =>
      messages[1]?.content.startsWith('bad') ? faults.text('no') : GOOD,
    );
    const { model } = modelOf([openAi(server)]);
    for (let index = 0; index < 5; index += 1)
      await failure(model.ask(request({ user: `bad ${index}` }), NEVER));
    expect((await model.ask(request(), NEVER)).value).toEqual(GOOD);
  });

  it('a question whose time is over is not asked of the next one', async () => {
    const slow = await serve(() => faults.hang);
    const next = await serve(() => GOOD);
    const over = new AbortController();
    const asked = failure(modelOf([openAi(slow), openAi(next)]).model.ask(request(), over.signal));
    await waitFor('the question to arrive', async () => slow.requests.length === 1);
    over.abort();
    expect(await asked).toContain('the time for it is over');
    expect(next.requests).toHaveLength(0);
  });
});

describe('an answer', () => {
  it('is remembered by all that it depends on', async () => {
    const server = await serve(() => GOOD);
    const { model, counted } = modelOf([openAi(server)]);
    await model.ask(request(), NEVER);
    expect((await model.ask(request(), NEVER)).cached).toBe(true);
    for (const change of [
      { user: 'Another.' },
      { system: 'Another.' },
      { promptVersion: '2' },
      { purpose: 'advise' as const },
    ])
      expect((await model.ask(request(change), NEVER)).cached).toBe(false);
    expect(server.requests).toHaveLength(5);
    expect(counted.filter(({ outcome }) => outcome === 'cached')).toHaveLength(1);
  });

  it('is asked for once when several want it at the same time', async () => {
    const server = await serve(() => GOOD);
    const { model } = modelOf([openAi(server)]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => model.ask(request(), NEVER)));
    expect(answers.every(({ value }) => (value as typeof GOOD).service === 'checkout')).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('is had without the cache when that is broken', async () => {
    const server = await serve(() => GOOD);
    const broken = {
      get: () => Promise.reject(new Error('away')),
      put: () => Promise.reject(new Error('away')),
    };
    expect((await modelOf([openAi(server)], { cache: broken }).model.ask(request(), NEVER)).value).toEqual(
      GOOD,
    );
  });

  it('that was kept and does not fit the schema any more is asked for again', async () => {
    const server = await serve(() => GOOD);
    const usage = { inputTokens: 1, outputTokens: 1, costUsd: null };
    const kept = { purpose: 'interpret', model: 'openai/m', value: { service: 1 }, usage };
    const cache = { get: async () => kept, put: async () => undefined };
    expect((await modelOf([openAi(server)], { cache }).model.ask(request(), NEVER)).cached).toBe(false);
  });

  it('in a fence is taken, for many models cannot leave it out', async () => {
    const server = await serve(() => faults.text(`\`\`\`json\n${JSON.stringify(GOOD, null, 2)}\n\`\`\``));
    expect((await modelOf([openAi(server)]).model.ask(request(), NEVER)).value).toEqual(GOOD);
  });

  it('is asked for less strictly where a server does not know schemas, and checked all the same', async () => {
    const server = await serve(({ messages }) => (messages.length > 2 ? GOOD : { ...GOOD, more: 1 }), {
      refusesSchemas: true,
    });
    const { model } = modelOf([openAi(server)]);
    expect((await model.ask(request(), NEVER)).value).toEqual(GOOD);
    await model.ask(request({ user: 'Another.' }), NEVER);
    expect(server.requests.filter(({ body }) => JSON.stringify(body).includes('"json_schema"'))).toHaveLength(
      1,
    );
  });
});

describe('what leaves the machine', () => {
  it('has no secrets, and placeholders for personal data, which are put back in the answer', async () => {
    const server = await serve(({ user }) => ({ service: user, confident: true }));
    const { model } = modelOf([openAi(server)]);
    const user = 'Deploy checkout for ann@example.com, token ghp_abcdefghijklmnopqrst, from 10.1.2.3';
    const { value } = await model.ask(request({ user }), NEVER);
    const sent = JSON.stringify(server.requests.map(({ body }) => body));
    expect(sent).not.toMatch(/ann@example|ghp_|10\.1\.2\.3/);
    expect(sent).toContain('Deploy checkout for <email-1>');
    expect((value as { service: string }).service).toBe(
      'Deploy checkout for ann@example.com, token [redacted], from 10.1.2.3',
    );
  });

  it('of keys is the header alone', async () => {
    const server = await serve(() => GOOD, { apiKey: 'k-1234567' });
    await modelOf([openAi(server, 'k-1234567')]).model.ask(request(), NEVER);
    expect(JSON.stringify(server.requests.map(({ path, body }) => [path, body]))).not.toContain('k-1234567');
  });
});

describe('a model that is told no', () => {
  it('by its own server, for words of the wrong form, may answer again and is not taken to be down', async () => {
    const words = 'The model produced output that does not match the expected peg-native format';
    const server = await serve(({ number }) => (number === 2 ? GOOD : faults.status(500, words)));
    const { model, counted } = modelOf([openAi(server)]);
    expect((await model.ask(request(), NEVER)).value).toEqual(GOOD);
    for (let index = 0; index < 4; index += 1)
      expect(await failure(model.ask(request({ user: `again ${index}` }), NEVER))).toContain(
        'answered badly',
      );
    expect(counted.map(({ outcome }) => outcome)).toEqual([
      'repaired',
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });

  it('of one question is asked the next one: a question may be too long, and that is nobody being down', async () => {
    const server = await serve(({ user }) => (user.startsWith('long') ? faults.status(413) : GOOD));
    const { model } = modelOf([openAi(server)]);
    for (let index = 0; index < 5; index += 1)
      await failure(model.ask(request({ user: `long ${index}` }), NEVER));
    expect((await model.ask(request(), NEVER)).value).toEqual(GOOD);
  });

  it('by a server that repeats our key says so without it', async () => {
    const server = await serve(() => faults.status(500, 'header "Bearer our-key" is odd'));
    const { model } = modelOf([openAi(server, 'our-key')], { secrets: ['our-key'] });
    const message = await failure(model.ask(request(), NEVER));
    expect(message).toContain('it answered 500');
    expect(message).not.toContain('our-key');
  });
});

describe('each question of the product', () => {
  it.each(productQuestions().map((question) => [question.schemaName, question] as const))(
    '%s is asked: its schema lets nothing in that it does not name',
    async (_, question) => {
      const server = await serve(() => 'no answer to any of them');
      const message = await failure(modelOf([openAi(server)]).model.ask(question, NEVER));
      expect(message).toContain('it answered badly');
    },
  );
});

describe('a question whose schema lets anything in', () => {
  it.each([
    ['other keys', { type: 'object', properties: {}, required: [] }],
    ['keys left out', { ...request().schema, required: ['service'] }],
    ['other keys further down', closed({ list: { type: 'array', items: { type: 'object' } } })],
    ['other keys in one of its forms', closed({ either: { anyOf: [{ type: 'null' }, { properties: {} }] } })],
    ['no schema at all', closed({ service: { type: 'words' } })],
  ])('is not asked: %s', async (_, schema) => {
    const server = await serve(() => GOOD);
    const message = await failure(modelOf([openAi(server)]).model.ask(request({ schema }), NEVER));
    expect(message).toContain('the question reading cannot be asked');
    expect(server.requests).toHaveLength(0);
  });
});

function closed(properties: Readonly<Record<string, unknown>>) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
