import { execFile } from 'node:child_process';

export interface GitOptions {
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const most = 256 * 1024 * 1024;

/** Runs git in a bare repository; a failing exit code is a result, not an error. */
export function git(gitDir: string, args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [...args],
      { encoding: 'buffer', maxBuffer: most, env: gitEnvironment(gitDir, options.env) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : (error as { code?: unknown }).code;
        if (typeof code === 'number') resolve({ code, stdout, stderr: stderr.toString() });
        else reject(new Error(`git ${args.join(' ')} could not be run: ${error?.message}`));
      },
    );
    // A git that ends before it has read everything must not bring the server down with EPIPE.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** The output of a git command that has to succeed, without its last line break. */
export async function gitText(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const result = await git(gitDir, args, options);
  if (result.code !== 0) throw new Error(`git ${args.join(' ')} failed (${result.code}): ${result.stderr}`);
  return result.stdout.toString().replace(/\n$/, '');
}

/** The output as lines; none when there was no output. */
export async function gitLines(
  gitDir: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string[]> {
  const text = await gitText(gitDir, args, options);
  return text === '' ? [] : text.split('\n');
}

/** The user's own git configuration must not change what the stand-in does. */
export function gitEnvironment(
  gitDir: string,
  extra: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: gitDir,
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    ...extra,
  };
}
