import { createAppAuth } from '@octokit/auth-app';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Contract, createContract } from './contract.js';
import { type RowTarget, rows } from './rows.js';

/** By title of the row: what emulate 0.12.2 does where GitHub does what the row says. */
const notRightInEmulate: Readonly<Record<string, string>> = {
  'a ref that is not there is not updated: 422': 'answers 404',
  'a ref that is not there is not deleted: 422': 'answers 404',
  'a second pull request for the same head and base is refused': 'opens a second one',
  'a pull request for a branch that is not there is refused': 'creates the branch and opens it',
  'a pull request without commits is refused': 'opens it',
  'a pull request follows its branch': 'the head stays at the commit it was opened with',
  'the files and commits of a pull request are listed': 'the list of files is empty',
  'a review that comments is created and listed at the head': 'answers 201 instead of 200',
  'authors do not approve their own pull request': 'takes the approval',
  'an App approves a pull request of a user': 'answers 201 instead of 200',
  'a merge keeps what came to the base in the meantime': 'the base gets the tree of the head',
  'a merge of another head than the one reviewed is refused: 409': 'answers 422',
  'a pull request that is closed is not merged: 405': 'answers 422',
  'a reaction is created once': 'has no reactions',
  'the statuses of a commit are combined, the latest of a context counts': 'has no commit statuses',
  'a deployment takes statuses, the latest first': 'has no deployments',
  'a token without permission to write does not write': 'refuses it with another message',
  'a token that nobody gave out is 401': 'takes any token for a user',
};

/** Operations that emulate answers without some fields of GitHub's schema; the rows still assert those that a client relies on. */
const incompleteInEmulate: Readonly<Record<string, string>> = {
  'GET /repos/{owner}/{repo}': 'no network_count and subscribers_count',
  'GET /repos/{owner}/{repo}/branches/{branch}': 'only name, commit.sha and protected',
  'GET /repos/{owner}/{repo}/installation': 'the account is cut short, no target_id',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': 'no output.annotations_url',
  'POST /repos/{owner}/{repo}/check-runs': 'no output.annotations_url',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': 'no output.annotations_url',
  'POST /app/installations/{installation_id}/access_tokens': 'the repositories have five fields',
  'GET /app': 'the owner is null',
};

describe('emulate answers as GitHub does', () => {
  const app = { id: 7, installation: 70 };
  const contract = withoutIncomplete(createContract());
  let emulator: Emulator;
  let target: RowTarget;

  beforeAll(async () => {
    emulator = await createEmulator({ service: 'github', port: 0, seed: { github: seed(app) } });
    const privateKey = emulator.generatedSecrets[0]?.value ?? '';
    const { token: jwt } = await createAppAuth({ appId: app.id, privateKey })({ type: 'app' });
    const { url } = emulator;
    const signedIn = { token: 'test_token_admin', app: { jwt, installation: app.installation } };
    target = { url, owner: 'admin', repo: 'gitops', ...signedIn };
  });
  afterAll(() => emulator.close());

  for (const { title, run } of rows.filter((row) => !(row.title in notRightInEmulate))) {
    it(title, () => run(target, contract));
  }

  it('except in rows that there are', () => {
    const titles = rows.map((row) => row.title);
    expect(titles).toEqual(expect.arrayContaining(Object.keys(notRightInEmulate)));
    expect(new Set(titles).size).toBe(titles.length);
  });
});

function withoutIncomplete(contract: Contract): Contract {
  const known = Object.keys(incompleteInEmulate).map((operation) => `${operation}: `);
  return {
    ...contract,
    response: (response) =>
      contract
        .response(response)
        .filter((problem) => !known.some((operation) => problem.startsWith(operation))),
  };
}

function seed(app: { readonly id: number; readonly installation: number }): object {
  const permissions = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write' };
  const installations = [{ installation_id: app.installation, account: 'admin' }];
  return {
    repos: [{ owner: 'admin', name: 'gitops' }],
    apps: [{ app_id: app.id, slug: 'commander', name: 'Commander', permissions, installations }],
  };
}
