import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../controller/adapters/postgres/migrate.js';
import { quietLog } from './quiet-log.js';

/** Makes the database that those of a test run are copied from. Returns its name. */
export async function createTemplate(server: string): Promise<string> {
  const name = `commander_template_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  await migrate(onDatabase(server, name), quietLog());
  return name;
}

export async function dropDatabase(server: string, name: string): Promise<void> {
  // A test that leaves connections behind is cut off rather than holding up the run.
  await administer(server, `drop database if exists ${name} with (force)`);
}

export function onDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

export async function administer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
