import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { lastWords } from './redact.js';

/** Variables that a git program may inherit: what it takes to find programs, keys, certificates and proxies. */
const INHERITED = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_ASKPASS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'all_proxy',
  'no_proxy',
] as const;

const FIXED_ENVIRONMENT = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  SSH_ASKPASS_REQUIRE: 'never',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_EDITOR: ':',
  GIT_MERGE_AUTOEDIT: 'no',
};

/** Settings that win over any configuration file: no program of a repository's choosing is ever started. */
const FIXED_SETTINGS = [
  'protocol.allow=never',
  'protocol.https.allow=always',
  'protocol.http.allow=always',
  'protocol.ssh.allow=always',
  'protocol.file.allow=always',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.pager=cat',
  'core.quotePath=false',
  'commit.gpgSign=false',
  'submodule.recurse=false',
  'fetch.recurseSubmodules=false',
  'http.lowSpeedLimit=100',
  'http.lowSpeedTime=30',
  'gc.autoDetach=false',
  'gc.pruneExpire=never',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

export interface GitRun {
  readonly cwd?: string;
  readonly input?: string;
  readonly signal?: AbortSignal;
  /** Default 30 s. */
  readonly timeoutMs?: number;
  /** Default 64 MiB of standard output; standard error is always cut at 64 KiB. */
  readonly maxOutputBytes?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** `person`: the configuration of whoever runs the controller counts (credentials, safe.directory); `none`: it does not. */
  readonly configuration?: 'person' | 'none';
}

/** git ended with a code other than 0. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
  constructor(
    command: string,
    readonly exitCode: number | null,
    readonly stderr: string,
    readonly stdout: string,
  ) {
    super(`git ${command} failed (${exitCode ?? 'killed'}): ${lastWords(stderr)}`);
  }
}

/** git did not end in time, said too much, was called off, or could not be started. */
export class GitStopped extends Error {
  override readonly name = 'GitStopped';
  constructor(
    message: string,
    readonly reason: 'timeout' | 'output' | 'aborted' | 'missing',
  ) {
    super(message);
  }
}

export interface GitProgram {
  /** Standard output of a run that ended with 0; otherwise GitFailed or GitStopped. */
  run(args: readonly string[], options?: GitRun): Promise<Buffer>;
  /** What to start a long-lived git with. */
  command(args: readonly string[], options?: Pick<GitRun, 'env' | 'configuration'>): GitCommand;
}

export interface GitCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

export interface GitProgramOptions {
  /** Environment of the controller; only a few variables are passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Default `git`, found in PATH. */
  readonly program?: string;
}

export function createGitProgram(options: GitProgramOptions): GitProgram {
  const inherited: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = options.environment[name];
    if (value !== undefined) inherited[name] = value;
  }
  const command: GitProgram['command'] = (args, run = {}) => ({
    file: options.program ?? 'git',
    args: [...FIXED_SETTINGS, ...args],
    env: {
      ...inherited,
      ...FIXED_ENVIRONMENT,
      ...(run.configuration === 'none' ? { GIT_CONFIG_GLOBAL: '/dev/null' } : {}),
      ...run.env,
    },
  });
  return { command, run: (args, run = {}) => runToEnd(command(args, run), commandName(args), run) };
}

/** The word after the global options: "fetch", "merge-tree". */
function commandName(args: readonly string[]): string {
  const index = args.findIndex((arg, at) => !arg.startsWith('-') && args[at - 1] !== '-C');
  return args[index] ?? '';
}

function runToEnd(command: GitCommand, shown: string, run: GitRun): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (run.signal?.aborted) return reject(new GitStopped(`git ${shown} was called off`, 'aborted'));
    // A session of its own: it has no terminal to ask for passwords on, and its helpers end with it.
    const child = spawn(command.file, command.args, {
      ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
      env: command.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stopped: GitStopped | null = null;
    const stop = (reason: GitStopped) => {
      stopped ??= reason;
      killGroup(child.pid);
    };
    const limit = run.timeoutMs ?? 30_000;
    const timer = setTimeout(
      () => stop(new GitStopped(`git ${shown} took longer than ${limit / 1000} s`, 'timeout')),
      limit,
    );
    const onAbort = () => stop(new GitStopped(`git ${shown} was called off`, 'aborted'));
    run.signal?.addEventListener('abort', onAbort, { once: true });
    const cap = run.maxOutputBytes ?? 64 * 1024 * 1024;
    const stdout = collect(child.stdout, cap, () =>
      stop(new GitStopped(`git ${shown} printed more than ${cap} bytes`, 'output')),
    );
    const stderr = collect(child.stderr, 64 * 1024, () => {});
    child.stdin.on('error', () => {});
    child.stdin.end(run.input ?? '');
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      run.signal?.removeEventListener('abort', onAbort);
      settle();
    };
    child.once('error', (error) =>
      finish(() => reject(new GitStopped(`git could not be started: ${error.message}`, 'missing'))),
    );
    child.once('close', (code) =>
      finish(() => {
        if (stopped !== null) return reject(stopped);
        if (code === 0) return resolve(stdout());
        reject(new GitFailed(shown, code, stderr().toString('utf8'), stdout().toString('utf8')));
      }),
    );
  });
}

/** Keeps at most `cap` bytes; says so once, and goes on draining. */
function collect(stream: Readable, cap: number, onTooMuch: () => void): () => Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  let told = false;
  stream.on('data', (chunk: Buffer) => {
    if (size + chunk.length <= cap) {
      chunks.push(chunk);
      size += chunk.length;
    } else if (!told) {
      told = true;
      onTooMuch();
    }
  });
  return () => Buffer.concat(chunks);
}

export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
