import { expect } from 'vitest';
import { waitFor } from '../../../support/wait-for.js';
import { numberAt, textAt } from './api.js';
import { type Row, row } from './row.js';
import { commitFile, defaultBranch, freshName, openPull } from './steps.js';

/** Pull requests and their reviews. */
export const pullRows: readonly Row[] = [
  row('a pull request is created, read, and found by its head', async (api) => {
    const { number, name, sha, base } = await openPull(api);
    const expected = {
      number,
      state: 'open',
      title: `Change ${name}`,
      body: 'As planned.',
      draft: false,
      merged_at: null,
      head: { ref: name, sha },
      base: { ref: base },
    };
    expect(await api.call('GET', `.../pulls/${number}`)).toMatchObject({
      status: 200,
      body: { ...expected, merged: false },
    });
    const head = `${api.target.owner}:${name}`;
    const found = await api.call('GET', '.../pulls', { query: { head, state: 'all', base } });
    expect(found).toMatchObject({ status: 200, body: [expected] });
    const other = await api.call('GET', '.../pulls', { query: { head: `${head}-other`, state: 'all' } });
    expect(other).toEqual({ status: 200, body: [] });
  }),
  row('a second pull request for the same head and base is refused', async (api) => {
    const { name, base } = await openPull(api);
    const again = await api.call('POST', '.../pulls', { body: { title: 'Again', head: name, base } });
    expect(again).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining('A pull request already exists') }] },
    });
  }),
  row('a pull request for a branch that is not there is refused', async (api) => {
    const { name: base } = await defaultBranch(api);
    const head = freshName();
    expect(await api.call('POST', '.../pulls', { body: { title: 'None', head, base } })).toMatchObject({
      status: 422,
      body: { message: 'Validation Failed', errors: [{ field: 'head', code: 'invalid' }] },
    });
    expect(await api.call('GET', `.../git/ref/heads/${head}`)).toMatchObject({ status: 404 });
  }),
  row('a pull request without commits is refused', async (api) => {
    const { name: base, sha } = await defaultBranch(api);
    const head = freshName();
    await api.call('POST', '.../git/refs', { body: { ref: `refs/heads/${head}`, sha } });
    expect(await api.call('POST', '.../pulls', { body: { title: 'Empty', head, base } })).toMatchObject({
      status: 422,
      body: { errors: [{ message: expect.stringContaining('No commits between') }] },
    });
  }),
  row('a pull request takes another title and text', async (api) => {
    const { number } = await openPull(api);
    const body = { title: 'Another title', body: 'Another text' };
    const expected = { status: 200, body: { ...body, number, state: 'open' } };
    expect(await api.call('PATCH', `.../pulls/${number}`, { body })).toMatchObject(expected);
    expect(await api.call('GET', `.../pulls/${number}`)).toMatchObject(expected);
  }),
  row('a pull request follows its branch', async (api) => {
    const { number, name, sha } = await openPull(api);
    const next = await commitFile(api, sha, `${name}/next.yaml`, 'next: 1\n');
    await api.call('PATCH', `.../git/refs/heads/${name}`, { body: { sha: next } });
    const isAtNext = async () => textAt(await api.call('GET', `.../pulls/${number}`), 'head', 'sha') === next;
    await waitFor('the pull request to follow its branch', isAtNext, 5_000);
  }),
  row('a closed pull request is listed as closed and not as open', async (api) => {
    const { number, name } = await openPull(api);
    const closed = await api.call('PATCH', `.../pulls/${number}`, { body: { state: 'closed' } });
    expect(closed).toMatchObject({ status: 200, body: { state: 'closed', merged: false } });
    const head = `${api.target.owner}:${name}`;
    expect((await api.call('GET', '.../pulls', { query: { head } })).body).toEqual([]);
    const listed = await api.call('GET', '.../pulls', { query: { head, state: 'closed' } });
    expect(listed).toMatchObject({ body: [{ number, state: 'closed', merged_at: null }] });
  }),
  row('the files and commits of a pull request are listed', async (api) => {
    const { number, file, sha } = await openPull(api);
    const files = await api.call('GET', `.../pulls/${number}/files`);
    expect(files).toMatchObject({ status: 200, body: [{ filename: file, status: 'added', additions: 1 }] });
    const commits = await api.call('GET', `.../pulls/${number}/commits`);
    expect(commits).toMatchObject({ status: 200, body: [{ sha, commit: { message: `Add ${file}` } }] });
  }),
  row('a review that comments is created and listed at the head', async (api) => {
    const { number, sha } = await openPull(api);
    const body = { event: 'COMMENT', body: 'Read.', commit_id: sha };
    const created = await api.call('POST', `.../pulls/${number}/reviews`, { body });
    const expected = { state: 'COMMENTED', body: 'Read.', commit_id: sha };
    expect(created).toMatchObject({ status: 200, body: expected });
    const listed = await api.call('GET', `.../pulls/${number}/reviews`);
    expect(listed).toMatchObject({ status: 200, body: [{ ...expected, id: numberAt(created, 'id') }] });
    expect(textAt(listed, 0, 'user', 'login')).toBe(textAt(created, 'user', 'login'));
  }),
  row('authors do not approve their own pull request', async (api) => {
    const { number } = await openPull(api);
    const approved = await api.call('POST', `.../pulls/${number}/reviews`, { body: { event: 'APPROVE' } });
    expect(approved).toMatchObject({ status: 422 });
  }),
];
