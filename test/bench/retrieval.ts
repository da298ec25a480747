import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assembleModels } from '../../controller/app/models.js';
import { readWordVectors } from '../../controller/app/word-vectors.js';
import { LOCAL_MODEL } from '../../controller/config-models.js';
import type { Passage } from '../../controller/domain/passage.js';
import { readDocuments } from '../../controller/evaluation/documents.js';
import type { QuestionItem } from '../../controller/evaluation/items.js';
import { readItems } from '../../controller/evaluation/read-items.js';
import { type Ranking, runQuestions } from '../../controller/evaluation/run-questions.js';
import { createKnowledge } from '../../controller/planning/knowledge/knowledge.js';
import { memoryPassageRecords } from '../../controller/planning/knowledge/memory-records.js';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';
import { systemClock } from '../../controller/ports/clock.js';
import type { Knowledge } from '../../controller/ports/knowledge.js';
import { silentLog } from '../../controller/ports/log.js';
import type { Embedder, TextInContext, TokenVectors } from '../../controller/ports/model.js';
import { HASHED_DIMENSIONS, hashedVector } from '../knowledge/hashed-embedder.js';
import { beside, figure } from './figures.js';
import type { BenchOptions, BenchRow } from './row.js';

const SOPS = join('evaluation', 'sops');
const SIGNAL = new AbortController().signal;
const REPOSITORY = 'bench';
/** Of documents, whose paths begin in their folder. */
const POISONED = 'poisoned/';

const MOST_TOKENS = 200;
const TOKEN_IDS = Uint32Array.from({ length: MOST_TOKENS }, (_, at) => at * 7);
const TOKEN_NUMBERS = new Int8Array(randomBytes(MOST_TOKENS * HASHED_DIMENSIONS));

/** How long a search takes, and how well it finds what the committed questions ask for. */
export async function benchRetrieval({ quick }: BenchOptions): Promise<BenchRow[]> {
  const all = await committedPassages();
  const [questions, blind, second] = await Promise.all([
    committedQuestions('questions.jsonl'),
    committedQuestions('questions-blind.jsonl'),
    committedQuestions('questions-blind-2.jsonl'),
  ]);
  const rows: BenchRow[] = [];
  const local = await localModel();
  for (const [about, passages, items] of [
    ['a repository of each company', withPoison(all), questions.flatMap(ofEachCompany)],
    ['blind questions, a repository of each company', all, blind],
    ['blind questions 2, a repository of each company', all, second],
    ['all seven companies in one repository', all, questions],
  ] as const)
    rows.push(...(await qualityRows(about, passages, items, local)));
  const sizes = quick ? [100, 10_000] : [100, 10_000, 100_000];
  for (const size of sizes) rows.push(...(await latencyRows(size, all, questions, quick)));
  return rows;
}

async function committedPassages(): Promise<readonly Passage[]> {
  const { sops } = await readDocuments(join(SOPS, 'documents'));
  return sops.flatMap((sop) => passagesOf(REPOSITORY, sop));
}

async function committedQuestions(name: string): Promise<readonly QuestionItem[]> {
  const { items } = readItems(name, await readFile(join(SOPS, name), 'utf8'));
  return items.filter((item): item is QuestionItem => item.kind === 'question');
}

/** A controller follows one repository, which is one company's: what is relevant there. */
function ofEachCompany(item: QuestionItem): readonly QuestionItem[] {
  return companiesOf(item.relevant).map((within) => ({
    ...item,
    within,
    relevant: item.relevant.filter((each) => each.startsWith(within)),
  }));
}

/** How the paths of each company's documents begin. */
function companiesOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((path) => /^(?:documents\/)?\w+-/.exec(path)?.[0] ?? []))];
}

/** Each company's documents, and among them copies of the poisoned ones. */
function withPoison(passages: readonly Passage[]): readonly Passage[] {
  const companies = companiesOf(passages.map(({ path }) => path));
  return passages.flatMap((passage) =>
    passage.path.startsWith(POISONED)
      ? companies.map((company) => ({
          ...passage,
          id: `${passage.id}-${company}`,
          path: `${company}${passage.path.slice(POISONED.length)}`,
        }))
      : [passage],
  );
}

const OF_MODEL: ReadonlySet<Ranking> = new Set(['meaning', 'lateInteraction', 'fused']);

