import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromaIndex } from '../../controller/adapters/knowledge/chroma.js';
import { createEmbedder } from '../../controller/adapters/model/embedder.js';
import { createOllamaEmbeddings } from '../../controller/adapters/model/ollama.js';
import { createOpenAiEmbeddings } from '../../controller/adapters/model/openai.js';
import { holdSops } from '../../controller/planning/knowledge/hold-sops.js';
import { createKnowledge, type KnowledgeNeeds } from '../../controller/planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import type { PassageRecords } from '../../controller/ports/knowledge.js';
import type { Embedder } from '../../controller/ports/model.js';
import { faults, startScriptedModel } from '../models/scripted/server.js';
import { quietLog } from '../support/quiet-log.js';
import { type ChromaServer, chromaMissing, startChroma } from './chroma-support.js';
import { hashedEmbedder, hashedVector } from './hashed-embedder.js';
import { DOCUMENTS, FREEZE, passages, sop } from './samples.js';

const SIGNAL = new AbortController().signal;
const REPO = '/repository';
const HELD = passages(REPO, DOCUMENTS);
const QUERY = { repository: REPO, text: 'How do we roll back to a good version?', limit: 5 };

/** A clock that only moves when it is told to. */
function hands(): { now(): Date; forward(seconds: number): void } {
  let time = Date.UTC(2026, 0, 5);
  return { now: () => new Date(time), forward: (seconds) => (time += seconds * 1000) };
}

function knowledge(needs: Partial<KnowledgeNeeds>) {
  return createKnowledge({
    records: memoryPassageRecords(),
    embedder: null,
    wordVectors: null,
    vectors: null,
    clock: hands(),
    ...needs,
  });
}

/** An embedder that can be turned off. */
function switched() {
  const embedder = {
    name: 'test/switched',
    on: true,
    asked: 0,
    embed: async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
      embedder.asked += 1;
      if (!embedder.on) throw new Error('connection refused');
      return texts.map((text) => hashedVector(text));
    },
  };
  return embedder;
}

