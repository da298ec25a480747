import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { textAt } from './api.js';
import { type Row, row } from './row.js';
import { commitFile, createBranch, defaultBranch, freshName } from './steps.js';

const nowhere = '0123456789abcdef0123456789abcdef01234567';

/** Objects and refs. */
export const gitRows: readonly Row[] = [
  row('a blob has the name that git gives its bytes, and keeps them', async (api) => {
    const bytes = Buffer.from([0, 1, 254, 255, 10]);
    const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    const content = bytes.toString('base64');
    const created = await api.call('POST', '.../git/blobs', { body: { content, encoding: 'base64' } });
    expect(created).toMatchObject({ status: 201, body: { sha } });
    const read = await api.call('GET', `.../git/blobs/${sha}`);
    expect(read).toMatchObject({ status: 200, body: { sha, encoding: 'base64', size: bytes.length } });
    expect(Buffer.from(textAt(read, 'content'), 'base64')).toEqual(bytes);
  }),
  row('a tree on a base keeps its other files, and sha null takes one out', async (api) => {
    const { sha: parent } = await defaultBranch(api);
    const first = freshName();
    const second = freshName();
    const one = await commitFile(api, parent, `${first}/a.yaml`, 'a: 1\n');
    const two = await commitFile(api, one, `${second}/b.yaml`, 'b: 1\n');
    const base_tree = textAt(await api.call('GET', `.../git/commits/${two}`), 'tree', 'sha');
    const entry = { path: `${first}/a.yaml`, mode: '100644', type: 'blob', sha: null };
    const body = { base_tree, tree: [entry] };
    const without = textAt(await api.call('POST', '.../git/trees', { body }), 'sha');
    const pathsOf = async (sha: string): Promise<unknown> =>
      (await api.call('GET', `.../git/trees/${sha}`, { query: { recursive: '1' } })).body;
    const added = expect.objectContaining({ path: `${second}/b.yaml`, type: 'blob' });
    const removed = expect.objectContaining({ path: `${first}/a.yaml` });
    expect(await pathsOf(base_tree)).toMatchObject({
      truncated: false,
      tree: expect.arrayContaining([added, removed]),
    });
    expect(await pathsOf(without)).toMatchObject({ tree: expect.arrayContaining([added]) });
    expect(await pathsOf(without)).toMatchObject({ tree: expect.not.arrayContaining([removed]) });
  }),
  row('a tree entry may carry its content', async (api) => {
    const tree = [{ path: 'a/b.yaml', mode: '100644', type: 'blob', content: 'b: 1\n' }];
    const created = await api.call('POST', '.../git/trees', { body: { tree } });
    expect(created.status).toBe(201);
    const sha = textAt(created, 'sha');
    const read = await api.call('GET', `.../git/trees/${sha}`, { query: { recursive: '1' } });
    const content = createHash('sha1').update('blob 5\0b: 1\n').digest('hex');
    expect(read).toMatchObject({
      body: { tree: expect.arrayContaining([expect.objectContaining({ path: 'a/b.yaml', sha: content })]) },
    });
  }),
  row('a commit has the tree, parent, message and author that it was given', async (api) => {
    const parent = await defaultBranch(api);
    const tree = textAt(await api.call('GET', `.../git/commits/${parent.sha}`), 'tree', 'sha');
    const author = { name: 'Commander', email: 'commander@example.com', date: '2026-01-02T03:04:05Z' };
    const body = { message: 'Plan 1\n\nTrailer: yes', tree, parents: [parent.sha], author };
    const created = await api.call('POST', '.../git/commits', { body });
    const expected = { message: body.message, tree: { sha: tree }, parents: [{ sha: parent.sha }], author };
    expect(created).toMatchObject({ status: 201, body: expected });
    const read = await api.call('GET', `.../git/commits/${textAt(created, 'sha')}`);
    expect(read).toMatchObject({ status: 200, body: expected });
  }),
  row('a commit on a tree that is not there is refused', async (api) => {
    const body = { message: 'Plan', tree: nowhere, parents: [] };
    expect(await api.call('POST', '.../git/commits', { body })).toMatchObject({ status: 422 });
  }),
  row('the commits of a branch are listed from its head', async (api) => {
    const { name, sha, baseSha } = await createBranch(api);
    const listed = await api.call('GET', '.../commits', { query: { sha: name, per_page: '2' } });
    expect(listed).toMatchObject({ status: 200, body: [{ sha }, { sha: baseSha }] });
    expect(await api.call('GET', `.../commits/${name}`)).toMatchObject({ status: 200, body: { sha } });
  }),
  row('a comparison counts the commits between two refs and lists the files', async (api) => {
    const { name, base, file } = await createBranch(api);
    expect(await api.call('GET', `.../compare/${base}...${name}`)).toMatchObject({
      status: 200,
      body: { ahead_by: 1, total_commits: 1, files: [{ filename: file, status: 'added' }] },
    });
  }),
  row('a file is read at a ref in base64, and a folder as a list', async (api) => {
    const { name, file } = await createBranch(api);
    const read = await api.call('GET', `.../contents/${file}`, { query: { ref: name } });
    expect(read).toMatchObject({ status: 200, body: { type: 'file', path: file, encoding: 'base64' } });
    expect(Buffer.from(textAt(read, 'content'), 'base64').toString()).toBe(`name: ${name}\n`);
    const folder = await api.call('GET', `.../contents/${name}`, { query: { ref: name } });
    expect(folder).toMatchObject({
      status: 200,
      body: [{ type: 'file', path: file, sha: textAt(read, 'sha') }],
    });
  }),
  row('a file that is not at the ref is 404', async (api) => {
    const { base, file } = await createBranch(api);
    const read = await api.call('GET', `.../contents/${file}`, { query: { ref: base } });
    expect(read).toMatchObject({ status: 404 });
  }),
];
