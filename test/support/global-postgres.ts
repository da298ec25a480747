import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../controller/adapters/postgres/embedded/embedded.js';
import { quietLog } from './quiet-log.js';
import { createTemplate, dropDatabase } from './template-database.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server on which databases may be made and dropped. */
    readonly postgresUrl: string;
    /** A database there that has our schema, to copy from. */
    readonly postgresTemplate: string;
  }
}

/** One PostgreSQL for the whole run: DATABASE_URL, else an embedded one that is stopped and deleted at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer(process.env.DATABASE_URL ?? '');
  const template = await createTemplate(server.url);
  project.provide('postgresUrl', server.url);
  project.provide('postgresTemplate', template);
  return async () => {
    await dropDatabase(server.url, template);
    await server.stop();
  };
}

async function startServer(given: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (given !== '') return { url: given, stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'commander-test-pg-'));
  const { url, stop } = await startEmbeddedPostgres({ dataDir: folder, log: quietLog() });
  return {
    url,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
