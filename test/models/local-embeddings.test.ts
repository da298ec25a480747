import { describe, expect, it } from 'vitest';
import { createEmbedder } from '../../controller/adapters/model/embedder.js';
import { createLocalEmbeddings } from '../../controller/adapters/model/local-embeddings.js';
import { LOCAL_MODEL } from '../../controller/config-models.js';
import { waitFor } from '../support/wait-for.js';
import { NEVER } from './support.js';

const PATIENCE_MS = 60_000;

function embedder(idleMs?: number) {
  return createEmbedder(createLocalEmbeddings(LOCAL_MODEL, idleMs), PATIENCE_MS);
}

function cosine(left: Float32Array | undefined, right: Float32Array | undefined): number {
  return Array.from(left ?? []).reduce((sum, value, at) => sum + value * (right?.[at] ?? 0), 0);
}

/** Threads of this process that it began itself. */
function threads(): number {
  const report = process.report?.getReport() as { readonly workers: readonly unknown[] };
  return report.workers.length;
}

describe('the model that comes with the program', () => {
  it('begins a thread when it is asked, ends it when it is not asked any more, and begins another', async () => {
    const before = threads();
    const model = embedder(1000);
    expect(threads()).toBe(before);
    await model.embed(['one'], NEVER);
    expect(threads()).toBe(before + 1);
    await waitFor('the thread to end', () => threads() === before);
    expect(await model.embed(['two'], NEVER)).toHaveLength(1);
  });

  it('puts texts near to each other that mean the same in other words', async () => {
    const [asked, answer, other] = await embedder().embed(
      [
        'Who must sign off a release before it goes live?',
        'Production deployments need the approval of two people.',
        'The canteen serves soup on Mondays.',
      ],
      NEVER,
    );
    expect(asked).toHaveLength(384);
    expect(Math.hypot(...(asked ?? []))).toBeCloseTo(1, 5);
    expect(cosine(asked, answer)).toBeGreaterThan(cosine(asked, other) + 0.2);
  });

  it('gives the same vector for a text, alone or among others, empty, long or in another script', async () => {
    const texts = ['', 'deploy', 'x '.repeat(100_000), '本番環境へのデプロイ', '\0\ud800'];
    const model = embedder();
    const together = await model.embed(texts, NEVER);
    expect(together.map(({ length }) => length)).toEqual(texts.map(() => 384));
    const [alone] = await model.embed(['deploy'], NEVER);
    expect(alone).toEqual(together[1]);
  });

  it('gives vectors of the tokens of a text, and leaves its context out', async () => {
    const { tokens } = embedder();
    const read = await tokens?.(
      [
        { context: '', text: 'roll back' },
        { context: 'Payments.', text: 'Never on Fridays.' },
      ],
      NEVER,
    );
    expect(read?.map(({ ids }) => ids.length)).toEqual([2, 4]);
    expect(read?.map(({ numbers }) => numbers.length)).toEqual([2 * 384, 4 * 384]);
    expect(read?.[0]?.numbers).toBeInstanceOf(Int8Array);
  });

  it('lets a question wait for one passage, not for all that are being embedded', async () => {
    const model = embedder();
    await model.embed(['wake up'], NEVER);
    const order: string[] = [];
    const passages = Array.from({ length: 5 }, (_, at) => `Passage ${at}: `.repeat(20));
    await Promise.all([
      model.embed(passages, NEVER).then(() => order.push('passages')),
      model.embed(['a question'], NEVER).then(() => order.push('question')),
    ]);
    expect(order).toEqual(['question', 'passages']);
  });

  it('stops embedding what nobody waits for any more, and goes on with the next', async () => {
    const model = embedder();
    const given = new AbortController();
    const passages = Array.from({ length: 1000 }, (_, at) => `Passage ${at}: `.repeat(100));
    const left = model.embed(passages, given.signal).then(
      () => 'embedded',
      () => 'left',
    );
    await model.embed(['first'], NEVER);
    given.abort();
    expect(await left).toBe('left');
    expect(await model.embed(['next'], NEVER)).toHaveLength(1);
  });
});
