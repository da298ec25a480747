import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CliError } from './context.js';

const execute = promisify(execFile);

/** The git program in a folder, for scaffolding; its own message when it fails. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', ['-C', folder, '-c', 'core.hooksPath=/dev/null', ...args], {
      timeout: 60_000,
    });
    return stdout.trim();
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new CliError('git is not installed: install it and try again');
    throw new CliError(`git ${args.join(' ')} failed in ${folder}: ${stderr?.trim() ?? String(error)}`);
  }
}

/** Commits everything, with an identity of ours only where git has none. */
export async function commitAll(folder: string, message: string): Promise<string> {
  await git(folder, 'add', '--all');
  await git(folder, ...(await identity(folder)), 'commit', '--quiet', '--message', message);
  return git(folder, 'rev-parse', 'HEAD');
}

/** Settings that name somebody where git knows nobody; none where it does. */
export async function identity(folder: string): Promise<readonly string[]> {
  const known = await git(folder, 'var', 'GIT_COMMITTER_IDENT').catch(() => '');
  return known === '' ? ['-c', 'user.name=AI DevOps Commander', '-c', 'user.email=commander@localhost'] : [];
}
