import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GitHubFailure } from '../../../controller/adapters/github/failures.js';
import { ForgeUnavailable } from '../../../controller/ports/forge.js';
import { failureOf, openSite, REPOSITORY, type Site } from './site.js';

const at = { owner: 'acme', repo: 'gitops' };
let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
beforeEach(() => site.calm());

const FACTS = '^/repos/acme/gitops$';
const ISSUES = '^/repos/acme/gitops/issues$';
const methods = () => site.since().map(({ method }) => method);
const issueCount = async () =>
  ((await site.olga(`GET /repos/${REPOSITORY}/issues?per_page=100&state=all`)).body as unknown[]).length;

describe('a server that fails for a moment', () => {
  it.each([500, 502, 503, 504])('with %i is asked again, and nobody notices', async (status) => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, times: 2, action: 'status', status }] });
    expect((await site.user().facts()).fullName).toBe(REPOSITORY);
    expect(methods()).toEqual(['GET', 'GET', 'GET']);
  });

  it('that breaks the connection is asked again', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, times: 2, action: 'reset' }] });
    expect((await site.user().facts()).fullName).toBe(REPOSITORY);
  });

  it('for longer: the message tells the status, and that it will be tried again', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, action: 'status', status: 502 }] });
    const error = await failureOf(site.user().facts());
    expect([error instanceof ForgeUnavailable, error.status]).toEqual([true, 502]);
    expect(error.message).toMatch(/GET .*acme\/gitops\) answered 502: Server Error. It will be tried again/);
    expect(methods()).toHaveLength(3);
    site.expectNoSecrets(error);
  });

  it('is not asked a second time to make something: it may have been made', async () => {
    const { issues } = await site.user().rest();
    const before = await issueCount();
    site.since();
    site.github.faults.set({
      rules: [
        { match: { method: 'POST', path: ISSUES }, times: 1, action: 'status', status: 502 },
        { match: { method: 'POST', path: ISSUES }, times: 1, action: 'reset' },
        { match: { method: 'POST', path: ISSUES }, times: 1, action: 'done-then-reset' },
      ],
    });
    expect((await failureOf(issues.create({ ...at, title: 'x' }))).status).toBe(502);
    expect((await failureOf(issues.create({ ...at, title: 'x' }))).status).toBe(0);
    expect((await failureOf(issues.create({ ...at, title: 'x' }))).status).toBe(0);
    expect(methods()).toEqual(['POST', 'POST', 'POST']);
    expect(await issueCount()).toBe(before + 1);
  });

  it('whose answer to a change was lost is asked again, for the change is the same', async () => {
    const { body } = await site.olga(`POST /repos/${REPOSITORY}/issues`, { title: 'old' });
    const { issues } = await site.user().rest();
    site.github.faults.set({ rules: [{ match: { method: 'PATCH' }, times: 1, action: 'done-then-reset' }] });
    await issues.update({ ...at, issue_number: body.number, title: 'new' });
    expect((await site.olga(`GET /repos/${REPOSITORY}/issues/${body.number}`)).body.title).toBe('new');
  });
});

describe('a server that does not answer', () => {
  it('is given up after the time limit of each try', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, action: 'hang' }] });
    const begun = performance.now();
    const error = await failureOf(site.user({ timeoutMs: 200 }).facts());
    expect(performance.now() - begun).toBeLessThan(5000);
    expect([error instanceof GitHubFailure, error.status]).toEqual([true, 0]);
    expect(error.message).toMatch(/does not answer: .*It will be tried again/);
    expect(methods()).toHaveLength(3);
    site.expectNoSecrets(error);
  });

  it('once is asked again in time', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, times: 1, action: 'hang' }] });
    expect((await site.user({ timeoutMs: 1000 }).facts()).fullName).toBe(REPOSITORY);
  });

  it('to something that is made is given up at once', async () => {
    const { issues } = await site.user({ timeoutMs: 200 }).rest();
    site.github.faults.set({ rules: [{ match: { method: 'POST' }, action: 'hang' }] });
    const error = await failureOf(issues.create({ ...at, title: 'x' }));
    expect(error.message).toContain('does not answer');
    expect(methods()).toEqual(['POST']);
  });

  it('because nothing listens there: says so', async () => {
    const error = await failureOf(site.user({ apiUrl: 'http://127.0.0.1:9' }).facts());
    expect([error instanceof ForgeUnavailable, error.status]).toEqual([true, 0]);
    site.expectNoSecrets(error);
  });

  it('and stops in the middle of its answer is a failure, not half an answer', async () => {
    const stall = (_request: unknown, response: ServerResponse) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        .write('{"id":1');
    };
    for (let tries = 0; tries < 3; tries += 1) site.answerOnce(/gitops$/, stall);
    const error = await failureOf(site.user({ timeoutMs: 200 }).facts());
    expect(error).toBeInstanceOf(ForgeUnavailable);
  });
});

describe('an answer that is none', () => {
  it('a page of a proxy is told as such', async () => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, action: 'garbage' }] });
    const error = await failureOf(site.user().facts());
    expect(error).toBeInstanceOf(ForgeUnavailable);
    expect(error.message).toMatch(/not JSON.*a proxy\?/);
    expect(error.message).not.toContain('<html');
  });

  it.each<[string, unknown]>([
    ['an empty object', {}],
    ['null', null],
    ['a list', []],
    ['a text', 'hello'],
    ['a number', 7],
    ['another shape', { id: '7', clone_url: 7 }],
    ['GitHub’s words for a mistake, with 200', { message: 'Not Found' }],
  ])('%s is told as something that cannot be read', async (_title, body) => {
    site.github.faults.set({ rules: [{ match: { path: FACTS }, action: 'status', status: 200, body }] });
    const error = await failureOf(site.user().facts());
    expect(error).toBeInstanceOf(ForgeUnavailable);
    site.expectNoSecrets(error);
  });

  it('an error page of a proxy does not fill the message', async () => {
    const body = `<html>${'x'.repeat(100_000)}</html>`;
    const headers = { 'content-type': 'text/html' };
    site.github.faults.set({
      rules: [{ match: { path: FACTS }, action: 'status', status: 502, body, headers }],
    });
    const error = await failureOf(site.user().facts());
    expect([error.status, error.message.length < 700]).toEqual([502, true]);
  });
});
