import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseUrl, openSite, type Site } from '../end-to-end/harness.js';
import { waitFor } from '../support/wait-for.js';

const SECTIONS = 60;
const READ = 5;

/** As many passages as sections: enough that the controller is killed before it has read all of them. */
const HANDBOOK = [
  '# Handbook of the operations desk\n\nWhat everybody on the desk knows.',
  ...Array.from(
    { length: SECTIONS - 1 },
    (_, at) =>
      `## Cupboard ${at}\n\n${`Shelf ${at} of the cupboard holds spare cables, labels and forms. `.repeat(4)}`,
  ),
].join('\n\n');

let site: Site;
beforeAll(async () => {
  site = await openSite({
    services: [{ name: 'checkout' }],
    sops: { 'handbook.md': HANDBOOK },
    env: { EMBEDDING_PROVIDER: 'local' },
  });
});
afterAll(() => site.close());

/** Passages that were read by the model: those with a vector, and of these those with vectors of their tokens. */
async function read(): Promise<{ readonly vectors: number; readonly tokens: number }> {
  const client = new pg.Client({ connectionString: await databaseUrl(site) });
  try {
    await client.connect();
    const { rows } = await client.query<{ vectors: number; tokens: number }>(
      `select count(*)::int as vectors, count(octet_length(token_vectors) > 0 or null)::int as tokens
       from commander.sop_embeddings where embedder = 'local/all-MiniLM-L6-v2+tokens'`,
    );
    return rows[0] ?? { vectors: 0, tokens: 0 };
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('A controller with EMBEDDING_PROVIDER=local', () => {
  it('killed while it reads the SOPs, goes on when it is back with those that are missing', async () => {
    const reached = async (count: number) => (await read()).vectors >= count;
    await waitFor('the first passages to be read', () => reached(READ), 60_000);
    await site.kill();
    await site.start();
    await waitFor('all passages to be read', () => reached(SECTIONS), 120_000);
    expect(await read()).toEqual({ vectors: SECTIONS, tokens: SECTIONS });
  });

  it('plans with nothing missing, and runs what is merged', async () => {
    await site.ask('first', 'Deploy checkout v1.0.0 to staging.');
    const plan = await site.proposed('first');
    expect((await site.intent('first'))?.body).not.toMatch(/Made without/);
    await site.people.merge(plan.branch);
    expect((await site.ended('first')).status).toBe('succeeded');
  });
});
