import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Passage } from '../../../domain/passage.js';
import type {
  MadeVectors,
  PassageRecords,
  ReadVector,
  StoredTokens,
  VectorCorpus,
} from '../../../ports/knowledge.js';
import { sopEmbeddings, sopPassages } from '../schema-agents.js';
import { storable } from '../storable.js';
import { type Handle, inTransaction, patiently } from '../transaction.js';

/** Rows of a statement, and of an answer: memory for both sides stays bounded. */
const WRITTEN_TOGETHER = 500;
const READ_TOGETHER = 2000;

/** Passages of SOPs in Postgres. Writers of a repository's passages wait for each other. */
export function passageRecords(pool: pg.Pool): PassageRecords {
  const db = drizzle(pool);
  return {
    hold: (repository, passages) =>
      inTransaction(pool, async (tx) => {
        await lock(tx, repository);
        return holdPassages(tx, repository, storable(passages));
      }),
    revision: (corpus) => patiently(() => revisionOf(db, corpus)),
    list: (repository) => patiently(() => listPassages(db, repository)),
    missing: (corpus, limit) => patiently(() => missingOf(db, corpus, limit)),
    addVectors: (corpus, vectors) =>
      inTransaction(pool, async (tx) => {
        await lock(tx, corpus.repository);
        await addVectors(tx, corpus, vectors);
      }),
    vectors: (corpus, after) => patiently(() => vectorPage(db, corpus, after)),
    tokens: (corpus, ids) => patiently(() => tokensOf(db, corpus, ids)),
  };
}

async function lock(tx: Handle, repository: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sop passages ${repository}`}, 0))`);
}

async function holdPassages(
  tx: Handle,
  repository: string,
  passages: readonly Passage[],
): Promise<{ readonly added: number; readonly removed: number; readonly kept: number }> {
  const rows = await tx
    .select({ id: sopPassages.id })
    .from(sopPassages)
    .where(eq(sopPassages.repository, repository));
  const before = new Set(rows.map(({ id }) => id));
  const wanted = new Map(passages.map((passage) => [passage.id, passage]));
  const gone = [...before].filter((id) => !wanted.has(id));
  const fresh = [...wanted.values()].filter(({ id }) => !before.has(id));
  for (const ids of batches(gone)) await tx.delete(sopPassages).where(inArray(sopPassages.id, [...ids]));
  for (const batch of batches(fresh))
    await tx
      .insert(sopPassages)
      .values(batch.map(({ index, ...passage }) => ({ ...passage, place: index })))
      .onConflictDoNothing();
  return { added: fresh.length, removed: gone.length, kept: before.size - gone.length };
}

/** Sums of hashes: the same set gives the same sum, in whatever order. */
async function revisionOf(
  db: Handle,
  { repository, embedder }: VectorCorpus,
): Promise<{ readonly passages: string; readonly vectors: string }> {
  const { rows } = await db.execute<{ passages: string; vectors: string }>(sql`
    select count(*) || ':' || coalesce(sum(hashtextextended(p.id, 0)), 0) as passages,
      count(e.passage) || ':' || coalesce(sum(hashtextextended(e.passage, 0)), 0) as vectors
    from ${sopPassages} p
    left join ${sopEmbeddings} e on e.passage = p.id and e.embedder = ${embedder}
    where p.repository = ${repository}`);
  return { passages: rows[0]?.passages ?? '', vectors: rows[0]?.vectors ?? '' };
}

async function listPassages(db: Handle, repository: string): Promise<readonly Passage[]> {
  const passages: Passage[] = [];
  for (let after = ''; ; ) {
    const page = await db
      .select()
      .from(sopPassages)
      .where(and(eq(sopPassages.repository, repository), gt(sopPassages.id, after)))
      .orderBy(asc(sopPassages.id))
      .limit(READ_TOGETHER);
    passages.push(...page.map(({ place, ...passage }) => ({ ...passage, index: place })));
    if (page.length < READ_TOGETHER) break;
    after = page.at(-1)?.id ?? '';
  }
  return passages.sort((left, right) =>
    left.path === right.path ? left.index - right.index : left.path < right.path ? -1 : 1,
  );
}

