import { execFile } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Contract, createContract } from '../contract/contract.js';
import { type HeldToContract, heldToContract } from './held-to-contract.js';
import type { Observer } from './observer.js';
import { type GitHub, startGitHub } from './server.js';

/** An answer, with its body taken for whatever the test expects there. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReturnType<typeof JSON.parse>;
}

/** A client of the REST API with one token. */
export type Client = (call: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export function client(github: Pick<GitHub, 'url'>, token: string | undefined): Client {
  return async (call, body, headers = {}) => {
    const [method = 'GET', path = ''] = call.split(' ');
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const url = path.startsWith('http') ? path : github.url + path;
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson =
      answer.headers.get('content-type')?.includes('json') === true && !headers.accept?.includes('raw');
    return {
      status: answer.status,
      headers: answer.headers,
      body: isJson && text !== '' ? JSON.parse(text) : text,
    };
  };
}

export interface TemporaryGitHub {
  readonly github: GitHub;
  readonly folder: string;
  /** Ends the server and removes its folder. */
  end(): Promise<void>;
}

/** A server in a folder of its own. */
export async function temporaryGitHub(observer?: Observer): Promise<TemporaryGitHub> {
  const folder = await mkdtemp(join(tmpdir(), 'github-stand-in-'));
  const options = { folder: join(folder, 'repositories') };
  const github = await startGitHub(observer === undefined ? options : { ...options, observer });
  const end = async () => {
    await github.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  return { github, folder, end };
}

/** The same, held to GitHub's description: `end` fails when it said or sent what GitHub would not. */
export async function heldGitHub(
  contract: Contract = createContract(),
): Promise<TemporaryGitHub & { readonly held: HeldToContract }> {
  const held = heldToContract(contract);
  const { github, folder, end } = await temporaryGitHub(held);
  const endAndTell = async () => {
    await end();
    expect(held.breaches.filter((breach) => breach.of !== 'request')).toEqual([]);
  };
  return { github, folder, held, end: endAndTell };
}

/** A user's git in a working copy. */
export async function workingGit(folder: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const { stdout } = await promisify(execFile)('git', [...identity, ...args], { cwd: folder, env });
  return stdout.trim();
}

/** A branch with one commit that writes the files, made through the REST API. */
export async function branchWith(
  api: Client,
  repository: string,
  branch: string,
  files: Record<string, string>,
  from = 'main',
): Promise<string> {
  const base = (await api(`GET /repos/${repository}/git/ref/heads/${from}`)).body.object.sha;
  const sha = await commitOn(api, repository, base, files);
  const answer = await api(`POST /repos/${repository}/git/refs`, { ref: `refs/heads/${branch}`, sha });
  if (answer.status !== 201)
    throw new Error(`The branch ${branch} was not made: ${JSON.stringify(answer.body)}`);
  return sha;
}

/** A commit on a parent that writes the files. */
export async function commitOn(
  api: Client,
  repository: string,
  parent: string,
  files: Record<string, string>,
) {
  const entries = Object.entries(files).map(([path, content]) => ({
    path,
    mode: '100644',
    type: 'blob',
    content,
  }));
  const tree = await api(`POST /repos/${repository}/git/trees`, { base_tree: parent, tree: entries });
  const message = `Change ${Object.keys(files).join(', ')}`;
  const body = { message, tree: tree.body.sha, parents: [parent] };
  return (await api(`POST /repos/${repository}/git/commits`, body)).body.sha as string;
}

/** A new private key for an App, as PEM. */
export function appKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** What an App signs in with. */
export function signedJwt(appId: number, privateKey: string, seconds = 300): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const present = Math.floor(Date.now() / 1000);
  const claims = { iat: present - 30, exp: present + seconds, iss: appId };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
}
