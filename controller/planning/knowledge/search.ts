import type { FoundPassage, Knowledge, Search } from '../../ports/knowledge.js';
import type { Corpus } from './corpus.js';
import type { Fused } from './fuse.js';
import { firstOrder, orderByTokens } from './order.js';
import type { SearchParts } from './search-parts.js';
import { searchMeaning, searchTokens } from './search-vectors.js';
import { spread } from './spread.js';

/** By words, word vectors and meaning over the whole corpus; by tokens over the best of what these found. */
export async function search(
  parts: SearchParts,
  { repository, text, limit }: Parameters<Knowledge['search']>[0],
  signal: AbortSignal,
): Promise<Search> {
  const { corpora, limits, recordsOutside } = parts;
  const read = await recordsOutside.ask(limits.recordsMs, signal, () => corpora.recent(repository));
  const corpus = read.ok ? read.value : corpora.last(repository);
  const notRead = read.ok ? [] : [read.reason];
  if (corpus === null || corpus.words.passages.length === 0) return { found: [], without: notRead };
  const question = text.slice(0, limits.questionLength);
  const byWords = corpus.words.index.search(question, limits.depth);
  const gist = (await parts.wordVectors?.())?.of(question) ?? null;
  const byWordVectors = gist === null ? [] : corpus.words.near.search(gist, limits.depth);
  const byMeaning = await searchMeaning(parts, repository, corpus, text, signal);
  const found = {
    words: { ranked: byWords, unlisted: byWords.length < limits.depth ? 0 : null },
    wordVectors: { ranked: byWordVectors, unlisted: null },
    meaning: { ranked: byMeaning.ranked, unlisted: null },
  };
  const first = firstOrder(found);
  const best = first.slice(0, limits.compared).flatMap(({ at }) => corpus.words.passages[at]?.id ?? []);
  const byTokens = await searchTokens(parts, repository, corpus, byMeaning.tokens, best, signal);
  const ordered =
    byTokens.ranked.length === 0 ? first : orderByTokens(first, limits.compared, found, byTokens.ranked);
  return {
    found: foundOf(corpus, ordered, limit),
    without: [...new Set([...notRead, ...byMeaning.without, ...byTokens.without])],
  };
}

function foundOf(
  { words: { passages } }: Corpus,
  ordered: readonly Fused[],
  limit: number,
): readonly FoundPassage[] {
  return spread(ordered, limit, (at) => passages[at]?.path ?? '').flatMap(({ at, score, ranks }) => {
    const passage = passages[at];
    const [words = null, wordVectors = null, meaning = null, lateInteraction = null] = ranks;
    return passage === undefined
      ? []
      : [{ passage, score, ranks: { words, wordVectors, meaning, lateInteraction } }];
  });
}
