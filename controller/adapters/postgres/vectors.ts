import type pg from 'pg';
import type { VectorIndex } from '../../ports/knowledge.js';

const WRITTEN_TOGETHER = 100;

/** Is the extension pgvector there, or can it be had with our rights? It is made when it can be. */
export async function hasPgvector(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query(`select 1 from pg_available_extensions where name = 'vector'`);
  if (rows.length === 0) return false;
  return pool
    .query(
      `create extension if not exists vector;
       create table if not exists commander.sop_vectors (
         embedder text not null,
         passage text not null references commander.sop_passages (id) on delete cascade,
         vector vector not null,
         primary key (embedder, passage))`,
    )
    .then(
      () => true,
      () => false,
    );
}

/**
 * Search by meaning in SQL, exact: a scan of the corpus's vectors in the server instead of in this process. The table is made
 * when it is first needed, not by a migration, for most servers lack the extension. Whatever fails here, the search is done without it.
 */
export function pgvectorIndex(pool: pg.Pool): VectorIndex {
  return {
    name: 'pgvector',
    hold: async ({ repository, embedder }, ids, read, signal) => {
      const { rows } = await pool.query<{ passage: string }>(
        `select v.passage from commander.sop_vectors v join commander.sop_passages p on p.id = v.passage
         where v.embedder = $1 and p.repository = $2`,
        [embedder, repository],
      );
      const held = new Set(rows.map(({ passage }) => passage));
      const missing = ids.filter((id) => !held.has(id));
      for (let from = 0; from < missing.length; from += WRITTEN_TOGETHER) {
        signal.throwIfAborted();
        const vectors = read(missing.slice(from, from + WRITTEN_TOGETHER));
        await pool.query(
          `insert into commander.sop_vectors (embedder, passage, vector)
           select $1, given.passage, cast(given.vector as vector)
           from unnest($2::text[], $3::text[]) as given (passage, vector)
           join commander.sop_passages p on p.id = given.passage
           on conflict do nothing`,
          [embedder, vectors.map(({ id }) => id), vectors.map(({ vector }) => literal(vector))],
        );
      }
    },
    search: async ({ repository, embedder }, vector, limit) => {
      const { rows } = await pool.query<{ id: string; similarity: number }>(
        `select v.passage as id, 1 - (v.vector <=> cast($3 as vector)) as similarity
         from commander.sop_vectors v join commander.sop_passages p on p.id = v.passage
         where v.embedder = $1 and p.repository = $2
         order by v.vector <=> cast($3 as vector) limit $4`,
        [embedder, repository, literal(vector), limit],
      );
      return rows;
    },
  };
}

function literal(vector: Float32Array): string {
  return `[${vector.join(',')}]`;
}