async function missingOf(
  db: Handle,
  { repository, embedder }: VectorCorpus,
  limit: number,
): Promise<readonly Passage[]> {
  const rows = await db
    .select({ passage: sopPassages })
    .from(sopPassages)
    .leftJoin(
      sopEmbeddings,
      and(eq(sopEmbeddings.passage, sopPassages.id), eq(sopEmbeddings.embedder, embedder)),
    )
    .where(and(eq(sopPassages.repository, repository), isNull(sopEmbeddings.passage)))
    .orderBy(asc(sopPassages.path), asc(sopPassages.place))
    .limit(limit);
  return rows.map(({ passage: { place, ...passage } }) => ({ ...passage, index: place }));
}

async function addVectors(
  tx: Handle,
  { repository, embedder }: VectorCorpus,
  vectors: readonly MadeVectors[],
): Promise<void> {
  for (const batch of batches(vectors)) {
    const ids = batch.map(({ id }) => id);
    const there = await tx
      .select({ id: sopPassages.id })
      .from(sopPassages)
      .where(and(eq(sopPassages.repository, repository), inArray(sopPassages.id, ids)));
    const known = new Set(there.map(({ id }) => id));
    const rows = batch
      .filter(({ id }) => known.has(id))
      .map(({ id, vector, tokens }) => ({
        passage: id,
        embedder,
        vector: littleEndian(vector),
        tokenIds: tokens === null ? null : littleEndianIds(tokens.ids),
        tokenVectors: tokens === null ? null : Buffer.from(tokens.numbers),
      }));
    if (rows.length > 0) await tx.insert(sopEmbeddings).values(rows).onConflictDoNothing();
  }
}

async function vectorPage(
  db: Handle,
  { repository, embedder }: VectorCorpus,
  after: string | null,
): Promise<readonly ReadVector[]> {
  const { passage, vector, tokenIds } = sopEmbeddings;
  const rows = await db
    .select({ id: passage, vector, tokenIds })
    .from(sopEmbeddings)
    .innerJoin(sopPassages, eq(sopPassages.id, sopEmbeddings.passage))
    .where(
      and(
        eq(sopEmbeddings.embedder, embedder),
        eq(sopPassages.repository, repository),
        after === null ? undefined : gt(sopEmbeddings.passage, after),
      ),
    )
    .orderBy(asc(sopEmbeddings.passage))
    .limit(READ_TOGETHER);
  return rows.map(({ id, vector, tokenIds }) => ({
    id,
    vector: numbersOf(vector),
    tokenIds: tokenIds === null ? null : idsOf(tokenIds),
  }));
}

async function tokensOf(
  db: Handle,
  { repository, embedder }: VectorCorpus,
  ids: readonly string[],
): Promise<readonly StoredTokens[]> {
  const { passage, tokenIds, tokenVectors } = sopEmbeddings;
  const rows = await db
    .select({ id: passage, tokenIds, tokenVectors })
    .from(sopEmbeddings)
    .innerJoin(sopPassages, eq(sopPassages.id, passage))
    .where(
      and(
        eq(sopEmbeddings.embedder, embedder),
        eq(sopPassages.repository, repository),
        inArray(passage, [...ids]),
      ),
    );
  return rows.flatMap(({ id, tokenIds, tokenVectors }) =>
    tokenIds === null || tokenVectors === null
      ? []
      : [{ id, tokens: { ids: idsOf(tokenIds), numbers: Int8Array.from(tokenVectors) } }],
  );
}

function littleEndianIds(ids: Uint32Array): Buffer {
  const bytes = Buffer.alloc(ids.length * 4);
  for (const [at, id] of ids.entries()) bytes.writeUInt32LE(id, at * 4);
  return bytes;
}

function idsOf(bytes: Buffer): Uint32Array {
  return Uint32Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readUInt32LE(at * 4));
}

function littleEndian(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, number] of vector.entries()) bytes.writeFloatLE(number, at * 4);
  return bytes;
}

function numbersOf(bytes: Buffer): Float32Array {
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  for (let at = 0; at < vector.length; at += 1) vector[at] = bytes.readFloatLE(at * 4);
  return vector;
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += WRITTEN_TOGETHER)
    yield all.slice(from, from + WRITTEN_TOGETHER);
}
