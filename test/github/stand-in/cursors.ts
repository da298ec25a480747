import { linkTo, pageSize } from './pages.js';
import { type Reply, refuse } from './reply.js';
import type { Call } from './router.js';

interface Identified {
  readonly id: number;
}

/**
 * The part of a list that the query's cursors `before` and `after` ask for, each item shown by `show`, with cursors to the
 * parts beside it in the Link header. For lists that nothing is ever taken from.
 */
export function cursorPaged<T extends Identified>(
  call: Pick<Call, 'world' | 'path' | 'query'>,
  list: readonly T[],
  show: (item: T) => unknown,
): Reply {
  const { start, end } = boundsOf(call.query, list);
  const items = list.slice(start, end);
  const links = [
    ...(end < list.length ? [cursorLink(call, 'after', items.at(-1), 'next')] : []),
    ...(start > 0 ? [cursorLink(call, 'before', items[0], 'prev')] : []),
  ].filter((link) => link !== undefined);
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') };
  return { status: 200, body: items.map(show), headers };
}

function boundsOf(query: URLSearchParams, list: readonly Identified[]) {
  const size = pageSize(query);
  const after = positionOf(query, 'after', list);
  const before = positionOf(query, 'before', list);
  if (after === undefined && before !== undefined) return { start: Math.max(0, before - size), end: before };
  const start = after === undefined ? 0 : after + 1;
  return { start, end: Math.max(start, Math.min(before ?? list.length, start + size)) };
}

function positionOf(
  query: URLSearchParams,
  name: 'before' | 'after',
  list: readonly Identified[],
): number | undefined {
  const cursor = query.get(name);
  if (cursor === null || cursor === '') return undefined;
  const position = list.findIndex((item) => cursorTo(item) === cursor);
  if (position >= 0) return position;
  throw refuse(422, `'${name}' is no cursor of this list: take it from a Link header.`);
}

function cursorTo(item: Identified): string {
  return Buffer.from(`cursor:${item.id}`).toString('base64url');
}

function cursorLink(
  call: Pick<Call, 'world' | 'path' | 'query'>,
  name: 'before' | 'after',
  item: Identified | undefined,
  relation: string,
): string | undefined {
  if (item === undefined) return undefined;
  const query = new URLSearchParams(call.query);
  query.delete('before');
  query.delete('after');
  query.set(name, cursorTo(item));
  return linkTo(call, query, relation);
}
