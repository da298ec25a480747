import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAll } from './answering.js';
import type { GitHub } from './server.js';

const prefix = '/_control/';

/**
 * Lets another process arrange the world: POST /_control/<method> with the arguments as a JSON array gives the
 * result in JSON. `faults.set`, `faults.clear` and `requests` are there too.
 */
export async function control(
  github: GitHub,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (!path.startsWith(prefix)) return false;
  const raw = (await readAll(request)).toString();
  try {
    const result = await called(github, path.slice(prefix.length), raw === '' ? [] : JSON.parse(raw));
    answer(response, 200, result ?? null);
  } catch (error) {
    answer(response, 400, { message: error instanceof Error ? error.message : String(error) });
  }
  return true;
}

async function called(github: GitHub, method: string, values: unknown): Promise<unknown> {
  if (!Array.isArray(values)) throw new Error('The arguments have to be a JSON array.');
  if (method === 'requests') return github.requests;
  const [first, second] = method.split('.');
  const owner: object = second === undefined ? github : first === 'faults' ? github.faults : {};
  const name = second ?? first ?? '';
  const member: unknown = Object.hasOwn(owner, name) ? Reflect.get(owner, name) : undefined;
  if (typeof member !== 'function' || name === 'close') throw new Error(`There is no method ${method}.`);
  return Reflect.apply(member, owner, values);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
