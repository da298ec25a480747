import { expect } from 'vitest';
import { textAt } from './api.js';
import { type Row, row } from './row.js';
import { openPull } from './steps.js';

const stale = '0123456789abcdef0123456789abcdef01234567';

/** Merging pull requests. */
export const mergeRows: readonly Row[] = [
  row('a merge puts the commit on the base and closes the pull request', async (api) => {
    const { number, sha, base, file } = await openPull(api);
    const merged = await api.call('PUT', `.../pulls/${number}/merge`, {
      body: { sha, merge_method: 'merge' },
    });
    expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    const commit = textAt(merged, 'sha');
    expect(await api.call('GET', `.../pulls/${number}`)).toMatchObject({
      body: { state: 'closed', merged: true, merged_at: expect.any(String), merge_commit_sha: commit },
    });
    expect(await api.call('GET', `.../git/ref/heads/${base}`)).toMatchObject({
      body: { object: { sha: commit } },
    });
    const content = await api.call('GET', `.../contents/${file}`, { query: { ref: base } });
    expect(content.status).toBe(200);
  }),
  row('a merge keeps what came to the base in the meantime', async (api) => {
    const first = await openPull(api);
    const second = await openPull(api);
    for (const { number, sha } of [first, second]) {
      const merged = await api.call('PUT', `.../pulls/${number}/merge`, { body: { sha } });
      expect(merged).toMatchObject({ status: 200, body: { merged: true } });
    }
    for (const { file, base } of [first, second]) {
      const content = await api.call('GET', `.../contents/${file}`, { query: { ref: base } });
      expect(content).toMatchObject({ status: 200, body: { path: file } });
    }
  }),
  row('a merge of another head than the one reviewed is refused: 409', async (api) => {
    const { number } = await openPull(api);
    const merged = await api.call('PUT', `.../pulls/${number}/merge`, { body: { sha: stale } });
    expect(merged).toMatchObject({ status: 409 });
    expect(await api.call('GET', `.../pulls/${number}`)).toMatchObject({
      body: { state: 'open', merged: false },
    });
  }),
  row('a pull request that is closed is not merged: 405', async (api) => {
    const { number, sha } = await openPull(api);
    await api.call('PATCH', `.../pulls/${number}`, { body: { state: 'closed' } });
    const merged = await api.call('PUT', `.../pulls/${number}/merge`, { body: { sha } });
    expect(merged).toMatchObject({ status: 405 });
  }),
];
