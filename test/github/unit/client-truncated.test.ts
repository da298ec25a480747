import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ForgeUnavailable } from '../../../controller/ports/forge.js';
import { failureOf, openSite, type Site } from './site.js';

const at = { owner: 'acme', repo: 'gitops' };
const ISSUES = /\/issues\?/;
const TRIES = 3;
let site: Site;
beforeAll(async () => {
  site = await openSite();
  await site.olga('POST /repos/acme/gitops/issues', { title: 'there' });
});
afterAll(() => site.close());
beforeEach(() => site.calm());

const WAYS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['breaks off in the middle', (response) => void response.write('[{"id":1,', () => response.destroy())],
  ['breaks off before its first byte', (response) => void response.write(' ', () => response.destroy())],
  ['is cut in two by a proxy', (response) => void response.end('[{"id":1,')],
  ['is empty', (response) => void response.end()],
  ['stalls', (response) => void response.write('[{"id":1,')],
];

async function lister() {
  const octokit = await site.user({ timeoutMs: 500 }).octokit();
  return () => octokit.paginate(octokit.rest.issues.listForRepo, { ...at, per_page: 100 });
}

/** The ETag of the true answer, which the broken one has, too. */
async function etag(): Promise<string> {
  const { headers } = await site.olga('GET /repos/acme/gitops/issues?per_page=100');
  return headers.get('etag') ?? '';
}

describe.each(WAYS)('a list whose answer %s', (_title, end) => {
  const breakAnswers = async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', etag: await etag() };
    for (let tries = 0; tries < TRIES; tries += 1)
      site.answerOnce(ISSUES, (_request, response) => {
        response.writeHead(200, headers);
        response.flushHeaders();
        end(response);
      });
  };

  it('is a failure, and never an empty list', async () => {
    const list = await lister();
    await breakAnswers();
    expect(await failureOf(list())).toBeInstanceOf(ForgeUnavailable);
  });

  it('is not remembered: the next answer is the whole list', async () => {
    const list = await lister();
    await breakAnswers();
    await list().catch(() => undefined);
    site.calm();
    expect((await list()).map(({ title }) => title)).toEqual(['there']);
  });
});
