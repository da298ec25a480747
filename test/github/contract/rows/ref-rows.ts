import { expect } from 'vitest';
import { type Row, row } from './row.js';
import { commitFile, createBranch, defaultBranch, freshName } from './steps.js';

const nowhere = '0123456789abcdef0123456789abcdef01234567';

/** Branches and their updates. */
export const refRows: readonly Row[] = [
  row('a ref is found by its whole name only', async (api) => {
    const { name, sha } = await createBranch(api);
    const found = { ref: `refs/heads/${name}`, object: { sha, type: 'commit' } };
    expect(await api.call('GET', `.../git/ref/heads/${name}`)).toMatchObject({ status: 200, body: found });
    expect(await api.call('GET', `.../git/ref/heads/${name.slice(0, -1)}`)).toMatchObject({ status: 404 });
  }),
  row('refs are listed by the beginning of their name, none without a problem', async (api) => {
    const { name, sha } = await createBranch(api);
    const found = { ref: `refs/heads/${name}`, object: { sha } };
    const begin = `.../git/matching-refs/heads/${name.slice(0, -1)}`;
    expect(await api.call('GET', begin)).toMatchObject({ status: 200, body: [found] });
    const none = await api.call('GET', `.../git/matching-refs/heads/${freshName()}`);
    expect(none).toEqual({ status: 200, body: [] });
  }),
  row('a branch is read with its commit', async (api) => {
    const { name, sha } = await createBranch(api);
    const expected = { status: 200, body: { name, commit: { sha }, protected: false } };
    expect(await api.call('GET', `.../branches/${name}`)).toMatchObject(expected);
  }),
  row('a ref that exists is not created again', async (api) => {
    const { name, sha } = await createBranch(api);
    const again = await api.call('POST', '.../git/refs', { body: { ref: `refs/heads/${name}`, sha } });
    expect(again).toMatchObject({ status: 422, body: { message: 'Reference already exists' } });
  }),
  row('a ref to a commit that is not there is refused', async (api) => {
    const body = { ref: `refs/heads/${freshName()}`, sha: nowhere };
    expect(await api.call('POST', '.../git/refs', { body })).toMatchObject({ status: 422 });
  }),
  row('a ref goes forward to a descendant', async (api) => {
    const { name, sha } = await createBranch(api);
    const next = await commitFile(api, sha, `${name}/next.yaml`, 'next: 1\n');
    const moved = await api.call('PATCH', `.../git/refs/heads/${name}`, {
      body: { sha: next, force: false },
    });
    expect(moved).toMatchObject({ status: 200, body: { ref: `refs/heads/${name}`, object: { sha: next } } });
    const read = await api.call('GET', `.../git/ref/heads/${name}`);
    expect(read).toMatchObject({ body: { object: { sha: next } } });
  }),
  row('a ref does not leave its history without force', async (api) => {
    const { name, sha, baseSha } = await createBranch(api);
    const aside = await commitFile(api, baseSha, `${name}/aside.yaml`, 'aside: 1\n');
    const path = `.../git/refs/heads/${name}`;
    expect(await api.call('PATCH', path, { body: { sha: aside } })).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(/not a fast.forward/) },
    });
    const read = await api.call('GET', `.../git/ref/heads/${name}`);
    expect(read).toMatchObject({ body: { object: { sha } } });
    const forced = await api.call('PATCH', path, { body: { sha: aside, force: true } });
    expect(forced).toMatchObject({ status: 200, body: { object: { sha: aside } } });
  }),
  row('a ref that is not there is not updated: 422', async (api) => {
    const { sha } = await defaultBranch(api);
    const moved = await api.call('PATCH', `.../git/refs/heads/${freshName()}`, { body: { sha } });
    expect(moved).toMatchObject({ status: 422, body: { message: 'Reference does not exist' } });
  }),
  row('a deleted ref is gone', async (api) => {
    const { name } = await createBranch(api);
    expect(await api.call('DELETE', `.../git/refs/heads/${name}`)).toMatchObject({ status: 204 });
    expect(await api.call('GET', `.../git/ref/heads/${name}`)).toMatchObject({ status: 404 });
    expect(await api.call('GET', `.../branches/${name}`)).toMatchObject({ status: 404 });
  }),
  row('a ref that is not there is not deleted: 422', async (api) => {
    const deleted = await api.call('DELETE', `.../git/refs/heads/${freshName()}`);
    expect(deleted).toMatchObject({ status: 422, body: { message: 'Reference does not exist' } });
  }),
];
