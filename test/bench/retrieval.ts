import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Passage } from '../../controller/domain/passage.js';
import { keyOf, keyOfPassage, ndcg, recall } from '../../controller/evaluation/ranking.js';
import { parseSop } from '../../controller/planning/documents/sop.js';
import { createKnowledge } from '../../controller/planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';
import { systemClock } from '../../controller/ports/clock.js';
import type { Knowledge, Search } from '../../controller/ports/knowledge.js';
import type { Embedder } from '../../controller/ports/model.js';
import { HASHED_DIMENSIONS, hashedVector } from '../knowledge/hashed-embedder.js';
import { figure } from './figures.js';
import type { BenchOptions, BenchRow } from './row.js';
import { sentenceEncoder } from './sentence-encoder.js';

const SOPS = join('evaluation', 'sops');
const SIGNAL = new AbortController().signal;
const REPOSITORY = 'bench';

interface Question {
  readonly question: string;
  readonly relevant: readonly string[];
}

/** How long a search takes, and how well it finds what the committed questions ask for. */
export async function benchRetrieval({ quick }: BenchOptions): Promise<BenchRow[]> {
  const passages = await committedPassages();
  const questions = await committedQuestions();
  const quality = await qualityRows(passages, questions);
  const sizes = quick ? [100, 10_000] : [100, 10_000, 100_000];
  const rows: BenchRow[] = [...quality];
  for (const size of sizes) rows.push(...(await latencyRows(size, passages, questions, quick)));
  return rows;
}

async function committedPassages(): Promise<readonly Passage[]> {
  const folder = join(SOPS, 'documents');
  const names = (await readdir(folder)).filter((name) => /\.(?:md|txt)$/.test(name)).sort();
  const each = await Promise.all(
    names.map(async (name) => {
      const parsed = parseSop(name, await readFile(join(folder, name), 'utf8'));
      return parsed.ok ? passagesOf(REPOSITORY, parsed.sop) : [];
    }),
  );
  return each.flat();
}

async function committedQuestions(): Promise<readonly Question[]> {
  const text = await readFile(join(SOPS, 'questions.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Question);
}

type Ranking = 'words' | 'meaning' | 'hybrid';

/** With a larger model the second row is better, and with it the third. */
async function qualityRows(
  passages: readonly Passage[],
  questions: readonly Question[],
): Promise<readonly BenchRow[]> {
  const knowledge = await holding(passages, await sentenceEncoder());
  const answers = await Promise.all(
    questions.map(async ({ question, relevant }) => ({
      search: await knowledge.search({ repository: REPOSITORY, text: question, limit: 200 }, SIGNAL),
      relevant: new Set(relevant.map(keyOf)),
    })),
  );
  return (['words', 'meaning', 'hybrid'] as const).flatMap((ranking) => {
    const note = `${questions.length} questions, ${passages.length} passages${ranking === 'words' ? '' : ', Universal Sentence Encoder lite'}`;
    const ranked = answers.map(({ search, relevant }) => ({ keys: keysOf(search, ranking), relevant }));
    return [
      mean(
        `retrieval, recall@5 by ${ranking}`,
        ranked.map(({ keys, relevant }) => recall(keys, relevant)),
        note,
      ),
      mean(
        `retrieval, nDCG@10 by ${ranking}`,
        ranked.map(({ keys, relevant }) => ndcg(keys, relevant)),
        note,
      ),
    ];
  });
}

function keysOf({ found }: Search, ranking: Ranking): readonly string[] {
  const ranked =
    ranking === 'hybrid'
      ? found
      : found
          .filter(({ ranks }) => ranks[ranking] !== null)
          .sort((left, right) => (left.ranks[ranking] ?? 0) - (right.ranks[ranking] ?? 0));
  return [...new Set(ranked.map(({ passage }) => keyOfPassage(passage)))];
}

/** A mean over all questions; the 99th percentile of a quality says nothing. */
function mean(name: string, values: readonly number[], note: string): BenchRow {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { ...figure(name, '0 to 1', values, note), median: value, p99: Number.NaN };
}

/** Milliseconds of a search, the question's embedding not counted: that is the model's time. */
async function latencyRows(
  size: number,
  samples: readonly Passage[],
  questions: readonly Question[],
  quick: boolean,
): Promise<readonly BenchRow[]> {
  const passages = manyPassages(size, samples);
  const asked = questions.slice(0, quick ? 10 : 50).map(({ question }) => question);
  const vectors = new Map(asked.map((text) => [text, hashedVector(text)]));
  const embedder: Embedder = {
    name: 'bench/given',
    embed: async (texts) => texts.map((text) => vectors.get(text) ?? randomVector()),
  };
  const rows: BenchRow[] = [];
  for (const [name, using] of [
    ['words', null],
    ['hybrid', embedder],
  ] as const) {
    const before = process.memoryUsage();
    const began = performance.now();
    const knowledge = await holding(passages, using);
    await knowledge.search({ repository: REPOSITORY, text: 'warm up', limit: 5 }, SIGNAL);
    const built = Math.round(performance.now() - began);
    const note = `${built} ms to make the index, ${megabytesSince(before)} MB`;
    const times = await timed(knowledge, asked);
    rows.push(figure(`retrieval, a search by ${name} in ${size} passages`, 'ms', times, note));
  }
  return rows;
}

async function timed(knowledge: Knowledge, asked: readonly string[]): Promise<readonly number[]> {
  const times: number[] = [];
  for (const text of asked) {
    const began = performance.now();
    await knowledge.search({ repository: REPOSITORY, text, limit: 10 }, SIGNAL);
    times.push(performance.now() - began);
  }
  return times;
}

function megabytesSince(before: NodeJS.MemoryUsage): number {
  const now = process.memoryUsage();
  return Math.round((now.heapUsed + now.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6);
}

async function holding(passages: readonly Passage[], embedder: Embedder | null): Promise<Knowledge> {
  const limits = { fillMs: 600_000, batch: 1000 };
  const records = memoryPassageRecords();
  const knowledge = createKnowledge({ records, embedder, vectors: null, clock: systemClock, limits });
  await knowledge.hold(REPOSITORY, passages, SIGNAL);
  return knowledge;
}

/** Texts of the committed passages with numbers in them, so that the vocabulary grows as in a real corpus. */
function manyPassages(size: number, samples: readonly Passage[]): readonly Passage[] {
  return Array.from({ length: size }, (_, at) => {
    const sample = samples[(at * 7919) % samples.length] as Passage;
    const other = samples[(at * 104_729 + 1) % samples.length] as Passage;
    const text = `${sample.text.slice(0, 600)} ${other.text.slice(0, 300)} service-${at} ${at % 997}`;
    return { ...sample, id: String(at).padStart(8, '0'), path: `sops/${at}.md`, text, index: 0 };
  });
}

function randomVector(): Float32Array {
  const bytes = randomBytes(HASHED_DIMENSIONS);
  const vector = Float32Array.from(bytes, (byte) => byte - 127.5);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
