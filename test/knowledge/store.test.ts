import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromaIndex } from '../../controller/adapters/knowledge/chroma.js';
import { type Database, openDatabase } from '../../controller/adapters/postgres/database.js';
import { migrate } from '../../controller/adapters/postgres/migrate.js';
import { createKnowledge } from '../../controller/planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import type { Knowledge, PassageRecords, VectorIndex } from '../../controller/ports/knowledge.js';
import type { Embedder } from '../../controller/ports/model.js';
import { createBareDatabaseOn, createTestDatabase, type TestDatabase } from '../support/database.js';
import { quietLog } from '../support/quiet-log.js';
import { type ChromaServer, chromaMissing, startChroma } from './chroma-support.js';
import { hashedEmbedder, hashedVector } from './hashed-embedder.js';
import { DATABASE, DOCUMENTS, FREEZE, passages, ROLLBACK } from './samples.js';

const SIGNAL = new AbortController().signal;
const clock = { now: () => new Date() };
const chromaIsMissing = chromaMissing();
const pgvectorUrl = process.env.COMMANDER_TEST_PGVECTOR_URL;
const pgvectorIsMissing =
  pgvectorUrl === undefined && process.env.COMMANDER_REQUIRE_ALL !== '1'
    ? 'COMMANDER_TEST_PGVECTOR_URL names no PostgreSQL with pgvector (.ci/run starts one)'
    : null;

let test: TestDatabase;
let database: Database;
let second: Database;
let chroma: ChromaServer | null = null;
let withPgvector: {
  readonly test: TestDatabase;
  readonly database: Database;
  readonly index: VectorIndex;
} | null = null;

beforeAll(async () => {
  test = await createTestDatabase();
  database = openDatabase({ url: test.url, log: quietLog() });
  second = openDatabase({ url: test.url, log: quietLog() });
  chroma = chromaIsMissing === null ? await startChroma() : null;
  withPgvector = pgvectorIsMissing === null ? await openPgvector(pgvectorUrl ?? '') : null;
});
afterAll(async () => {
  await database.close();
  await second.close();
  await test.drop();
  await chroma?.close();
  await withPgvector?.database.close();
  await withPgvector?.test.drop();
});

async function openPgvector(server: string) {
  const made = await createBareDatabaseOn(server);
  await migrate(made.url, quietLog());
  const opened = openDatabase({ url: made.url, log: quietLog() });
  const index = await opened.vectorIndex();
  if (index === null) throw new Error(`${server} has no extension pgvector`);
  return { test: made, database: opened, index };
}

let numbered = 0;
/** Each test has a repository of its own. */
const repository = () => `/repository/${++numbered}`;

