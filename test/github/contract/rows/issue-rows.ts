import { expect } from 'vitest';
import { numberAt } from './api.js';
import { type Row, row } from './row.js';
import { freshName, openPull } from './steps.js';

/** What pull requests share with issues: comments, labels, reactions. */
export const issueRows: readonly Row[] = [
  row('a comment on a pull request is created, listed and changed', async (api) => {
    const { number } = await openPull(api);
    const path = `.../issues/${number}/comments`;
    const created = await api.call('POST', path, { body: { body: 'Plan' } });
    expect(created).toMatchObject({
      status: 201,
      body: { body: 'Plan', user: { login: expect.any(String) } },
    });
    const id = numberAt(created, 'id');
    const changed = await api.call('PATCH', `.../issues/comments/${id}`, { body: { body: 'Plan 2' } });
    expect(changed).toMatchObject({ status: 200, body: { id, body: 'Plan 2' } });
    expect(await api.call('GET', path)).toMatchObject({ status: 200, body: [{ id, body: 'Plan 2' }] });
  }),
  row('a deleted comment is gone', async (api) => {
    const { number } = await openPull(api);
    const path = `.../issues/${number}/comments`;
    const id = numberAt(await api.call('POST', path, { body: { body: 'Plan' } }), 'id');
    expect(await api.call('DELETE', `.../issues/comments/${id}`)).toMatchObject({ status: 204 });
    expect(await api.call('GET', `.../issues/comments/${id}`)).toMatchObject({ status: 404 });
    expect(await api.call('GET', path)).toEqual({ status: 200, body: [] });
  }),
  row('a comment on what is not there is 404', async (api) => {
    const commented = await api.call('POST', '.../issues/99999999/comments', { body: { body: 'Plan' } });
    expect(commented).toMatchObject({ status: 404 });
  }),
  row('labels are added, also new ones, and taken off', async (api) => {
    const { number } = await openPull(api);
    const path = `.../issues/${number}/labels`;
    const [one, two] = [freshName(), freshName()];
    const added = await api.call('POST', path, { body: { labels: [one, two] } });
    const both = expect.arrayContaining([
      expect.objectContaining({ name: one }),
      expect.objectContaining({ name: two }),
    ]);
    expect(added).toMatchObject({ status: 200, body: both });
    expect(await api.call('GET', path)).toMatchObject({ status: 200, body: both });
    expect(await api.call('GET', `.../pulls/${number}`)).toMatchObject({ body: { labels: both } });
    const removed = await api.call('DELETE', `${path}/${one}`);
    expect(removed).toMatchObject({ status: 200, body: [{ name: two }] });
    expect(await api.call('DELETE', `${path}/${one}`)).toMatchObject({ status: 404 });
  }),
  row('a reaction is created once', async (api) => {
    const { number } = await openPull(api);
    const comment = await api.call('POST', `.../issues/${number}/comments`, { body: { body: '/approve' } });
    const path = `.../issues/comments/${numberAt(comment, 'id')}/reactions`;
    const expected = { content: 'eyes' };
    expect(await api.call('POST', path, { body: expected })).toMatchObject({ status: 201, body: expected });
    expect(await api.call('POST', path, { body: expected })).toMatchObject({ status: 200, body: expected });
    expect(await api.call('GET', path)).toMatchObject({ status: 200, body: [expected] });
  }),
  row('an issue is created, found by its label, and closed', async (api) => {
    const label = freshName();
    const body = { title: 'Incident', body: 'Rolled back.', labels: [label] };
    const created = await api.call('POST', '.../issues', { body });
    expect(created).toMatchObject({ status: 201, body: { title: 'Incident', state: 'open' } });
    const number = numberAt(created, 'number');
    const listed = await api.call('GET', '.../issues', { query: { labels: label } });
    expect(listed).toMatchObject({ status: 200, body: [{ number, labels: [{ name: label }] }] });
    const closed = await api.call('PATCH', `.../issues/${number}`, { body: { state: 'closed' } });
    expect(closed).toMatchObject({ status: 200, body: { number, state: 'closed' } });
  }),
];
