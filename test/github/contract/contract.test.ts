import { describe, expect, it } from 'vitest';
import { type ContractRequest, type ContractResponse, createContract } from './contract.js';

const contract = createContract();
const repository = '/repos/acme/gitops';
const sha = 'aa218f56b14c9653891f9e74264a383fa43fefbd';

function sent(method: string, path: string, body?: unknown, query = ''): readonly string[] {
  const request: ContractRequest = { method, path, query: new URLSearchParams(query), body };
  return contract.request(request);
}

function answered(method: string, path: string, status: number, body?: unknown): readonly string[] {
  const response: ContractResponse = { method, path, status, body };
  return contract.response(response);
}

describe('a request', () => {
  it.each([
    ['POST', `${repository}/git/refs`, { ref: 'refs/heads/change', sha }, ''],
    ['PATCH', `${repository}/git/refs/heads/change`, { sha, force: false }, ''],
    ['GET', `${repository}/git/ref/heads%2Fchange%2F1`, undefined, ''],
    ['GET', `${repository}/contents/services/web/values.yaml`, undefined, 'ref=main'],
    ['GET', `${repository}/contents/`, undefined, ''],
    ['GET', `${repository}/compare/main...change/1`, undefined, 'per_page=100&page=2'],
    ['GET', `${repository}/pulls`, undefined, 'state=open&head=acme:change'],
    ['POST', `${repository}/issues/7/labels`, { labels: ['change'] }, ''],
    ['DELETE', `${repository}/issues/7/labels/needs%20review`, undefined, ''],
    ['POST', '/app/installations/5/access_tokens', { permissions: { contents: 'write' } }, ''],
    ['PUT', `${repository}/pulls/7/merge`, undefined, ''],
    ['POST', `${repository}/deployments`, { ref: 'main', payload: { any: 'key' } }, ''],
  ])('as GitHub describes it has no problems: %s %s', (method, path, body, query) => {
    expect(sent(method, path, body, query)).toEqual([]);
  });

  it.each([
    [
      'an unknown body key',
      sent('POST', `${repository}/git/refs`, { ref: 'refs/heads/a', sha, forced: true }),
      'body/forced is not known',
    ],
    [
      'an unknown key inside the body',
      sent('POST', `${repository}/git/trees`, { tree: [{ path: 'a', mod: '100644' }] }),
      'body/tree/0/mod is not known',
    ],
    [
      'an unknown key in a shared part',
      sent('POST', '/app/installations/5/access_tokens', { permissions: { content: 'write' } }),
      'body/permissions/content is not known',
    ],
    [
      'an unknown query parameter',
      sent('GET', `${repository}/pulls`, undefined, 'branch=change'),
      'query/branch is not known',
    ],
    [
      'a repeated query parameter',
      sent('GET', `${repository}/pulls`, undefined, 'page=1&page=2'),
      'query/page is there more than once',
    ],
    ['a missing body key', sent('POST', `${repository}/git/refs`, { sha }), 'body/ref is missing'],
    ['a missing body', sent('POST', `${repository}/git/refs`), 'body is missing'],
    ['a body where none belongs', sent('GET', `${repository}/pulls`, {}), 'body is not known'],
    [
      'a wrong type in the body',
      sent('PATCH', `${repository}/git/refs/heads/a`, { sha, force: 'yes' }),
      'body/force must be boolean',
    ],
    [
      'a wrong type in the query',
      sent('GET', `${repository}/pulls`, undefined, 'per_page=many'),
      'query/per_page must be integer',
    ],
    [
      'a wrong word in the query',
      sent('GET', `${repository}/pulls`, undefined, 'state=merged'),
      'query/state must be one of open, closed, all',
    ],
    [
      'a wrong type in the path',
      sent('GET', `${repository}/pulls/seven`),
      'path/pull_number must be integer',
    ],
    [
      'a time that is none',
      sent('POST', `${repository}/check-runs`, { name: 'plan', head_sha: sha, started_at: 'noon' }),
      'body/started_at must match format',
    ],
    ['an unknown operation', sent('GET', `${repository}/branch`), `GET ${repository}/branch is no operation`],
    ['an unknown method', sent('PUT', `${repository}/pulls`), `PUT ${repository}/pulls is no operation`],
  ])('with %s has a problem that says where', (_, problems, expected) => {
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });

  it('is matched to the most specific operation', () => {
    expect(sent('GET', `${repository}/commits/change/1/status`, undefined, 'filter=all')).toEqual([
      expect.stringMatching(/^GET \/repos\/\{owner\}\/\{repo\}\/commits\/\{ref\}\/status: query\/filter/),
    ]);
    expect(sent('GET', `${repository}/issues/comments`, undefined, 'filter=all')).toEqual([
      expect.stringMatching(/^GET \/repos\/\{owner\}\/\{repo\}\/issues\/comments: query\/filter/),
    ]);
  });
});