describe.each([
  ['memory', () => memoryPassageRecords()],
  ['Postgres', () => database.passages],
])('records of passages in %s', (_, open: () => PassageRecords) => {
  const vector = (text: string) => hashedVector(text, 8);
  const all = async (records: PassageRecords, corpus: { repository: string; embedder: string }) => {
    const found: string[] = [];
    for (let page = await records.vectors(corpus, null); page.length > 0; ) {
      found.push(...page.map(({ id }) => id));
      page = await records.vectors(corpus, page.at(-1)?.id ?? null);
    }
    return found;
  };

  it('hold exactly what they are given, and say what changed', async () => {
    const [records, repo] = [open(), repository()];
    const first = passages(repo, DOCUMENTS);
    expect(await records.hold(repo, first)).toEqual({ added: first.length, removed: 0, kept: 0 });
    expect(await records.hold(repo, first)).toEqual({ added: 0, removed: 0, kept: first.length });
    const fewer = passages(repo, { 'sops/freeze.md': FREEZE });
    const removed = first.length - fewer.length;
    expect(await records.hold(repo, fewer)).toEqual({ added: 0, removed, kept: fewer.length });
    expect(await records.list(repo)).toEqual(fewer);
  });

  it('keep repositories apart', async () => {
    const [records, one, other] = [open(), repository(), repository()];
    await records.hold(one, passages(one, DOCUMENTS));
    await records.hold(other, passages(other, { 'sops/freeze.md': FREEZE }));
    await records.hold(one, []);
    expect(await records.list(one)).toEqual([]);
    expect(await records.list(other)).toHaveLength(2);
  });

  it('have another revision after each change, and the same after none', async () => {
    const [records, repo] = [open(), repository()];
    const corpus = { repository: repo, embedder: 'e' };
    const empty = await records.revision(corpus);
    const one = passages(repo, DOCUMENTS);
    await records.hold(repo, one);
    const held = await records.revision(corpus);
    expect(held.passages).not.toBe(empty.passages);
    await records.hold(repo, one);
    expect(await records.revision(corpus)).toEqual(held);
    await records.addVectors(corpus, [{ id: one[0]?.id ?? '', vector: vector('a'), tokens: null }]);
    const embedded = await records.revision(corpus);
    expect(embedded.passages).toBe(held.passages);
    expect(embedded.vectors).not.toBe(held.vectors);
    // As many as before, but another one.
    await records.hold(repo, passages(repo, { ...DOCUMENTS, 'sops/rollback.md': `${ROLLBACK}\nMore.` }));
    expect((await records.revision(corpus)).passages).not.toBe(held.passages);
  });

  it('give vectors back bit by bit, by embedder, and say which are missing', async () => {
    const [records, repo] = [open(), repository()];
    const corpus = { repository: repo, embedder: 'e' };
    const held = passages(repo, DOCUMENTS);
    await records.hold(repo, held);
    const vectors = held.slice(1).map(({ id, text }) => ({ id, vector: vector(text), tokens: null }));
    await records.addVectors(corpus, vectors);
    await records.addVectors(corpus, vectors);
    expect(await records.missing(corpus, 10)).toEqual(held.slice(0, 1));
    expect(await records.missing({ repository: repo, embedder: 'other' }, 2)).toHaveLength(2);
    const page = await records.vectors(corpus, null);
    expect(new Map(page.map(({ id, vector }) => [id, [...vector]]))).toEqual(
      new Map(vectors.map(({ id, vector }) => [id, [...vector]])),
    );
  });

  it('give vectors of tokens back bit by bit, of the passages that are asked for and have some', async () => {
    const [records, repo] = [open(), repository()];
    const corpus = { repository: repo, embedder: 'e' };
    const held = passages(repo, DOCUMENTS);
    await records.hold(repo, held);
    const tokens = {
      ids: Uint32Array.from([0, 7, 70_000, 0xffffffff]),
      numbers: Int8Array.from([0, 1, -1, 127, -127, -128, 5, 6]),
    };
    const [first, second, third] = held.map(({ id }) => id) as [string, string, string];
    await records.addVectors(corpus, [
      { id: first, vector: vector('a'), tokens },
      { id: second, vector: vector('b'), tokens: null },
    ]);
    expect(await records.tokens(corpus, [first, second, third, 'gone'])).toEqual([{ id: first, tokens }]);
    expect(await records.tokens({ ...corpus, embedder: 'other' }, [first])).toEqual([]);
    expect(await records.tokens({ ...corpus, repository: repository() }, [first])).toEqual([]);
    const read = await records.vectors(corpus, null);
    expect(new Map(read.map(({ id, tokenIds }) => [id, tokenIds]))).toEqual(
      new Map([
        [first, tokens.ids],
        [second, null],
      ]),
    );
  });

  it('drop the vectors of what is removed, and add none to what is gone', async () => {
    const [records, repo] = [open(), repository()];
    const corpus = { repository: repo, embedder: 'e' };
    const held = passages(repo, DOCUMENTS);
    await records.hold(repo, held);
    const vectors = held.map(({ id, text }) => ({ id, vector: vector(text), tokens: null }));
    await records.addVectors(corpus, vectors);
    const fewer = passages(repo, { 'sops/database.md': DATABASE });
    await records.hold(repo, fewer);
    await records.addVectors(corpus, vectors);
    expect(await all(records, corpus)).toEqual(fewer.map(({ id }) => id));
  });
});

describe('two controllers that hold at once', () => {
  it('end with one of each passage and vector, and without an error', async () => {
    const repo = repository();
    const held = passages(repo, DOCUMENTS);
    const fewer = passages(repo, { 'sops/freeze.md': FREEZE });
    const knowledges = [database, second].map(({ passages: records }) =>
      createKnowledge({ records, embedder: hashedEmbedder(), wordVectors: null, vectors: null, clock }),
    );
    for (let round = 0; round < 5; round += 1) {
      const wanted = [held, fewer];
      await Promise.all(
        knowledges.map((each, at) => each.hold(repo, wanted[(at + round) % 2] ?? [], SIGNAL)),
      );
      await Promise.all(knowledges.map((each) => each.hold(repo, held, SIGNAL)));
      expect(await database.passages.list(repo)).toEqual(held);
    }
    const vectors = await database.passages.vectors({ repository: repo, embedder: 'test/hashed' }, null);
    expect(vectors).toHaveLength(held.length);
  });

  it('see soon what the other one removed', async () => {
    const repo = repository();
    let seconds = 0;
    const later = { now: () => new Date(seconds * 1000) };
    const [one, other] = [database, second].map(({ passages: records }) =>
      createKnowledge({
        records,
        embedder: hashedEmbedder(),
        wordVectors: null,
        vectors: null,
        clock: later,
      }),
    );
    await one?.hold(repo, passages(repo, DOCUMENTS), SIGNAL);
    const query = { repository: repo, text: 'roll back', limit: 5 };
    expect((await other?.search(query, SIGNAL))?.found[0]?.passage.path).toBe('sops/rollback.md');
    await one?.hold(repo, passages(repo, { 'sops/freeze.md': FREEZE }), SIGNAL);
    seconds += 2;
    const paths = (await other?.search(query, SIGNAL))?.found.map(({ passage }) => passage.path);
    expect(new Set(paths)).toEqual(new Set(['sops/freeze.md']));
  });
});

