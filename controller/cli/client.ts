import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CliContext, CliError } from './context.js';

const TIMEOUT_MS = 120_000;
const execute = promisify(execFile);

export interface Client {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
}

/** Talks to the running controller on loopback, with the token file that only its owner can read. */
export async function connect(context: CliContext): Promise<Client> {
  const { dataDir } = context.config();
  const [announced, token] = await Promise.all([
    readOrNull(join(dataDir, 'controller.json')),
    readOrNull(join(dataDir, 'token')),
  ]);
  if (announced === null || token === null) {
    throw new CliError(
      `No controller runs on ${dataDir}: start one with commander up, or name its data directory with --data-dir`,
      3,
    );
  }
  const { url } = JSON.parse(announced) as { url: string };
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = {
      authorization: `Bearer ${token.trim()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const response = await reach(`${url}${path}`, {
      method,
      headers,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new CliError(answer.error ?? `The controller answered ${response.status}`);
    return answer;
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body) };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CliError(`The controller does not answer at ${url}: ${cause}. Start it with commander up`, 3);
  }
}

async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return null;
  }
}

/** Who gives the command: as git knows them, or the account of this machine. */
export async function person(
  context: CliContext,
): Promise<{ readonly name: string; readonly email: string }> {
  const account = userInfo().username;
  return {
    name: (await gitSetting(context, 'user.name')) ?? account,
    email: (await gitSetting(context, 'user.email')) ?? `${account}@localhost`,
  };
}

async function gitSetting(context: CliContext, name: string): Promise<string | null> {
  try {
    const { stdout } = await execute('git', ['config', '--get', name], { cwd: context.cwd, timeout: 5000 });
    return stdout.trim() === '' ? null : stdout.trim();
  } catch {
    return null;
  }
}
