import { expect } from 'vitest';
import type { Contract } from '../contract.js';

/** A server that speaks GitHub's API, with a repository that has a first commit on its default branch. */
export interface RowTarget {
  /** Root of the API, without a slash at its end. */
  readonly url: string;
  /** Of a user who may write to the repository. */
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** A GitHub App that is installed on the repository and may write contents, pull requests, issues and checks. */
  readonly app?: { readonly jwt: string; readonly installation: number };
}

/** What a server answered; a body that is not there is undefined. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a call sends besides its method and path. */
export interface Sent {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
}

/** Plain HTTP to a target, with each request and answer held to the contract. */
export interface Api {
  readonly target: RowTarget;
  /** A leading "..." in the path stands for the repository. */
  call(method: string, path: string, sent?: Sent): Promise<Answer>;
  /** The same with another token. */
  withToken(token: string): Api;
}

export function createApi(target: RowTarget, contract: Contract, token: string = target.token): Api {
  return {
    target,
    withToken: (other) => createApi(target, contract, other),
    call: async (method, short, { body, query = {} } = {}) => {
      const path = short.replace('...', `/repos/${target.owner}/${target.repo}`);
      const search = new URLSearchParams(query);
      expect(contract.request({ method, path, query: search, body })).toEqual([]);
      const response = await fetch(`${target.url}${path}${search.size === 0 ? '' : `?${search}`}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = {
        status: response.status,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      expect(contract.response({ method, path, ...answer })).toEqual([]);
      return answer;
    },
  };
}

/** The text at a place in a body; fails where there is none. */
export function textAt({ body }: Answer, ...keys: readonly (string | number)[]): string {
  const found = at(body, keys);
  if (typeof found === 'string') return found;
  throw new Error(`${keys.join('.')} should be a text in ${JSON.stringify(body)}`);
}

/** The number at a place in a body; fails where there is none. */
export function numberAt({ body }: Answer, ...keys: readonly (string | number)[]): number {
  const found = at(body, keys);
  if (typeof found === 'number') return found;
  throw new Error(`${keys.join('.')} should be a number in ${JSON.stringify(body)}`);
}

function at(body: unknown, keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
    body,
  );
}