/** Without a model, and with the one that comes with the program (EMBEDDING_PROVIDER=local). */
async function qualityRows(
  about: string,
  passages: readonly Passage[],
  items: readonly QuestionItem[],
  local: Embedder,
): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [model, embedder] of [
    ['no model', null],
    ['EMBEDDING_PROVIDER=local', local],
  ] as const) {
    const knowledge = await knowing(embedder);
    const result = await runQuestions(about, knowledge, passages, items, NEEDS);
    const note = `${items.length} questions, ${model}`;
    const named = (kind: string, ranking: string) =>
      `retrieval, ${kind}, ${about}: ${ranking}${ranking === 'fused' ? ` (${model})` : ''}`;
    const parts = result.rows.filter(({ ranking }) => ranking !== 'fused');
    const better = quality('the better part', Math.max(...parts.map(({ recall }) => recall)), note);
    for (const { ranking, recall, ndcg } of result.rows) {
      if (embedder !== null && !OF_MODEL.has(ranking)) continue;
      const found = quality(named('recall@5', ranking), recall, note);
      rows.push(ranking === 'fused' ? beside(found, better) : found);
      rows.push(quality(named('nDCG@10', ranking), ndcg, note));
    }
  }
  return rows;
}

/** Each text is embedded once: passages are the same in each part. */
async function localModel(): Promise<Embedder> {
  const embedding = { provider: 'local', model: LOCAL_MODEL } as const;
  const config = { chat: [], embedding, timeoutMs: 600_000, prices: new Map(), chromaUrl: null };
  const { embedder } = await assembleModels(config, { log: silentLog });
  if (embedder === null) throw new Error('EMBEDDING_PROVIDER=local gave no embedder');
  const read = embedder.tokens;
  if (read === undefined) throw new Error('EMBEDDING_PROVIDER=local gives no vectors of tokens');
  const vectorOf = remembered((text: string) => embedder.embed([text], SIGNAL).then(onlyOne));
  const tokensOf = remembered((text: TextInContext) => read([text], SIGNAL).then(onlyOne));
  return {
    ...embedder,
    embed: (texts) => Promise.all(texts.map(vectorOf)),
    tokens: (texts) => Promise.all(texts.map(tokensOf)),
  };
}

function remembered<Given, Made>(make: (given: Given) => Promise<Made>): (given: Given) => Promise<Made> {
  const known = new Map<string, Promise<Made>>();
  return (given) => {
    const key = JSON.stringify(given);
    const made = known.get(key) ?? make(given);
    known.set(key, made);
    return made;
  };
}

function onlyOne<T>([made]: readonly T[]): T {
  if (made === undefined) throw new Error('the model gave nothing');
  return made;
}

const NEEDS = { seconds: () => performance.now() / 1000, progress: () => undefined, signal: SIGNAL };

/** A mean over all questions; the 99th percentile of a quality says nothing. */
function quality(name: string, value: number, note: string): BenchRow {
  return { ...figure(name, '0 to 1', [value], note), p99: Number.NaN };
}

/** Milliseconds of a search, the question's embedding not counted: that is the model's time. */
async function latencyRows(
  size: number,
  samples: readonly Passage[],
  questions: readonly QuestionItem[],
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
    ['hybrid and late interaction', { ...embedder, name: 'bench/tokens', tokens: givenTokens }],
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
  const knowledge = await knowing(embedder);
  await knowledge.hold(REPOSITORY, passages, SIGNAL);
  return knowledge;
}

async function knowing(embedder: Embedder | null): Promise<Knowledge> {
  return createKnowledge({
    records: memoryPassageRecords(),
    embedder,
    wordVectors: readWordVectors,
    vectors: null,
    clock: systemClock,
    limits: { fillMs: 600_000, batch: 1000 },
  });
}

/** As many tokens as words, as many numbers each as the local model gives; passages share one memory, for 100,000 would need 2 GB. */
async function givenTokens(texts: readonly TextInContext[]): Promise<readonly TokenVectors[]> {
  return texts.map(({ text }) => {
    const count = Math.min(MOST_TOKENS, text.split(/\s+/).length);
    return {
      ids: TOKEN_IDS.subarray(0, count),
      numbers: TOKEN_NUMBERS.subarray(0, count * HASHED_DIMENSIONS),
    };
  });
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
