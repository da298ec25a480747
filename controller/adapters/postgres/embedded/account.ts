import { execFile } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

const run = promisify(execFile);
const NOBODY = 65_534;

/**
 * As whom the server runs. PostgreSQL refuses root, so as root:
 * `namespace` a user namespace in which we are nobody, with our own rights on files (not allowed by Docker's default seccomp);
 * `capability` nobody, who may still read and write our folders; `nobody` plain setuid: every folder above must let others pass.
 */
export type Account = 'self' | 'namespace' | 'capability' | 'nobody';

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

export function invocation(account: Account, file: string, args: readonly string[]): Invocation {
  const user = String(NOBODY);
  switch (account) {
    case 'self':
      return { file, args };
    case 'namespace':
      return {
        file: 'unshare',
        args: ['--user', `--map-user=${user}`, `--map-group=${user}`, '--', file, ...args],
      };
    case 'capability':
      return {
        file: 'setpriv',
        args: [
          `--reuid=${user}`,
          `--regid=${user}`,
          '--clear-groups',
          '--inh-caps=+dac_override',
          '--ambient-caps=+dac_override',
          '--',
          file,
          ...args,
        ],
      };
    case 'nobody':
      return { file, args, uid: NOBODY, gid: NOBODY };
  }
}

/** The first account of `candidates` under which `program --version` runs. */
export async function chooseAccount(program: string, candidates = candidateAccounts()): Promise<Account> {
  const failures: string[] = [];
  for (const account of candidates) {
    const problem = await tryAccount(account, program);
    if (problem === null) return account;
    failures.push(`${account}: ${problem}`);
  }
  throw new EmbeddedPostgresUnavailable(`Cannot run ${program} (${failures.join('; ')})`);
}

function candidateAccounts(): readonly Account[] {
  return process.getuid?.() === 0 ? ['namespace', 'capability', 'nobody'] : ['self'];
}

async function tryAccount(account: Account, program: string): Promise<string | null> {
  const { file, args, ...identity } = invocation(account, program, ['--version']);
  try {
    await run(file, args, { ...identity, timeout: 10_000 });
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').slice(0, 2).join(' ') ?? '') : String(error);
  }
}

/** Gives a folder to the account (it may have been made under another one); a no-op when it is its already. */
export async function own(account: Account, path: string): Promise<void> {
  if (account === 'self') return;
  const uid = account === 'namespace' ? 0 : NOBODY;
  if ((await lstat(path)).uid !== uid) await chownTree(path, uid);
}

async function chownTree(path: string, uid: number): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, uid);
    else if (entry.isFile()) await chown(child, uid, uid);
  }
  // Last: an interrupted walk is repeated, because the top still has its old owner.
  await chown(path, uid, uid);
}
