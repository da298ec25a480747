import { customType, doublePrecision, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonValue } from '../../domain/json.js';
import type { Control } from '../../domain/sop.js';
import { commander, moment, number } from './schema.js';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** What is searched of the SOPs of a repository. Withdrawn with its file. */
export const sopPassages = commander.table(
  'sop_passages',
  {
    id: text('id').primaryKey(),
    repository: text('repository').notNull(),
    sop: text('sop').notNull(),
    path: text('path').notNull(),
    title: text('title').notNull(),
    headings: jsonb('headings').$type<readonly string[]>().notNull(),
    text: text('text').notNull(),
    context: text('context').notNull().default(''),
    place: integer('place').notNull(),
  },
  (table) => [index('sop_passages_of_repository').on(table.repository)],
);

/** Float32 values, little-endian, of unit length together; and, where the model gives them, the numbers of tokens (32 bits, little-endian) and a byte for each number of their vectors. */
export const sopEmbeddings = commander.table(
  'sop_embeddings',
  {
    passage: text('passage')
      .notNull()
      .references(() => sopPassages.id, { onDelete: 'cascade' }),
    embedder: text('embedder').notNull(),
    vector: bytes('vector').notNull(),
    tokenIds: bytes('token_ids'),
    tokenVectors: bytes('token_vectors'),
  },
  (table) => [primaryKey({ columns: [table.embedder, table.passage] })],
);

/** Controls that a model made of a sentence: made once, evaluated by code ever after. */
export const sopControls = commander.table(
  'sop_controls',
  {
    /** Digest of the SOP's file. */
    sop: text('sop').notNull(),
    /** sha256 of the sentence. */
    sentence: text('sentence').notNull(),
    /** null: the model made nothing of it. */
    control: jsonb('control').$type<Control>(),
    model: text('model').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.sop, table.sentence] })],
);

/** Answers of models, by everything that they depend on. */
export const modelAnswers = commander.table(
  'model_answers',
  {
    key: text('key').primaryKey(),
    purpose: text('purpose').notNull(),
    model: text('model').notNull(),
    value: jsonb('value').$type<JsonValue>().notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    costUsd: doublePrecision('cost_usd'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('model_answers_by_time').on(table.createdAt)],
);

/** A person let one finding pass, for one revision of one intent. */
export const waivers = commander.table(
  'waivers',
  {
    id: number('id').primaryKey().generatedAlwaysAsIdentity(),
    intentId: text('intent_id').notNull(),
    revision: text('revision').notNull(),
    /** `Finding.source`. */
    source: text('source').notNull(),
    /** `Finding.quote`, exactly: another wording of the SOP needs another waiver. */
    quote: text('quote').notNull(),
    reason: text('reason').notNull(),
    person: text('person').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [index('waivers_of_intent').on(table.intentId, table.revision)],
);
