import type { Passage } from '../../domain/passage.js';
import type { MadeVectors, PassageRecords, VectorCorpus } from '../../ports/knowledge.js';

/** Passages in this process: for a command that works on the files of a folder. */
export function memoryPassageRecords(): PassageRecords {
  const passages = new Map<string, ReadonlyMap<string, Passage>>();
  const vectors = new Map<string, Map<string, MadeVectors>>();
  const revisions = new Map<string, number>();
  const changed = (key: string) => revisions.set(key, (revisions.get(key) ?? 0) + 1);
  const of = (repository: string) => passages.get(repository) ?? new Map<string, Passage>();
  const vectorsOf = ({ repository, embedder }: VectorCorpus): readonly MadeVectors[] =>
    [...(vectors.get(embedder)?.values() ?? [])]
      .filter(({ id }) => of(repository).has(id))
      .sort((left, right) => compare(left.id, right.id));
  return {
    hold: async (repository, wanted) => {
      const before = of(repository);
      const next = new Map(wanted.map((passage) => [passage.id, passage]));
      passages.set(repository, next);
      const removed = [...before.keys()].filter((id) => !next.has(id));
      for (const kept of vectors.values()) for (const id of removed) kept.delete(id);
      const kept = before.size - removed.length;
      if (removed.length > 0 || next.size > kept) changed(repository);
      return { added: next.size - kept, removed: removed.length, kept };
    },
    revision: async ({ repository, embedder }) => ({
      passages: `${revisions.get(repository) ?? 0}`,
      vectors: `${revisions.get(`${repository}\0${embedder}`) ?? 0}`,
    }),
    list: async (repository) =>
      [...of(repository).values()].sort(
        (left, right) => compare(left.path, right.path) || left.index - right.index,
      ),
    missing: async (corpus, limit) => {
      const known = new Set(vectorsOf(corpus).map(({ id }) => id));
      return [...of(corpus.repository).values()].filter(({ id }) => !known.has(id)).slice(0, limit);
    },
    addVectors: async ({ repository, embedder }, added) => {
      const kept = vectors.get(embedder) ?? new Map<string, MadeVectors>();
      vectors.set(embedder, kept);
      changed(`${repository}\0${embedder}`);
      for (const { id, vector, tokens } of added)
        if (of(repository).has(id) && !kept.has(id)) kept.set(id, { id, vector: vector.slice(), tokens });
    },
    vectors: async (corpus, after) =>
      (after === null ? vectorsOf(corpus) : []).map(({ id, vector, tokens }) => ({
        id,
        vector,
        tokenIds: tokens?.ids ?? null,
      })),
    tokens: async ({ repository, embedder }, ids) =>
      ids.flatMap((id) => {
        const tokens = of(repository).has(id) ? vectors.get(embedder)?.get(id)?.tokens : null;
        return tokens ? [{ id, tokens }] : [];
      }),
  };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
