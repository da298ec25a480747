import pg from 'pg';
import { type Cluster, SUPERUSER } from './cluster.js';

/** `ours` it is the server of this data directory · `foreign` something else has the port · `silent` not yet. */
export type Answer = 'ours' | 'foreign' | 'silent';

export function serverUrl(cluster: Cluster, port: number, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

/** Who answers on a port, judged by the data directory it says it has. */
export async function answers(cluster: Cluster, port: number): Promise<Answer> {
  try {
    return await connected(cluster, port, async (client) => {
      const { rows } = await client.query<{ folder: string }>(
        "select current_setting('data_directory') as folder",
      );
      return rows[0]?.folder === cluster.data ? 'ours' : 'foreign';
    });
  } catch (error) {
    // 28P01: another server's password.
    return (error as { code?: string }).code === '28P01' ? 'foreign' : 'silent';
  }
}

/** Makes the database unless it is there. */
export async function ensureDatabase(cluster: Cluster, port: number, name: string): Promise<void> {
  await connected(cluster, port, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
}

async function connected<T>(
  cluster: Cluster,
  port: number,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: serverUrl(cluster, port, 'postgres'),
    connectionTimeoutMillis: 5000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
