import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { canSee, may } from './access.js';
import { readAll } from './answering.js';
import { type Caller, identify } from './caller.js';
import { faultReply } from './fault-replies.js';
import { gitEnvironment, gitText } from './git.js';
import type { Api } from './http.js';
import { bypasses } from './protection.js';
import type { RefChange } from './push-event.js';
import { refsChanged } from './ref-changes.js';
import { listRefs, noCommit } from './refs.js';
import { Refusal } from './reply.js';
import type { Account, Repository } from './state.js';
import { findRepository } from './world.js';

const places = /^\/([^/]+\/[^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** True for the paths that git clones, fetches and pushes with. */
export function isGitPath(path: string): boolean {
  return places.test(path);
}

/** Answers git: clone, fetch and push over HTTP. */
export async function serveGit(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const [, name = '', service = ''] = places.exec(url.pathname) ?? [];
  const fault = api.faults.take(request.method ?? 'GET', url.pathname);
  const body = await readAll(request);
  if (fault?.action === 'reset') return void request.socket.destroy();
  if (fault?.action === 'hang') return;
  if (fault?.action === 'slow') await pause(fault.milliseconds);
  const early = fault === undefined ? undefined : faultReply(fault);
  if (early !== undefined) return plain(response, early.status, 'fault\n', early.headers);
  const former = api.world.repositories.get(api.world.formerNames.get(name.toLowerCase()) ?? 0);
  const repository = findRepository(api.world, name) ?? former;
  const pushing = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  const caller = callerOf(api, request);
  const refusal =
    caller === undefined ? { status: 401, text: 'Bad credentials' } : refusalOf(caller, repository, pushing);
  if (refusal !== undefined) return plain(response, refusal.status, `${refusal.text}\n`);
  if (repository === undefined || caller === undefined)
    return plain(response, 404, 'Repository not found.\n');
  const backend = () =>
    runBackend(repository, request, service, url.search, body, protectedRefs(caller, repository));
  if (service !== 'git-receive-pack') return relay(response, await backend());
  const output = await api.lock(() => receivePack(api, repository, caller, backend));
  if (fault?.action === 'done-then-reset') return void request.socket.destroy();
  relay(response, output);
}

function callerOf(api: Api, request: IncomingMessage): Caller | undefined {
  try {
    return identify(api.world, request.headers.authorization);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function refusalOf(caller: Caller, repository: Repository | undefined, pushing: boolean) {
  const unknown = { status: caller.kind === 'anonymous' ? 401 : 404, text: 'Repository not found.' };
  if (repository === undefined || !canSee(caller, repository)) return unknown;
  if (!pushing) return undefined;
  if (caller.kind === 'anonymous') return { status: 401, text: 'Authentication required' };
  if (!may(caller, repository, { role: 'write', permissions: ['contents=write'] })) {
    return { status: 403, text: 'Write access to repository not granted.' };
  }
  if (repository.archived) return { status: 403, text: 'This repository was archived so it is read-only.' };
  return undefined;
}

function protectedRefs(caller: Caller, repository: Repository): string[] {
  const branches = [...repository.protections.keys()].filter(
    (branch) => !bypasses(caller, repository, branch),
  );
  return branches.map((branch) => `refs/heads/${branch}`);
}

/** Runs the push, then does what GitHub does after one before the client hears of it. */
async function receivePack(
  api: Api,
  repository: Repository,
  caller: Caller,
  backend: () => Promise<Buffer>,
): Promise<Buffer> {
  const before = await refMap(repository);
  const output = await backend();
  const changes = difference(before, await refMap(repository));
  const account = accountOf(caller);
  if (account !== undefined && changes.length > 0) await refsChanged(api, repository, changes, account);
  return output;
}

function accountOf(caller: Caller): Account | undefined {
  return caller.kind === 'user' || caller.kind === 'installation' ? caller.account : undefined;
}

async function refMap(repository: Repository): Promise<Map<string, string>> {
  return new Map((await listRefs(repository.gitDir, 'refs/')).map((ref) => [ref.name, ref.sha]));
}

function difference(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): RefChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((ref) => {
    const change = { ref, before: before.get(ref) ?? noCommit, after: after.get(ref) ?? noCommit };
    return change.before === change.after ? [] : [change];
  });
}

/** The CGI output of git's own HTTP backend. */
async function runBackend(
  repository: Repository,
  request: IncomingMessage,
  service: string,
  search: string,
  body: Buffer,
  refs: readonly string[],
): Promise<Buffer> {
  const path = await gitText(repository.gitDir, ['--exec-path']);
  const env = {
    ...gitEnvironment(repository.gitDir),
    GIT_HTTP_EXPORT_ALL: '1',
    GIT_PROJECT_ROOT: repository.gitDir,
    PATH_INFO: `/${service}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: search.replace(/^\?/, ''),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    REMOTE_USER: 'git',
    PROTECTED_REFS: refs.join(' '),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(`${path}/git-http-backend`, [], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.on('error', reject);
    child.on('close', () => resolve(Buffer.concat(parts)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(body);
  });
}

function relay(response: ServerResponse, output: Buffer): void {
  const end = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const at = line.indexOf(':');
    headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  const { status = '200', ...rest } = headers;
  response.writeHead(Number.parseInt(status, 10), rest);
  response.end(output.subarray(end + 4));
}

function plain(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
  response.writeHead(status, { 'content-type': 'text/plain', ...challenge, ...headers });
  response.end(text);
}
