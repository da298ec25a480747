import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { redact } from '../../domain/redact.js';
import { createTail } from '../../domain/tail.js';
import type { ProgramRequest, ProgramResult, RunProgram } from '../../ports/programs.js';
import { type Ledger, NO_LEDGER } from './ledger.js';

/** How long a program may take to end after a polite signal, and its output to close after it ended. */
const GRACE_MS = 2_000;
const CLOSE_MS = 500;

type Ending = { readonly exitCode: number } | { readonly problem: string };

export const runProgram: RunProgram = createRunProgram(NO_LEDGER);

/** Notes each program that it runs in a ledger, so that it does not outlive a controller that was killed. */
export function createRunProgram(ledger: Ledger): RunProgram {
  return (request, signal) => runNoted(ledger, request, signal);
}

async function runNoted(
  ledger: Ledger,
  request: ProgramRequest,
  signal: AbortSignal,
): Promise<ProgramResult> {
  signal.throwIfAborted();
  const startedAt = performance.now();
  const [program = '', ...args] = request.program;
  const child = spawn(program, args, {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const strikeOut = child.pid === undefined ? () => undefined : ledger.note(child.pid);
  const tail = createTail();
  child.stdout.on('data', (chunk: Buffer) => tail.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => tail.push(chunk));

  const stop = stopper(child);
  const timer = setTimeout(() => stop.because('time'), request.timeoutMs);
  const onAbort = (): void => stop.because('abort');
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const ending = await ended(child);
    signal.throwIfAborted();
    if ('problem' in ending) tail.push(`${ending.problem}\n`);
    return toResult(request, ending, stop.reason() === 'time', tail.text(), startedAt);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    stop.finish();
    strikeOut();
  }
}

function toResult(
  request: ProgramRequest,
  ending: Ending,
  timedOut: boolean,
  output: string,
  startedAt: number,
): ProgramResult {
  const started = 'exitCode' in ending;
  return {
    outcome: !started ? 'not-started' : timedOut ? 'timed-out' : 'exited',
    exitCode: started ? ending.exitCode : null,
    output: redact(output, request.secrets),
    seconds: (performance.now() - startedAt) / 1000,
  };
}

/** Resolves when the program has ended and its output was read, or is held open by somebody who left the group. */
function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ problem: `Cannot start it: ${error.message}` });
    });
    child.on('exit', (code, signal) => {
      const ending = { exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) };
      killGroup(child, 'SIGKILL');
      const late = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, CLOSE_MS);
      child.on('close', () => {
        clearTimeout(late);
        resolve(ending);
      });
    });
  });
}

interface Stopper {
  because(reason: 'time' | 'abort'): void;
  reason(): 'time' | 'abort' | null;
  finish(): void;
}

function stopper(child: ChildProcess): Stopper {
  let why: 'time' | 'abort' | null = null;
  let force: NodeJS.Timeout | undefined;
  return {
    because(reason) {
      why ??= reason;
      killGroup(child, 'SIGTERM');
      force ??= setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS);
    },
    reason: () => why,
    finish: () => clearTimeout(force),
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
