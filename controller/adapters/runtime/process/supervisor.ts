import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { identify, type ProcessIdentity, signalGroup } from '../control/process-identity.js';
import type { InstanceSpec, InstanceState } from './instance-record.js';
import { createLineSplitter } from './line-splitter.js';
import type { LogWriter } from './log-writer.js';
import { restartDelay } from './restart-policy.js';

/** Keeps one service's program running: the part of the shim that decides. */
export interface Supervisor {
  start(): void;
  state(): InstanceState;
  pause(): void;
  resume(): void;
  /** SIGTERM to the group, SIGKILL after the grace time; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** Resolves when it will not run again: stopped, or its program cannot be started at all. */
  readonly ended: Promise<void>;
}

interface Needs {
  readonly spec: InstanceSpec;
  readonly shim: ProcessIdentity | null;
  readonly log: LogWriter;
  /** Called after every change, before anything else happens. */
  readonly record: (state: InstanceState) => void;
}

/**
 * running -> restarting (it ended; wait) -> running ... ; running <-> paused; any -> exited, which is final.
 * Ending while paused waits for the resume.
 */
export function createSupervisor({ spec, shim, log, record }: Needs): Supervisor {
  let state: InstanceState = {
    phase: 'restarting',
    restarts: -1,
    exitCode: null,
    detail: '',
    shim,
    child: null,
  };
  let running: ChildProcess | null = null;
  let startedAt = 0;
  let waited = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let paused = false;
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const change = (next: Partial<InstanceState>): void => {
    state = { ...state, ...next };
    record(state);
  };
  const end = (next: Partial<InstanceState>): void => {
    change({ ...next, phase: 'exited', child: null });
    finish();
  };

  const start = (): void => {
    const [program = '', ...args] = spec.program;
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: { ...spec.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { pid } = child;
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined)
        end({ exitCode: 127, restarts: Math.max(0, state.restarts), detail: whyNotStarted(spec, error) });
    });
    if (pid === undefined) return;
    running = child;
    startedAt = performance.now();
    collect(child, log);
    change({ phase: 'running', restarts: state.restarts + 1, child: identify(pid) });
    child.once('exit', (code, signal) => onExit(pid, code, signal));
  };

  const onExit = (pid: number, code: number | null, signal: NodeJS.Signals | null): void => {
    // What it left behind would hold its port.
    signalGroup(pid, 'SIGKILL');
    running = null;
    const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    const detail = signal === null ? `exited with code ${exitCode}` : `was ended by ${signal}`;
    if (stopping) {
      end({ exitCode, detail: 'was stopped' });
      return;
    }
    change({ phase: paused ? 'paused' : 'restarting', exitCode, detail, child: null });
    waited = restartDelay(waited, performance.now() - startedAt);
    if (!paused) timer = setTimeout(start, waited);
  };

  return {
    ended,
    start,
    state: () => state,
    pause() {
      if (state.phase === 'exited') return;
      paused = true;
      clearTimeout(timer);
      if (running?.pid !== undefined) signalGroup(running.pid, 'SIGSTOP');
      change({ phase: 'paused' });
    },
    resume() {
      if (!paused) return;
      paused = false;
      if (running?.pid === undefined) return start();
      signalGroup(running.pid, 'SIGCONT');
      change({ phase: 'running' });
    },
    async stop() {
      stopping = true;
      clearTimeout(timer);
      if (running?.pid === undefined) {
        if (state.phase !== 'exited') end({ detail: 'was stopped' });
        return ended;
      }
      const { pid } = running;
      signalGroup(pid, 'SIGTERM');
      signalGroup(pid, 'SIGCONT');
      const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), spec.stopGraceMs);
      await ended;
      clearTimeout(force);
    },
  };
}

function collect(child: ChildProcess, log: LogWriter): void {
  for (const stream of [child.stdout, child.stderr]) {
    const splitter = createLineSplitter((lines, count) => log.write(lines, count));
    stream?.on('data', (chunk: Buffer) => splitter.push(chunk));
    stream?.on('close', () => splitter.end());
  }
}

/** spawn says ENOENT of the program also when it is the working folder that is missing. */
function whyNotStarted(spec: InstanceSpec, error: NodeJS.ErrnoException): string {
  if (!existsSync(spec.cwd)) return `could not be started: its folder ${spec.cwd} is gone`;
  const why = error.code === 'ENOENT' ? 'there is no such program' : error.message;
  return `could not be started: ${spec.program[0]}: ${why} (services[].run in commander.yaml)`;
}