describe('an embedder that is away', () => {
  it('costs the dense half, and the answer says so', async () => {
    const embedder = switched();
    embedder.on = false;
    const searched = knowledge({ embedder });
    const change = await searched.hold(REPO, HELD, SIGNAL);
    expect(change).toMatchObject({
      added: HELD.length,
      without: ['embeddings: test/switched: connection refused'],
    });
    const { found, without } = await searched.search(QUERY, SIGNAL);
    expect(found[0]?.passage.path).toBe('sops/rollback.md');
    expect(found.every(({ ranks }) => ranks.meaning === null)).toBe(true);
    expect(without).toEqual(['embeddings: test/switched: connection refused']);
  });

  it('is left alone for a while, then what it missed is made good by searches', async () => {
    const clock = hands();
    const embedder = switched();
    const searched = knowledge({ embedder, clock });
    embedder.on = false;
    await searched.hold(REPO, HELD, SIGNAL);
    await searched.search(QUERY, SIGNAL);
    const { asked } = embedder;
    for (let at = 0; at < 5; at += 1) expect((await searched.search(QUERY, SIGNAL)).without).toHaveLength(1);
    expect(embedder.asked).toBe(asked);
    embedder.on = true;
    clock.forward(60);
    const { found, without } = await searched.search(QUERY, SIGNAL);
    expect(without).toEqual([]);
    expect(found.some(({ ranks }) => ranks.meaning !== null)).toBe(true);
  });

  it('is asked again by a later hold, which embeds only what is missing', async () => {
    const embedder = switched();
    const searched = knowledge({ embedder, limits: { batch: 2 } });
    let left = 2;
    const dies: Embedder = {
      name: embedder.name,
      embed: async (texts) => {
        if (left === 0) embedder.on = false;
        left -= 1;
        return embedder.embed(texts);
      },
    };
    const records = memoryPassageRecords();
    const clock = hands();
    const dying = knowledge({ records, embedder: dies, limits: { batch: 1 }, clock });
    expect((await dying.hold(REPO, HELD, SIGNAL)).without).toEqual([
      'embeddings: test/switched: connection refused',
    ]);
    expect(await records.missing({ repository: REPO, embedder: embedder.name }, 99)).toHaveLength(
      HELD.length - 2,
    );
    embedder.on = true;
    left = -1;
    clock.forward(60);
    expect((await dying.hold(REPO, HELD, SIGNAL)).without).toEqual([]);
    expect(await records.missing({ repository: REPO, embedder: embedder.name }, 99)).toEqual([]);
    expect((await searched.hold(REPO, HELD, SIGNAL)).without).toEqual([]);
  });

  it('that never answers is waited for as long as is said, and no longer', async () => {
    const never: Embedder = { name: 'test/never', embed: () => new Promise(() => undefined) };
    const searched = knowledge({ embedder: never, limits: { questionMs: 50, batchMs: 50 } });
    await searched.hold(REPO, HELD, SIGNAL);
    const { found, without } = await searched.search(QUERY, SIGNAL);
    expect(found).not.toEqual([]);
    expect(without).toEqual(['embeddings: test/never: no answer within 0.05 s']);
  });

  it.each([
    ['no vectors', async () => []],
    ['vectors of nothing', async (texts: readonly string[]) => texts.map(() => new Float32Array(0))],
    [
      'what is no number',
      async (texts: readonly string[]) => texts.map(() => Float32Array.from([Number.NaN])),
    ],
    ['endless vectors', async (texts: readonly string[]) => texts.map(() => new Float32Array(100_000))],
  ])('and one that gives %s is as good as away', async (_, embed) => {
    const searched = knowledge({ embedder: { name: 'test/odd', embed } });
    await searched.hold(REPO, HELD, SIGNAL);
    const { found, without } = await searched.search(QUERY, SIGNAL);
    expect(found[0]?.passage.path).toBe('sops/rollback.md');
    expect(without[0]).toMatch(/^embeddings: test\/odd: it gave/);
  });

  it('one passage that it does not take is not in the way of the others', async () => {
    const records = memoryPassageRecords();
    const embedder: Embedder = {
      name: 'test/picky',
      embed: async (texts) => {
        if (texts.some((text) => text.includes('poison'))) throw new Error('input is too long');
        return texts.map((text) => hashedVector(text));
      },
    };
    const searched = knowledge({ records, embedder });
    const held = passages(REPO, { ...DOCUMENTS, 'sops/a.md': '# A\n\npoison' });
    expect((await searched.hold(REPO, held, SIGNAL)).without).toEqual([
      `embeddings: 1 of ${held.length} passages have none of test/picky yet`,
    ]);
    expect((await searched.search(QUERY, SIGNAL)).found.some(({ ranks }) => ranks.meaning !== null)).toBe(
      true,
    );
    const words = await searched.search({ ...QUERY, text: 'poison' }, SIGNAL);
    expect(words.found[0]?.passage.path).toBe('sops/a.md');
  });

  it('one passage that takes too long is left for the next time, and is not in the way of the others', async () => {
    const records = memoryPassageRecords();
    let busy = true;
    const embedder: Embedder = {
      name: 'test/busy',
      embed: async (texts) => {
        if (busy && texts.some((text) => text.includes('long'))) await new Promise(() => undefined);
        return texts.map((text) => hashedVector(text));
      },
    };
    const searched = knowledge({ records, embedder, limits: { batchMs: 50 } });
    const held = passages(REPO, { ...DOCUMENTS, 'sops/a.md': '# A\n\nlong' });
    const without = [`embeddings: 1 of ${held.length} passages have none of test/busy yet`];
    expect((await searched.hold(REPO, held, SIGNAL)).without).toEqual(without);
    expect((await searched.hold(REPO, held, SIGNAL)).without).toEqual(without);
    busy = false;
    expect((await searched.hold(REPO, held, SIGNAL)).without).toEqual([]);
  });

  it('vectors of another length under the same name find nothing, and words still do', async () => {
    const records = memoryPassageRecords();
    const embedder = (length: number): Embedder => ({
      name: 'test/changed',
      embed: async (texts) => texts.map((text) => hashedVector(text, length)),
    });
    await knowledge({ records, embedder: embedder(16) }).hold(REPO, HELD, SIGNAL);
    const { found, without } = await knowledge({ records, embedder: embedder(32) }).search(QUERY, SIGNAL);
    expect(found[0]?.passage.path).toBe('sops/rollback.md');
    expect(without).toEqual([
      'embeddings: test/changed: it gives vectors of 32 numbers now, and the passages have some of 16',
    ]);
  });

  it('two holds at once in one controller embed each passage once', async () => {
    const embedder = hashedEmbedder();
    const searched = knowledge({ embedder, limits: { batch: 1 } });
    await Promise.all([1, 2, 3].map(() => searched.hold(REPO, HELD, SIGNAL)));
    expect(embedder.texts).toHaveLength(HELD.length);
  });

  it('who does not want the answer any more is told so', async () => {
    const giveUp = new AbortController();
    const never: Embedder = { name: 'test/never', embed: () => new Promise(() => undefined) };
    const searched = knowledge({ embedder: never });
    const searching = searched.hold(REPO, HELD, giveUp.signal);
    giveUp.abort(new Error('enough'));
    await expect(searching).rejects.toThrow('enough');
  });
});

