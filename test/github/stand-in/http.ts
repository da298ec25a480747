import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { conditional, readAll, sentBody, write } from './answering.js';
import { type Caller, identify } from './caller.js';
import { type ApiRequest, type Dispatcher, dispatch, presentPath } from './dispatch.js';
import { faultReply } from './fault-replies.js';
import type { FaultAction } from './faults.js';
import type { Observer } from './observer.js';
import { rateHeaders, requireRemaining } from './rate-limit.js';
import { Refusal, type Reply, refuse } from './reply.js';

/** A request that came in, as kept for tests. */
export interface LoggedRequest {
  readonly method: string;
  /** Below the API root, under the repository's present name. */
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  /** 0 when a fault left it without an answer. */
  readonly status: number;
  /** True when it counted against the rate limit; a 304 does not, nor what a fault answered. */
  readonly counted: boolean;
  readonly login: string | undefined;
  /** What went wrong with it by `faults`. */
  readonly fault?: FaultAction['action'];
}

export interface Api extends Dispatcher {
  readonly requests: LoggedRequest[];
  readonly observer: Observer | undefined;
}

interface Answered {
  readonly request: Pick<ApiRequest, 'method' | 'path' | 'query' | 'body'>;
  readonly caller: Caller;
  readonly reply: Reply;
}

const nobody: Caller = { kind: 'anonymous' };

/** Answers one request of the REST API; the path of `url` is what follows the API root. */
export async function serveApi(
  api: Api,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const method = request.method ?? 'GET';
  const fault = api.faults.take(method, url.pathname);
  const raw = await readAll(request);
  if (fault?.action === 'slow') await pause(fault.milliseconds);
  if (fault !== undefined && spoiled(api, fault, request, response, url)) return;
  const answered = await answer(api, request, url, raw);
  record(api, answered, fault);
  if (fault?.action === 'done-then-reset') request.socket.destroy();
  else write(response, answered.reply, rateHeaders(api.limits.windowOf(answered.caller)));
}

/** Does what the fault does instead of an answer; false when there is a true answer in spite of it. */
function spoiled(
  api: Api,
  fault: FaultAction,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): boolean {
  const reply = faultReply(fault);
  if (reply === undefined && fault.action !== 'hang' && fault.action !== 'reset') return false;
  api.requests.push({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams.toString(),
    body: undefined,
    status: reply?.status ?? 0,
    counted: false,
    login: undefined,
    fault: fault.action,
  });
  if (reply !== undefined) write(response, reply, rateHeaders(api.limits.windowOf(nobody)));
  if (fault.action === 'reset') request.socket.destroy();
  return true;
}

async function answer(api: Api, request: IncomingMessage, url: URL, raw: Buffer): Promise<Answered> {
  const method = request.method ?? 'GET';
  const asked = { method, path: url.pathname, query: url.searchParams };
  let caller = nobody;
  let body: unknown;
  let reply: Reply;
  try {
    // First, so that a request of a caller who is not known is held to the contract as it was sent.
    body = parseBody(raw);
    caller = identify(api.world, request.headers.authorization);
    requireUserAgent(request);
    if (asked.path !== '/rate_limit') requireRemaining(api.limits.windowOf(caller));
    reply = await dispatch(api, { ...asked, body, accept: request.headers.accept ?? '', caller });
  } catch (error) {
    reply = refusalOr500(error);
  }
  reply = conditional(reply, method, request.headers['if-none-match']);
  return { request: { ...asked, body }, caller, reply };
}

function parseBody(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString());
  } catch {
    throw refuse(400, 'Problems parsing JSON');
  }
}

function requireUserAgent(request: IncomingMessage): void {
  if (request.headers['user-agent'] !== undefined) return;
  const message =
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header';
  throw refuse(403, message);
}

function refusalOr500(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  // A defect of the stand-in must be seen in the test that met it, not only as a 500.
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`GitHub stand-in failed: ${detail}\n`);
  return { status: 500, body: { message: 'Server Error', detail } };
}

/** Counts the request, keeps it for tests, and shows it to the observer. */
function record(api: Api, { request, caller, reply }: Answered, fault: FaultAction | undefined): void {
  const { method, query, body } = request;
  const { status } = reply;
  const counted = status !== 304 && request.path !== '/rate_limit';
  if (counted) api.limits.count(caller);
  const path = presentPath(api.world, request.path);
  const entry = { method, path, query: query.toString(), body, status, counted, login: loginOf(caller) };
  api.requests.push(fault === undefined ? entry : { ...entry, fault: fault.action });
  api.observer?.exchange({ method, path, query, body, status, responseBody: sentBody(reply) });
}

function loginOf(caller: Caller): string | undefined {
  if (caller.kind === 'anonymous') return undefined;
  return caller.kind === 'app' ? caller.app.slug : caller.account.login;
}
