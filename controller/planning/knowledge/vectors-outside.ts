import type { Clock } from '../../ports/clock.js';
import type { StoredVector, VectorCorpus, VectorIndex } from '../../ports/knowledge.js';
import type { Corpus } from './corpus.js';
import type { Limits } from './limits.js';
import { type Asked, Outside } from './outside.js';
import type { Ranked } from './top.js';

/** A search engine for vectors, kept in step with the corpus; when it fails, what it holds is not relied on any more. */
export class VectorsOutside {
  readonly name: VectorIndex['name'];
  private readonly outside: Outside;
  /** Revisions that it holds, by repository. */
  private readonly held = new Map<string, string>();

  constructor(
    private readonly index: VectorIndex,
    clock: Clock,
    private readonly limits: Limits,
  ) {
    this.name = index.name;
    this.outside = new Outside(index.name, '', clock, limits.pauseMs);
  }

  /** Makes it hold the corpus's vectors. Returns why it does not. */
  async hold(of: VectorCorpus, corpus: Corpus, signal: AbortSignal): Promise<string | null> {
    const { syncMs } = this.limits;
    if (this.held.get(of.repository) === revisionOf(corpus)) return null;
    const done = await this.outside.ask(syncMs, signal, (limited) => this.sync(of, corpus, limited));
    return done.ok ? null : done.reason;
  }

  /** Passages by number, best first; brings it up to date before where it is not known to be. */
  async search(
    of: VectorCorpus,
    corpus: Corpus,
    vector: Float32Array,
    signal: AbortSignal,
  ): Promise<Asked<readonly Ranked[]>> {
    const { searchMs, depth } = this.limits;
    const asked = await this.outside.ask(searchMs, signal, async (limited) => {
      if (this.held.get(of.repository) !== revisionOf(corpus)) await this.sync(of, corpus, limited);
      const found = await this.index.search(of, vector, depth, limited);
      if (found.length === 0 && corpus.meaning.index.count > 0) throw new Error('it lost the vectors');
      return found;
    });
    if (!asked.ok) this.held.delete(of.repository);
    if (!asked.ok) return asked;
    const ranked = asked.value.flatMap(({ id, similarity }) => {
      const at = corpus.words.numbers.get(id);
      return at === undefined || similarity <= 0 ? [] : [{ at, score: similarity }];
    });
    return { ok: true, value: ranked };
  }

  private async sync(of: VectorCorpus, corpus: Corpus, signal: AbortSignal): Promise<void> {
    const { words, meaning } = corpus;
    const rows = new Map([...meaning.passages].map((number, row) => [words.passages[number]?.id ?? '', row]));
    const read = (ids: readonly string[]): readonly StoredVector[] =>
      ids.flatMap((id) => {
        const row = rows.get(id);
        return row === undefined ? [] : [{ id, vector: meaning.vector(row) }];
      });
    this.held.delete(of.repository);
    await this.index.hold(of, [...rows.keys()], read, signal);
    this.held.set(of.repository, revisionOf(corpus));
  }
}

function revisionOf({ words, meaning }: Corpus): string {
  return `${words.revision} ${meaning.revision}`;
}