describe.each(['openai', 'ollama'] as const)('an embedder over the protocol of %s', (protocol) => {
  const provider = (url: string) =>
    protocol === 'openai'
      ? createOpenAiEmbeddings({ provider: 'openai', baseUrl: url, apiKey: 'sk-test', model: 'hashed' })
      : createOllamaEmbeddings({ url, model: 'hashed' });

  it('serves hybrid search, and the answer says when it dies in the middle', async () => {
    let alive = true;
    const server = await startScriptedModel({
      protocol,
      answer: () => ({}),
      embed: (texts) => (alive ? texts.map((text) => [...hashedVector(text)]) : faults.reset),
    });
    try {
      const searched = knowledge({ embedder: createEmbedder(provider(server.url), 5_000) });
      expect((await searched.hold(REPO, HELD, SIGNAL)).without).toEqual([]);
      const { found, without } = await searched.search(QUERY, SIGNAL);
      expect(without).toEqual([]);
      expect(found[0]).toMatchObject({
        passage: { path: 'sops/rollback.md' },
        ranks: { words: 1, wordVectors: null, meaning: 1 },
      });
      alive = false;
      const after = await searched.search(QUERY, SIGNAL);
      expect(after.found[0]?.passage.path).toBe('sops/rollback.md');
      expect(after.without[0]).toMatch(/^embeddings: \w+\/hashed: /);
      expect(JSON.stringify(after.without)).not.toContain('sk-test');
    } finally {
      await server.close();
    }
  });
});

describe('records that are away', () => {
  it('a search answers from what it read last, and says so; a hold says it, too', async () => {
    const records = memoryPassageRecords();
    let on = true;
    const away =
      <Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        if (!on) throw new Error('connection terminated');
        return work(...args);
      };
    const sometimes: PassageRecords = {
      hold: away(records.hold),
      revision: away(records.revision),
      list: away(records.list),
      missing: away(records.missing),
      addVectors: away(records.addVectors),
      vectors: away(records.vectors),
      tokens: away(records.tokens),
    };
    const clock = hands();
    const searched = knowledge({ records: sometimes, embedder: hashedEmbedder(), clock });
    on = false;
    expect(await searched.search(QUERY, SIGNAL)).toEqual({
      found: [],
      without: ['passages: connection terminated'],
    });
    const log = quietLog();
    const world = { sops: [sop('sops/freeze.md', FREEZE)] };
    const failed = await holdSops({ knowledge: searched, log }, REPO, world, SIGNAL);
    expect(failed.without).toEqual(['passages: connection terminated']);
    on = true;
    expect(await holdSops({ knowledge: searched, log }, REPO, world, SIGNAL)).toMatchObject({
      added: 2,
      without: [],
    });
    await searched.search(QUERY, SIGNAL);
    on = false;
    clock.forward(60);
    const { found, without } = await searched.search({ ...QUERY, text: 'change freeze' }, SIGNAL);
    expect(found[0]?.passage.path).toBe('sops/freeze.md');
    expect(without).toEqual(['passages: connection terminated']);
  });
});

