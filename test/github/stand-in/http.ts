import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Caller, identify } from './caller.js';
import { type Dispatcher, dispatch, presentPath } from './dispatch.js';
import { faultReply } from './fault-replies.js';
import type { Observer } from './observer.js';
import { rateHeaders, requireRemaining } from './rate-limit.js';
import { Refusal, type Reply, refuse } from './reply.js';

/** A request that was answered, as kept for tests. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly status: number;
  /** True when it counted against the rate limit; a 304 does not. */
  readonly counted: boolean;
  readonly login: string | undefined;
}

export interface Api extends Dispatcher {
  readonly requests: LoggedRequest[];
  readonly observer: Observer | undefined;
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly accept: string;
  readonly ifNoneMatch: string | undefined;
}

/** Answers one request of the REST API; `path` is what follows the API root. */
export async function serveApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname;
  const method = request.method ?? 'GET';
  const fault = api.faults.take(method, path);
  const raw = await readAll(request);
  if (fault?.action === 'reset') return reset(request);
  if (fault?.action === 'hang') return;
  if (fault?.action === 'slow') await pause(fault.milliseconds);
  const early = fault === undefined ? undefined : faultReply(fault);
  if (early !== undefined)
    return write(response, early, rateHeaders(api.limits.windowOf({ kind: 'anonymous' })));
  let caller: Caller = { kind: 'anonymous' };
  let received: Received | undefined;
  let reply: Reply;
  try {
    caller = identify(api.world, request.headers.authorization);
    received = receive(request, url, raw);
    if (path !== '/rate_limit') requireRemaining(api.limits.windowOf(caller));
    reply = await dispatch(api, { ...received, caller });
  } catch (error) {
    reply = refusalOr500(error);
  }
  const answered = conditional(reply, method, request.headers['if-none-match']);
  finish(api, { method, path, query: url.searchParams, body: received?.body }, caller, answered);
  if (fault?.action === 'done-then-reset') return reset(request);
  write(response, answered, rateHeaders(api.limits.windowOf(caller)));
}

function reset(request: IncomingMessage): void {
  request.socket.destroy();
}

function receive(request: IncomingMessage, url: URL, raw: Buffer): Received {
  if (request.headers['user-agent'] === undefined) {
    throw refuse(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  }
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    body: parseBody(raw),
    accept: request.headers.accept ?? '',
    ifNoneMatch: request.headers['if-none-match'],
  };
}

function parseBody(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString());
  } catch {
    throw refuse(400, 'Problems parsing JSON');
  }
}

function refusalOr500(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  // A defect of the stand-in must be seen in the test that met it, not only as a 500.
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`GitHub stand-in failed: ${detail}\n`);
  return { status: 500, body: { message: 'Server Error', detail } };
}

function conditional(reply: Reply, method: string, ifNoneMatch: string | undefined): Reply {
  if (method !== 'GET' || reply.status !== 200) return reply;
  const etag = `W/"${createHash('sha256').update(textOf(reply)).digest('hex')}"`;
  const headers = { ...reply.headers, etag };
  const known = ifNoneMatch?.split(/\s*,\s*/).map(strong) ?? [];
  return known.includes(strong(etag)) ? { status: 304, headers } : { ...reply, headers };
}

/** If-None-Match compares weakly. */
function strong(etag: string): string {
  return etag.replace(/^W\//, '');
}

function finish(
  api: Api,
  asked: Pick<LoggedRequest, 'method' | 'path' | 'body'> & { readonly query: URLSearchParams },
  caller: Caller,
  reply: Reply,
): void {
  const counted = reply.status !== 304 && asked.path !== '/rate_limit';
  if (counted) api.limits.count(caller);
  const { method, body } = asked;
  const login =
    caller.kind === 'anonymous' ? undefined : caller.kind === 'app' ? caller.app.slug : caller.account.login;
  const path = presentPath(api.world, asked.path);
  api.requests.push({
    method,
    path,
    query: asked.query.toString(),
    body,
    status: reply.status,
    counted,
    login,
  });
  const responseBody = reply.body === undefined ? undefined : plain(reply.body);
  api.observer?.exchange({ method, path, query: asked.query, body, status: reply.status, responseBody });
}

/** As it is after its way over the wire. */
function plain(body: unknown): unknown {
  return typeof body === 'string' ? body : JSON.parse(JSON.stringify(body));
}

function textOf(reply: Reply): string {
  if (reply.body === undefined) return '';
  return typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
}

function write(response: ServerResponse, reply: Reply, limits: Record<string, string>): void {
  const text = textOf(reply);
  const headers: Record<string, string> = {
    server: 'github.com',
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
    'x-github-request-id': randomUUID().slice(0, 13).toUpperCase().replace('-', ':'),
    ...limits,
    ...reply.headers,
  };
  if (reply.body !== undefined) {
    headers['content-type'] ??= 'application/json; charset=utf-8';
    headers['content-length'] = String(Buffer.byteLength(text));
  }
  response.writeHead(reply.status, headers);
  response.end(text);
}

/** The whole body of a request. */
export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
