import type { Passage } from '../../domain/passage.js';
import type { Clock } from '../../ports/clock.js';
import type { PassageRecords } from '../../ports/knowledge.js';
import type { Embedder, TextInContext, TokenVectors } from '../../ports/model.js';
import { textToEmbed } from './corpus.js';
import type { Limits } from './limits.js';
import { type Asked, Outside } from './outside.js';

export interface QuestionVectors {
  readonly vector: Float32Array;
  /** null: the embedder gives none. */
  readonly tokens: TokenVectors | null;
}

/** The embedder, asked in batches and with patience that ends. */
export class Embedding {
  readonly name: string;
  private readonly forQuestions: Outside;
  private readonly forPassages: Outside;
  /** Passages that it does not take, whatever else it takes: they must not be in the way of the others. */
  private readonly refused = new Set<string>();
  /** Those that took too long, on a busy machine perhaps: left for the next time. */
  private readonly late = new Set<string>();
  private readonly filling = new Map<string, Promise<void>>();

  constructor(
    private readonly embedder: Embedder,
    private readonly records: PassageRecords,
    private readonly clock: Clock,
    private readonly limits: Limits,
  ) {
    this.name = embedder.name;
    this.forQuestions = new Outside('embeddings', embedder.name, clock, limits.pauseMs);
    this.forPassages = new Outside('embeddings', embedder.name, clock, limits.pauseMs);
  }

  /** The vector of a question, and those of its tokens where there are. Not asked while the embedder is left alone. */
  async ofQuestion(text: string, signal: AbortSignal): Promise<Asked<QuestionVectors>> {
    const { questionMs, questionLength } = this.limits;
    return this.forQuestions.ask(questionMs, signal, async (limited) => {
      const question = text.slice(0, questionLength);
      const [vector] = await this.embedder.embed([question], limited);
      const tokens = await this.embedder.tokens?.([{ context: '', text: question }], limited);
      return { vector: checked(vector), tokens: tokens?.[0] ?? null };
    });
  }

  /**
   * Embeds the passages that have no vector yet, until the time is up or the embedder fails. Returns why it failed; null: all
   * that it takes are embedded, or the time was up.
   */
  async fill(repository: string, signal: AbortSignal): Promise<string | null> {
    // What another one is embedding is not embedded twice: whoever comes later looks at what is left.
    while (this.filling.has(repository)) await this.filling.get(repository);
    const filled = this.fillAlone(repository, signal);
    const over = filled.then(
      () => undefined,
      () => undefined,
    );
    this.filling.set(
      repository,
      over.finally(() => this.filling.delete(repository)),
    );
    return filled;
  }

  private async fillAlone(repository: string, signal: AbortSignal): Promise<string | null> {
    const deadline = this.clock.now().getTime() + this.limits.fillMs;
    this.late.clear();
    while (this.clock.now().getTime() < deadline) {
      const passages = await this.next(repository);
      if (passages.length === 0) return null;
      const made = await this.forPassages.ask(this.limits.batchMs, signal, (limited) =>
        this.add(repository, passages, limited),
      );
      if (made.ok) continue;
      const away = made.asked ? await this.probe(signal) : made.reason;
      if (away !== null) return away;
      const awayNow = await this.oneByOne(repository, passages, deadline, signal);
      if (awayNow !== null) return awayNow;
    }
    return null;
  }

  /** Embeds one batch of them, if the embedder is not left alone: what a search has time for. */
  async fillSome(repository: string, signal: AbortSignal): Promise<void> {
    const passages = await this.next(repository);
    if (passages.length === 0) return;
    await this.forPassages.ask(this.limits.questionMs, signal, (limited) =>
      this.add(repository, passages, limited),
    );
  }

  private async next(repository: string): Promise<readonly Passage[]> {
    const batch = Math.min(this.limits.batch, this.embedder.atOnce ?? this.limits.batch);
    const corpus = { repository, embedder: this.name };
    const missing = await this.records.missing(corpus, batch + this.refused.size + this.late.size);
    return missing.filter(({ id }) => !this.refused.has(id) && !this.late.has(id)).slice(0, batch);
  }

  private async add(repository: string, passages: readonly Passage[], signal: AbortSignal): Promise<void> {
    const texts = passages.map(textToEmbed);
    const vectors = await this.embedder.embed(texts, signal);
    const inContext = passages.map(({ context }, at): TextInContext => ({ context, text: texts[at] ?? '' }));
    const tokens = (await this.embedder.tokens?.(inContext, signal)) ?? [];
    const made = passages.map(({ id }, at) => ({
      id,
      vector: checked(vectors[at]),
      tokens: tokens[at] ?? null,
    }));
    await this.records.addVectors({ repository, embedder: this.name }, made);
  }

  /** Is it the embedder that is away, or what it was given? Returns why it is away. */
  private async probe(signal: AbortSignal): Promise<string | null> {
    const probed = await this.forPassages.askNow(this.limits.questionMs, signal, async (limited) => {
      checked((await this.embedder.embed(['deployment'], limited))[0]);
    });
    return probed.ok ? null : probed.reason;
  }

  /** Refused is what fails while other texts are taken. Returns why the embedder is away, if it went. */
  private async oneByOne(
    repository: string,
    passages: readonly Passage[],
    deadline: number,
    signal: AbortSignal,
  ): Promise<string | null> {
    for (const passage of passages) {
      if (this.clock.now().getTime() >= deadline) return null;
      const made = await this.forPassages.askNow(this.limits.batchMs, signal, (limited) =>
        this.add(repository, [passage], limited),
      );
      if (made.ok) continue;
      const away = await this.probe(signal);
      if (away !== null) return away;
      (made.late ? this.late : this.refused).add(passage.id);
    }
    return null;
  }
}

/** Also an embedder of the built-in kinds has another program behind it. */
function checked(vector: Float32Array | undefined): Float32Array {
  if (vector === undefined || vector.length === 0) throw new Error('it gave no vector');
  if (vector.length > 16_384) throw new Error(`it gave a vector of ${vector.length} numbers`);
  if (!vector.every(Number.isFinite)) throw new Error('it gave a vector that is not of numbers');
  return vector;
}
