import type { Reply } from './reply.js';
import type { Call } from './router.js';

/** The page of a list that the query asks for (30 a page, at most 100), with GitHub's Link header. */
export function page<T>(call: Pick<Call, 'world' | 'path' | 'query'>, list: readonly T[]) {
  const size = pageSize(call.query);
  const current = Math.max(1, number(call.query.get('page'), 1));
  const last = Math.max(1, Math.ceil(list.length / size));
  const items = list.slice((current - 1) * size, current * size);
  return { items, headers: linkHeader(call, current, last) };
}

/** The page of a list, each shown by `show`. */
export async function paged<T>(
  call: Pick<Call, 'world' | 'path' | 'query'>,
  list: readonly T[],
  show: (item: T) => unknown,
): Promise<Reply> {
  const { items, headers } = page(call, list);
  return { status: 200, body: await Promise.all(items.map(show)), headers };
}

/** How many items the query wants on a page: 30 unless told, at most 100. */
export function pageSize(query: URLSearchParams): number {
  return Math.min(100, Math.max(1, number(query.get('per_page'), 30)));
}

/** One link of a Link header: the call again, with that query. */
export function linkTo(call: Pick<Call, 'world' | 'path'>, query: URLSearchParams, relation: string): string {
  return `<${call.world.address.api}${call.path}?${query}>; rel="${relation}"`;
}

function linkHeader(call: Pick<Call, 'world' | 'path' | 'query'>, current: number, last: number) {
  const links: string[] = [];
  const link = (to: number, relation: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(to));
    links.push(linkTo(call, query, relation));
  };
  if (current > 1) link(current - 1, 'prev');
  if (current < last) {
    link(current + 1, 'next');
    link(last, 'last');
  }
  if (current > 1) link(1, 'first');
  const headers: Record<string, string> = links.length === 0 ? {} : { link: links.join(', ') };
  return headers;
}

function number(text: string | null, otherwise: number): number {
  const value = Number(text);
  return text === null || !Number.isInteger(value) ? otherwise : value;
}