describe('an answer', () => {
  const ref = { ref: 'refs/heads/a', node_id: 'R1', url: 'u', object: { type: 'commit', sha, url: 'u' } };
  const path = `${repository}/git/ref/heads/a`;

  it('as GitHub describes it has no problems', () => {
    expect(answered('GET', path, 200, ref)).toEqual([]);
    expect(answered('GET', path, 200, { ...ref, added_since: 1 })).toEqual([]);
    expect(answered('DELETE', `${repository}/git/refs/heads/a`, 204)).toEqual([]);
  });

  it.each([
    [301, { message: 'Moved Permanently', url: 'u' }],
    [403, { message: 'API rate limit exceeded' }],
    [404, { message: 'Not Found', documentation_url: 'u', status: '404' }],
    [429, { message: 'You have exceeded a secondary rate limit' }],
    [502, { message: 'Server Error' }],
    [304, null],
  ])('of status %i is possible everywhere', (status, body) => {
    expect(answered('GET', `${repository}/git/commits/${sha}`, status, body)).toEqual([]);
  });

  it.each([
    [
      'a missing field',
      answered('GET', path, 200, { ...ref, object: { sha, url: 'u' } }),
      '200 body/object/type is missing',
    ],
    ['a wrong type', answered('GET', path, 200, { ...ref, ref: 1 }), '200 body/ref must be string'],
    [
      'a status that the operation does not have',
      answered('GET', path, 201, ref),
      'status 201 is none of 200',
    ],
    ['an error without a message', answered('GET', path, 404, {}), '404 body/message is missing'],
    [
      'a body where none belongs',
      answered('DELETE', `${repository}/git/refs/heads/a`, 204, {}),
      '204 has no body',
    ],
    [
      'status 304 to a change',
      answered('POST', `${repository}/git/refs`, 304, null),
      'status 304 is none of 201',
    ],
    ['an unknown operation', answered('GET', '/repos/acme', 200, {}), 'GET /repos/acme is no operation'],
  ])('with %s has a problem that says where', (_, problems, expected) => {
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a webhook', () => {
  const group = { head_sha: sha, head_ref: 'h', base_sha: sha, base_ref: 'b' };

  it('as GitHub describes it has no problems', () => {
    const commit = { id: sha, tree_id: sha, message: 'm', timestamp: '2026-01-01T00:00:00Z' };
    const author = { name: 'a', email: 'a@b' };
    const merge_group = { ...group, head_commit: { ...commit, author, committer: author } };
    expect(contract.webhook('merge_group', { action: 'checks_requested', merge_group })).toEqual([]);
    expect(contract.webhook('ping', { zen: 'z', hook_id: 1 })).toEqual([]);
  });

  it.each([
    [
      'a missing field',
      contract.webhook('merge_group', { action: 'checks_requested', merge_group: group }),
      'merge-group-checks-requested/merge_group/head_commit is missing',
    ],
    ['a wrong type', contract.webhook('ping', { hook_id: 'one' }), 'ping/hook_id must be integer'],
    [
      'an unknown action',
      contract.webhook('pull_request', { action: 'merged' }),
      'pull-request-merged is no webhook',
    ],
    ['an unknown event', contract.webhook('deploy', {}), 'deploy is no webhook'],
  ])('with %s has a problem that says where', (_, problems, expected) => {
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });
});
