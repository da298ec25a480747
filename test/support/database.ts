import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { administer, dropDatabase, onDatabase } from './template-database.js';

export interface TestDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A database of its own for a test file, copied from a migrated template. Drop it in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(inject('postgresTemplate'));
}

/** A database without our schema. */
export async function createBareDatabase(): Promise<TestDatabase> {
  return createDatabase('template1');
}

/** The same on another server, by its URL. */
export async function createBareDatabaseOn(server: string): Promise<TestDatabase> {
  return createDatabase('template1', server);
}

async function createDatabase(template: string, server = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `commander_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} template ${template}`);
  return { url: onDatabase(server, name), drop: () => dropDatabase(server, name) };
}
