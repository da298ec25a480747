import { ChromaClient, type ChromaClientArgs, type Collection } from 'chromadb';
import { sha256 } from '../../domain/json.js';
import type { VectorCorpus, VectorIndex } from '../../ports/knowledge.js';

const WRITTEN_TOGETHER = 200;
const READ_TOGETHER = 1000;
/** Longer answers than any that we ask for. */
const MOST_COLLECTIONS = 1000;

/** The server's URL is not one that can be used; the message has no credentials. */
export class ChromaUrlError extends Error {
  override readonly name = 'ChromaUrlError';
}

/**
 * Search by meaning on a Chroma server: one collection for each repository and embedder, of ids and vectors, no texts. Credentials in
 * the URL go as basic authentication.
 */
export function chromaIndex(url: string): VectorIndex {
  const place = placeOf(url);
  const client = (signal: AbortSignal) =>
    new ChromaClient({ ...place, fetchOptions: { signal, redirect: 'error' } });
  return {
    name: 'chroma',
    hold: async (corpus, ids, read, signal) => {
      const chroma = client(signal);
      await removeOthers(chroma, corpus);
      const collection = await collectionOf(chroma, corpus);
      const held = await heldIn(collection);
      const wanted = new Set(ids);
      const gone = [...held].filter((id) => !wanted.has(id));
      for (const batch of batches(gone)) await collection.delete({ ids: [...batch] });
      for (const batch of batches(ids.filter((id) => !held.has(id)))) {
        const vectors = read(batch);
        if (vectors.length === 0) continue;
        await collection.upsert({
          ids: vectors.map(({ id }) => id),
          embeddings: vectors.map(({ vector }) => [...vector]),
        });
      }
    },
    search: async (corpus, vector, limit, signal) => {
      const collection = await client(signal).getCollection({ name: nameOf(corpus) });
      const { ids, distances } = await collection.query({
        queryEmbeddings: [[...vector]],
        nResults: limit,
        include: ['distances'],
      });
      return (ids[0] ?? []).map((id, at) => ({ id, similarity: 1 - (distances[0]?.[at] ?? 1) }));
    },
  };
}

/** The client takes the parts of a URL. Tenant and database are named, or it would ask for them at each call. */
function placeOf(url: string): ChromaClientArgs {
  if (!URL.canParse(url))
    throw new ChromaUrlError('CHROMA_URL is no URL: write for example http://localhost:8000');
  const { protocol, hostname, port, pathname, username, password } = new URL(url);
  const ssl = protocol === 'https:';
  if (!ssl && protocol !== 'http:')
    throw new ChromaUrlError('CHROMA_URL must begin with http:// or https://');
  if (pathname !== '/') throw new ChromaUrlError(`CHROMA_URL must have no path, and has "${pathname}"`);
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  return {
    host: hostname,
    port: port === '' ? (ssl ? 443 : 80) : Number(port),
    ssl,
    tenant: 'default_tenant',
    database: 'default_database',
    ...(username === '' ? {} : { headers: { authorization: `Basic ${basic}` } }),
  };
}

function prefixOf(repository: string): string {
  return `commander-sops-${sha256(repository).slice(0, 24)}-`;
}

function nameOf({ repository, embedder }: VectorCorpus): string {
  return `${prefixOf(repository)}${sha256(embedder).slice(0, 24)}`;
}

async function collectionOf(chroma: ChromaClient, corpus: VectorCorpus): Promise<Collection> {
  return chroma.getOrCreateCollection({
    name: nameOf(corpus),
    embeddingFunction: null,
    configuration: { hnsw: { space: 'cosine' } },
  });
}

/** What embedders before this one made of the repository: of passages that are removed there must be nothing left. */
async function removeOthers(chroma: ChromaClient, corpus: VectorCorpus): Promise<void> {
  const collections = await chroma.listCollections({ limit: MOST_COLLECTIONS });
  for (const { name } of collections)
    if (name.startsWith(prefixOf(corpus.repository)) && name !== nameOf(corpus))
      await chroma.deleteCollection({ name });
}

async function heldIn(collection: Collection): Promise<ReadonlySet<string>> {
  const held = new Set<string>();
  for (let offset = 0; ; offset += READ_TOGETHER) {
    const { ids } = await collection.get({ include: [], limit: READ_TOGETHER, offset });
    for (const id of ids) held.add(id);
    if (ids.length < READ_TOGETHER) return held;
  }
}

function* batches(all: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < all.length; from += WRITTEN_TOGETHER)
    yield all.slice(from, from + WRITTEN_TOGETHER);
}
