import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runDrizzleMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Log } from '../../ports/log.js';
import { withoutPassword } from './connection.js';
import { translate } from './failure.js';

/** Neither migrator takes a lock: one around both, or two controllers that start together fail. */
const MIGRATION_LOCK = '4849271660423311';
const OLDEST = 13;

/** Brings the schemas `commander` (ours) and `graphile_worker` (the queue's) up to date. Safe to call from many controllers at once. */
export async function migrate(url: string, log: Log): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'commander migration',
    connectionTimeoutMillis: 10_000,
    // The database's default may be short; others may be migrating before us.
    statement_timeout: 0,
  });
  client.on('error', () => undefined);
  await client.connect().catch((cause: unknown) => {
    throw new Error(`Cannot connect to ${withoutPassword(url)}: ${String(translate(cause))}`, { cause });
  });
  try {
    await checkVersion(client);
    await client.query('select pg_advisory_lock($1::bigint)', [MIGRATION_LOCK]);
    const started = Date.now();
    await runDrizzleMigrations(drizzle(client), {
      migrationsFolder: await migrationsFolder(),
      migrationsSchema: 'commander',
      migrationsTable: 'migrations',
    });
    await migrateQueue(url, log);
    log.debug({ milliseconds: Date.now() - started }, 'The database schema is up to date');
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version_num') as version",
  );
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < OLDEST) throw new Error(`PostgreSQL ${major} is too old: ${OLDEST} or newer is needed`);
}

async function migrateQueue(url: string, log: Log): Promise<void> {
  const { Logger, runMigrations } = await import('graphile-worker');
  const logger = new Logger(() => (level, message) => log.debug({ level }, `queue migration: ${message}`));
  await runMigrations({ connectionString: url, logger, maxPoolSize: 1 });
}

/** `migrations/` is in the package's root, above dist when compiled. */
async function migrationsFolder(): Promise<string> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'migrations');
    const found = await access(join(candidate, 'meta', '_journal.json')).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
    if (folder === dirname(folder))
      throw new Error('The folder migrations/ of the program is missing: install it again');
  }
}
