import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Api, numberAt, textAt } from './api.js';

/** A branch of its own with one commit on top of the default branch. */
export interface Branch {
  readonly name: string;
  readonly sha: string;
  readonly base: string;
  readonly baseSha: string;
  /** The one file that its commit added. */
  readonly file: string;
}

/** A pull request for a branch of its own. */
export interface Pull extends Branch {
  readonly number: number;
}

/** A name that no other row uses. */
export function freshName(): string {
  return `row-${randomUUID()}`;
}

/** The default branch and the commit that it is at. */
export async function defaultBranch(api: Api): Promise<{ readonly name: string; readonly sha: string }> {
  const name = textAt(await api.call('GET', '...'), 'default_branch');
  return { name, sha: textAt(await api.call('GET', `.../git/ref/heads/${name}`), 'object', 'sha') };
}

/** A commit that adds one file on top of another commit. */
export async function commitFile(api: Api, parent: string, path: string, content: string): Promise<string> {
  const base_tree = textAt(await api.call('GET', `.../git/commits/${parent}`), 'tree', 'sha');
  const blob = await api.call('POST', '.../git/blobs', { body: { content, encoding: 'utf-8' } });
  expect(blob.status).toBe(201);
  const entry = { path, mode: '100644', type: 'blob', sha: textAt(blob, 'sha') };
  const tree = await api.call('POST', '.../git/trees', { body: { base_tree, tree: [entry] } });
  expect(tree.status).toBe(201);
  const body = { message: `Add ${path}`, tree: textAt(tree, 'sha'), parents: [parent] };
  const commit = await api.call('POST', '.../git/commits', { body });
  expect(commit.status).toBe(201);
  return textAt(commit, 'sha');
}

export async function createBranch(api: Api): Promise<Branch> {
  const base = await defaultBranch(api);
  const name = freshName();
  const file = `${name}/values.yaml`;
  const sha = await commitFile(api, base.sha, file, `name: ${name}\n`);
  const created = await api.call('POST', '.../git/refs', { body: { ref: `refs/heads/${name}`, sha } });
  expect(created).toMatchObject({ status: 201, body: { ref: `refs/heads/${name}`, object: { sha } } });
  return { name, sha, base: base.name, baseSha: base.sha, file };
}

export async function openPull(api: Api): Promise<Pull> {
  const branch = await createBranch(api);
  const body = { title: `Change ${branch.name}`, head: branch.name, base: branch.base, body: 'As planned.' };
  const opened = await api.call('POST', '.../pulls', { body });
  expect(opened.status).toBe(201);
  return { ...branch, number: numberAt(opened, 'number') };
}

/** The API as the installation of the App, with the permissions that it was given. */
export async function asInstallation(api: Api): Promise<Api> {
  const { jwt, installation } = appOf(api);
  const path = `/app/installations/${installation}/access_tokens`;
  const issued = await api.withToken(jwt).call('POST', path, { body: {} });
  expect(issued.status).toBe(201);
  return api.withToken(textAt(issued, 'token'));
}

/** The App of the target; a target without one cannot run the rows about Apps and check runs. */
export function appOf({ target }: Api): NonNullable<typeof target.app> {
  if (target.app === undefined)
    throw new Error('This row needs an App; give the target its jwt and installation.');
  return target.app;
}
