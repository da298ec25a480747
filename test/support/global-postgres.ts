import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { quietLog } from './quiet-log.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which databases may be made and dropped. */
    readonly postgresUrl: string;
  }
}

/** One PostgreSQL for the whole run: DATABASE_URL, else an embedded one that is stopped and deleted at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    project.provide('postgresUrl', given);
    return async () => undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'commander-test-pg-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, log: quietLog() });
  project.provide('postgresUrl', server.url);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
