import type { Passage } from '../../domain/passage.js';
import type { Clock } from '../../ports/clock.js';
import type { PassageRecords, WordVectors } from '../../ports/knowledge.js';
import { type Corpus, NO_MEANING, readMeaning, type WordPart, wordPart } from './corpus.js';

export type LoadWordVectors = () => Promise<WordVectors>;

/** The corpus of each repository, made once for each of its revisions and kept. */
export class Corpora {
  private readonly kept = new Map<string, Corpus>();
  private readonly being = new Map<string, Promise<Corpus>>();
  /** When each was last compared with the records, in milliseconds. */
  private readonly compared = new Map<string, number>();

  /**
   * `embedder`: the name of the one whose vectors count; null: none. `freshMs`: for so long what another controller changed may stay
   * unseen; comparing reads the ids of all passages.
   */
  constructor(
    private readonly records: PassageRecords,
    private readonly embedder: string | null,
    private readonly wordVectors: LoadWordVectors | null,
    private readonly clock: Clock,
    private readonly freshMs: number,
  ) {}

  /** As it was a moment ago, or as the records have it now. Throws when they are away and it has to look. */
  async recent(repository: string): Promise<Corpus> {
    const kept = this.kept.get(repository);
    const age = this.clock.now().getTime() - (this.compared.get(repository) ?? Number.NEGATIVE_INFINITY);
    return kept !== undefined && age >= 0 && age < this.freshMs ? kept : this.current(repository);
  }

  /** This controller changed the records: what is kept is not recent any more. */
  changed(repository: string): void {
    this.compared.delete(repository);
  }

  /** As the records have it now. Throws when they are away. */
  async current(repository: string): Promise<Corpus> {
    // Those who ask while it is being made wait, then look whether it is still the newest: one makes it for all.
    const before = this.being.get(repository);
    if (before !== undefined) await before.catch(() => undefined);
    const running = this.being.get(repository);
    if (running !== undefined) return running;
    const made = this.make(repository).finally(() => this.being.delete(repository));
    this.being.set(repository, made);
    return made;
  }

  /** The one made last. */
  last(repository: string): Corpus | null {
    return this.kept.get(repository) ?? null;
  }

  private async make(repository: string): Promise<Corpus> {
    const corpus = { repository, embedder: this.embedder ?? '' };
    const began = this.clock.now().getTime();
    const revision = await this.records.revision(corpus);
    const before = this.kept.get(repository);
    const words =
      before?.words.revision === revision.passages
        ? before.words
        : await this.words(revision.passages, await this.records.list(repository));
    const sameVectors = before?.words === words && before.meaning.revision === revision.vectors;
    const meaning = sameVectors
      ? before.meaning
      : this.embedder === null
        ? NO_MEANING
        : await readMeaning(this.records, corpus, revision.vectors, words.numbers);
    const made = before?.words === words && before.meaning === meaning ? before : { words, meaning };
    this.kept.set(repository, made);
    this.compared.set(repository, began);
    return made;
  }

  private async words(revision: string, passages: readonly Passage[]): Promise<WordPart> {
    const vectors = passages.length === 0 ? null : await this.wordVectors?.();
    return wordPart(revision, passages, vectors ?? null);
  }
}
