import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { branchWith, type Client, client, commitOn, heldGitHub } from './support.js';

let end: () => Promise<void>;
let ada: Client;
const repo = '/repos/acme/gitops';

beforeAll(async () => {
  const held = await heldGitHub();
  ({ end } = held);
  const { github } = held;
  ada = client(github, github.addUser('ada').token);
  await github.createRepository('acme/gitops', { files: { 'a.txt': 'a\n' } });
  github.setPermission('acme/gitops', 'ada', 'write');
});
afterAll(() => end());

describe('the activity of a repository comes in pages', () => {
  const link = (headers: Headers, relation: string) =>
    new RegExp(`<([^>]+)>; rel="${relation}"`).exec(headers.get('link') ?? '')?.[1];
  const ids = (body: readonly { readonly id: number }[]) => body.map((each) => each.id);

  it('that the Link header leads through, forth and back', async () => {
    const first = await branchWith(ada, 'acme/gitops', 'long', { 'l.txt': '0\n' });
    const second = await commitOn(ada, 'acme/gitops', first, { 'l.txt': '1\n' });
    for (const sha of [second, first, second, first]) {
      await ada(`PATCH ${repo}/git/refs/heads/long`, { sha, force: true });
    }
    const all = ids((await ada(`GET ${repo}/activity?ref=long`)).body);
    expect(all).toHaveLength(5);
    const one = await ada(`GET ${repo}/activity?ref=long&per_page=2`);
    const two = await ada(`GET ${link(one.headers, 'next')}`);
    // What happens in the meantime moves nothing to another page.
    await ada(`DELETE ${repo}/git/refs/heads/long`);
    const three = await ada(`GET ${link(two.headers, 'next')}`);
    expect([one, two, three].map((answer) => ids(answer.body))).toEqual([
      all.slice(0, 2),
      all.slice(2, 4),
      all.slice(4),
    ]);
    expect(link(one.headers, 'prev')).toBeUndefined();
    expect(link(three.headers, 'next')).toBeUndefined();
    const back = await ada(`GET ${link(three.headers, 'prev')}`);
    expect(ids(back.body)).toEqual(all.slice(2, 4));
    const oldestFirst = await ada(`GET ${repo}/activity?ref=long&direction=asc&per_page=5`);
    expect(ids(oldestFirst.body)).toEqual([...all].reverse());
  });

  it('but not from a cursor that nobody gave out', async () => {
    expect((await ada(`GET ${repo}/activity?after=here`)).status).toBe(422);
  });
});