const missing = chromaMissing();
describe.skipIf(missing !== null)(`Chroma${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let chroma: ChromaServer;
  beforeAll(async () => {
    chroma = await startChroma();
  });
  afterAll(() => chroma?.close());

  it('killed in the middle costs nothing but itself, and is brought up to date when it is back', async () => {
    const clock = hands();
    const embedder = hashedEmbedder();
    const searched = knowledge({ embedder, vectors: chromaIndex(chroma.url), clock });
    expect((await searched.hold(REPO, HELD, SIGNAL)).without).toEqual([]);
    const whole = await searched.search(QUERY, SIGNAL);
    await chroma.kill();
    const without = await searched.search(QUERY, SIGNAL);
    expect(without.without).toHaveLength(1);
    expect(without.without[0]).toMatch(/^chroma: /);
    expect(without.found.map(({ passage }) => passage.id)).toEqual(
      whole.found.map(({ passage }) => passage.id),
    );
    const fewer = passages(REPO, { 'sops/freeze.md': FREEZE });
    expect((await searched.hold(REPO, fewer, SIGNAL)).without[0]).toMatch(/^chroma: /);
    const { length } = embedder.texts;
    await chroma.start(true);
    clock.forward(60);
    const back = await searched.search({ ...QUERY, text: 'change freeze: roll back?' }, SIGNAL);
    expect(back.without).toEqual([]);
    expect(new Set(back.found.map(({ passage }) => passage.path))).toEqual(new Set(['sops/freeze.md']));
    // Its vectors came from the records: only the question was embedded.
    expect(embedder.texts).toHaveLength(length + 1);
  });

  it('that loses what it had is noticed', async () => {
    const clock = hands();
    const searched = knowledge({ embedder: hashedEmbedder(), vectors: chromaIndex(chroma.url), clock });
    await searched.hold(REPO, HELD, SIGNAL);
    await chroma.kill();
    await chroma.start(true);
    const { found, without } = await searched.search(QUERY, SIGNAL);
    expect(found[0]?.ranks.meaning).toBe(1);
    expect(without).toHaveLength(1);
    clock.forward(60);
    expect((await searched.search(QUERY, SIGNAL)).without).toEqual([]);
  });

  it('holds nothing of what was removed, of this embedder or one before', async () => {
    const records = memoryPassageRecords();
    const index = chromaIndex(chroma.url);
    const corpus = (embedder: string) => ({ repository: REPO, embedder });
    const before = knowledge({ records, embedder: hashedEmbedder('test/before'), vectors: index });
    await before.hold(REPO, HELD, SIGNAL);
    const now = knowledge({ records, embedder: hashedEmbedder('test/now'), vectors: index });
    const fewer = passages(REPO, { 'sops/freeze.md': FREEZE });
    await now.hold(REPO, HELD, SIGNAL);
    await now.hold(REPO, fewer, SIGNAL);
    const vector = hashedVector('roll back');
    const left = await index.search(corpus('test/now'), vector, 99, SIGNAL);
    expect(new Set(left.map(({ id }) => id))).toEqual(new Set(fewer.map(({ id }) => id)));
    await expect(index.search(corpus('test/before'), vector, 99, SIGNAL)).rejects.toThrow();
  });

  it('finds what exact search finds', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [
        `sops/s${String(at).padStart(3, '0')}.md`,
        `# Procedure ${at}\n\nStep ${at * 7} of service ${at % 13} needs ${at % 5} people and ${at % 3} tests.`,
      ]),
    );
    const held = passages('/many', many);
    const exact = knowledge({ embedder: hashedEmbedder() });
    const outside = knowledge({ embedder: hashedEmbedder(), vectors: chromaIndex(chroma.url) });
    await exact.hold('/many', held, SIGNAL);
    await outside.hold('/many', held, SIGNAL);
    const query = { repository: '/many', text: 'people of service 7', limit: 5 };
    const ids = async (searched: typeof exact) =>
      (await searched.search(query, SIGNAL)).found.map(({ passage }) => passage.id);
    expect(await ids(outside)).toEqual(await ids(exact));
  });
});

describe('a Chroma that cannot be used', () => {
  it.each(['nonsense', 'ftp://host', 'http://host/with/path'])(
    '%s is refused when it is configured',
    (url) => {
      expect(() => chromaIndex(url)).toThrow(/CHROMA_URL/);
    },
  );

  it('is never named with its password', async () => {
    const searched = knowledge({
      embedder: hashedEmbedder(),
      vectors: chromaIndex('http://person:hunter2secret@127.0.0.1:1'),
    });
    const { without } = await searched.hold(REPO, HELD, SIGNAL);
    expect(without[0]).toMatch(/^chroma: /);
    expect(JSON.stringify(without)).not.toContain('hunter2');
  });
});
