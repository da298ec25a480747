import { expect } from 'vitest';
import { numberAt } from './api.js';
import { type Row, row } from './row.js';
import { asInstallation, createBranch } from './steps.js';

/** What is reported about commits: statuses, check runs, deployments. */
export const checkRows: readonly Row[] = [
  row('a check run is created by an App, updated, and found at its commit', async (api) => {
    const { sha } = await createBranch(api);
    const app = await asInstallation(api);
    const begun = { name: 'commander/plan', head_sha: sha, status: 'in_progress' };
    const created = await app.call('POST', '.../check-runs', { body: begun });
    expect(created).toMatchObject({ status: 201, body: { ...begun, conclusion: null } });
    const id = numberAt(created, 'id');
    const output = { title: 'Planned', summary: 'One change.' };
    const done = { status: 'completed', conclusion: 'success', output };
    const updated = await app.call('PATCH', `.../check-runs/${id}`, { body: done });
    expect(updated).toMatchObject({ status: 200, body: { id, ...done, completed_at: expect.any(String) } });
    const query = { check_name: begun.name };
    expect(await api.call('GET', `.../commits/${sha}/check-runs`, { query })).toMatchObject({
      status: 200,
      body: { total_count: 1, check_runs: [{ id, status: 'completed', conclusion: 'success' }] },
    });
  }),
  row('the statuses of a commit are combined, the latest of a context counts', async (api) => {
    const { sha } = await createBranch(api);
    const context = 'commander/apply';
    for (const state of ['pending', 'success']) {
      const created = await api.call('POST', `.../statuses/${sha}`, { body: { state, context } });
      expect(created).toMatchObject({ status: 201, body: { state, context } });
    }
    expect(await api.call('GET', `.../commits/${sha}/status`)).toMatchObject({
      status: 200,
      body: { sha, state: 'success', total_count: 1, statuses: [{ state: 'success', context }] },
    });
    expect(await api.call('GET', `.../commits/${sha}/statuses`)).toMatchObject({
      status: 200,
      body: [{ state: 'success' }, { state: 'pending' }],
    });
  }),
  row('a deployment takes statuses, the latest first', async (api) => {
    const { name, sha } = await createBranch(api);
    const body = { ref: name, environment: 'production', auto_merge: false, required_contexts: [] };
    const created = await api.call('POST', '.../deployments', { body });
    expect(created).toMatchObject({ status: 201, body: { sha, ref: name, environment: 'production' } });
    const path = `.../deployments/${numberAt(created, 'id')}/statuses`;
    for (const state of ['in_progress', 'success']) {
      expect(await api.call('POST', path, { body: { state } })).toMatchObject({
        status: 201,
        body: { state },
      });
    }
    const listed = await api.call('GET', path);
    expect(listed).toMatchObject({ status: 200, body: [{ state: 'success' }, { state: 'in_progress' }] });
  }),
];