interface Store {
  readonly open: (embedder: Embedder | null) => Knowledge;
}

const made = (records: PassageRecords, vectors: VectorIndex | null) => ({
  open: (embedder: Embedder | null) =>
    createKnowledge({ records, embedder, wordVectors: null, vectors, clock }),
});
const STORES: readonly (readonly [string, () => Store])[] = [
  ['memory', () => made(memoryPassageRecords(), null)],
  ['Postgres', () => made(database.passages, null)],
  ['Chroma', () => made(database.passages, chromaIndex(chroma?.url ?? ''))],
  ['pgvector', () => made(withPgvector?.database.passages ?? database.passages, withPgvector?.index ?? null)],
];

describe.each(STORES)('knowledge with %s', (name, store: () => Store) => {
  const missing = name === 'Chroma' ? chromaIsMissing : name === 'pgvector' ? pgvectorIsMissing : null;
  const suite = it.skipIf(missing !== null);
  const titled = (title: string) => (missing === null ? title : `${title} (skipped: ${missing})`);

  suite(titled('finds by words and by meaning, and says how'), async () => {
    const repo = repository();
    const knowledge = store().open(hashedEmbedder());
    const held = passages(repo, DOCUMENTS);
    expect(await knowledge.hold(repo, held, SIGNAL)).toMatchObject({ added: held.length, without: [] });
    const search = await knowledge.search(
      { repository: repo, text: 'From when on Friday is there a change freeze?', limit: 3 },
      SIGNAL,
    );
    expect(search.without).toEqual([]);
    expect(search.found[0]?.passage.path).toBe('sops/freeze.md');
    expect(search.found[0]?.ranks.words).toBe(1);
    expect(search.found[0]?.ranks.meaning).not.toBeNull();
    // Half of a word is no word, and letters are enough for vectors.
    const parts = await knowledge.search({ repository: repo, text: 'migrat', limit: 1 }, SIGNAL);
    expect(parts.found[0]?.passage.path).toBe('sops/database.md');
  });

  suite(titled('finds by words alone without an embedder, and nothing is missing'), async () => {
    const repo = repository();
    const knowledge = store().open(null);
    await knowledge.hold(repo, passages(repo, DOCUMENTS), SIGNAL);
    const search = await knowledge.search({ repository: repo, text: 'rolling back', limit: 5 }, SIGNAL);
    expect(search.without).toEqual([]);
    expect(search.found[0]).toMatchObject({
      passage: { path: 'sops/rollback.md' },
      ranks: { words: 1, wordVectors: null, meaning: null },
    });
  });

  suite(titled('embeds each passage once'), async () => {
    const repo = repository();
    const opened = store();
    const embedder = hashedEmbedder();
    const knowledge = opened.open(embedder);
    const held = passages(repo, DOCUMENTS);
    await knowledge.hold(repo, held, SIGNAL);
    expect(embedder.texts).toHaveLength(held.length);
    expect(await knowledge.hold(repo, held, SIGNAL)).toEqual({
      added: 0,
      removed: 0,
      kept: held.length,
      without: [],
    });
    await opened.open(embedder).hold(repo, held, SIGNAL);
    expect(embedder.texts).toHaveLength(held.length);
    await knowledge.hold(repo, passages(repo, { ...DOCUMENTS, 'sops/new.md': '# New\n\ntext' }), SIGNAL);
    expect(embedder.texts).toHaveLength(held.length + 1);
  });

  suite(titled('forgets what was removed'), async () => {
    const repo = repository();
    const knowledge = store().open(hashedEmbedder());
    await knowledge.hold(repo, passages(repo, DOCUMENTS), SIGNAL);
    await knowledge.hold(repo, passages(repo, { 'sops/rollback.md': ROLLBACK }), SIGNAL);
    const search = await knowledge.search(
      { repository: repo, text: 'change freeze: tell the support desk', limit: 9 },
      SIGNAL,
    );
    expect(search.found.map(({ passage }) => passage.path)).toEqual(['sops/rollback.md']);
    await knowledge.hold(repo, [], SIGNAL);
    const none = await knowledge.search({ repository: repo, text: 'roll back', limit: 9 }, SIGNAL);
    expect(none).toEqual({ found: [], without: [] });
  });

  suite(titled('compares no vectors of two embedders'), async () => {
    const repo = repository();
    const opened = store();
    const held = passages(repo, DOCUMENTS);
    await opened.open(hashedEmbedder('test/one')).hold(repo, held, SIGNAL);
    const short: Embedder = {
      name: 'test/short',
      embed: async (texts) => texts.map((text) => hashedVector(text, 16)),
    };
    const knowledge = opened.open(short);
    expect(await knowledge.hold(repo, held, SIGNAL)).toMatchObject({ added: 0, without: [] });
    const search = await knowledge.search({ repository: repo, text: 'roll back', limit: 3 }, SIGNAL);
    expect(search.without).toEqual([]);
    expect(search.found.some(({ ranks }) => ranks.meaning !== null)).toBe(true);
  });
});
