import { lt, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { JsonValue } from '../../../domain/json.js';
import type { ModelUsage } from '../../../ports/model.js';
import { modelAnswers } from '../schema-agents.js';
import { storable } from '../storable.js';

const KEPT_DAYS = 90;
const KEPT_MOST = 50_000;
/** How many answers are kept between two clean-ups. */
const CLEAN_UP_EVERY = 500;

interface KeptAnswer {
  readonly purpose: string;
  readonly model: string;
  readonly value: unknown;
  readonly usage: ModelUsage;
}

/** Answers of models that were given and checked before, for all controllers of the database. */
export interface ModelAnswers {
  get(key: string): Promise<KeptAnswer | null>;
  put(key: string, answer: KeptAnswer): Promise<void>;
}

export function modelAnswerRecords(pool: pg.Pool, now: () => Date): ModelAnswers {
  const db = drizzle(pool);
  let kept = 0;
  return {
    get: async (key) => {
      const [row] = await db.select().from(modelAnswers).where(sql`${modelAnswers.key} = ${key}`);
      if (row === undefined) return null;
      const { purpose, model, value, inputTokens, outputTokens, costUsd } = row;
      return { purpose, model, value, usage: { inputTokens, outputTokens, costUsd } };
    },
    put: async (key, { purpose, model, value, usage }) => {
      const row = storable({ key, purpose, model, value: value as JsonValue, ...usage, createdAt: now() });
      await db.insert(modelAnswers).values(row).onConflictDoNothing();
      kept += 1;
      if (kept % CLEAN_UP_EVERY === 1) await cleanUp(db, now());
    },
  };
}

async function cleanUp(db: ReturnType<typeof drizzle>, now: Date): Promise<void> {
  await db
    .delete(modelAnswers)
    .where(lt(modelAnswers.createdAt, new Date(now.getTime() - KEPT_DAYS * 86_400_000)));
  await db.execute(sql`
    delete from ${modelAnswers} where ${modelAnswers.key} in
      (select ${modelAnswers.key} from ${modelAnswers} order by ${modelAnswers.createdAt} desc offset ${KEPT_MOST})`);
}
