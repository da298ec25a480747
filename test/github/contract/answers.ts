import type { Schema } from './schema.js';

/** What GitHub's errors have in common, whichever operation they answer. */
export const basicError: Schema = {
  type: 'object',
  properties: { message: { type: 'string' }, documentation_url: { type: 'string' } },
  required: ['message'],
};

const anywhere = new Set([301, 307, 401, 403, 404, 422, 429]);

/** Statuses that any operation may answer, although the description lists them for some only. */
export function mayAnswer(method: string, status: number): boolean {
  return anywhere.has(status) || status >= 500 || (status === 304 && method === 'GET');
}
