import { expect } from 'vitest';
import { textAt } from './api.js';
import { type Row, row } from './row.js';
import { appOf, asInstallation, openPull } from './steps.js';

/** Signing in, as an App and at all. */
export const appRows: readonly Row[] = [
  row('an App finds its installation on the repository', async (api) => {
    const { jwt, installation } = appOf(api);
    expect(await api.withToken(jwt).call('GET', '/app')).toMatchObject({ status: 200 });
    const found = await api.withToken(jwt).call('GET', '.../installation');
    expect(found).toMatchObject({ status: 200, body: { id: installation } });
  }),
  row(
    'an installation token lasts an hour, has what was asked for, and reads the repository',
    async (api) => {
      const { jwt, installation } = appOf(api);
      const path = `/app/installations/${installation}/access_tokens`;
      const body = { repositories: [api.target.repo], permissions: { contents: 'read' } };
      const issued = await api.withToken(jwt).call('POST', path, { body });
      expect(issued).toMatchObject({
        status: 201,
        body: { permissions: { contents: 'read' }, repository_selection: 'selected' },
      });
      const minutes = (Date.parse(textAt(issued, 'expires_at')) - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(55);
      expect(minutes).toBeLessThan(65);
      const read = await api.withToken(textAt(issued, 'token')).call('GET', '...');
      expect(read).toMatchObject({ status: 200, body: { name: api.target.repo } });
    },
  ),
  row('a token without permission to write does not write', async (api) => {
    const { jwt, installation } = appOf(api);
    const path = `/app/installations/${installation}/access_tokens`;
    const issued = await api
      .withToken(jwt)
      .call('POST', path, { body: { permissions: { contents: 'read' } } });
    const reader = api.withToken(textAt(issued, 'token'));
    const written = await reader.call('POST', '.../git/blobs', { body: { content: 'a' } });
    expect(written).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
  }),
  row('an App gets no token for an installation that is not its own', async (api) => {
    const { jwt } = appOf(api);
    const issued = await api.withToken(jwt).call('POST', '/app/installations/99999999/access_tokens');
    expect(issued).toMatchObject({ status: 404 });
  }),
  row('an App approves a pull request of a user', async (api) => {
    const { number, sha } = await openPull(api);
    const app = await asInstallation(api);
    const body = { event: 'APPROVE', commit_id: sha };
    const approved = await app.call('POST', `.../pulls/${number}/reviews`, { body });
    expect(approved).toMatchObject({ status: 200, body: { state: 'APPROVED', user: { type: 'Bot' } } });
  }),
  row('a token that nobody gave out is 401', async (api) => {
    const read = await api.withToken('ghp_nobody').call('GET', '/user');
    expect(read).toMatchObject({ status: 401, body: { message: 'Bad credentials' } });
  }),
];
