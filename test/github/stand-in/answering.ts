import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Reply } from './reply.js';

/** The reply with its ETag, or 304 when the client has it already. */
export function conditional(reply: Reply, method: string, ifNoneMatch: string | undefined): Reply {
  if (method !== 'GET' || reply.status !== 200) return reply;
  const etag = `W/"${createHash('sha256').update(textOf(reply)).digest('hex')}"`;
  const headers = { ...reply.headers, etag };
  const known = ifNoneMatch?.split(/\s*,\s*/).map(withoutWeakness) ?? [];
  return known.includes(withoutWeakness(etag)) ? { status: 304, headers } : { ...reply, headers };
}

/** If-None-Match compares weakly. */
function withoutWeakness(etag: string): string {
  return etag.replace(/^W\//, '');
}

function textOf(reply: Reply): string {
  if (reply.body === undefined) return '';
  return typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
}

/** Sends the reply with the headers that every answer of GitHub has. */
export function write(
  response: ServerResponse,
  reply: Reply,
  limits: Readonly<Record<string, string>>,
): void {
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

/** The body as it is after its way over the wire. */
export function sentBody(reply: Reply): unknown {
  if (reply.body === undefined || typeof reply.body === 'string') return reply.body;
  return JSON.parse(JSON.stringify(reply.body));
}

/** The whole body of a request. */
export async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
