export interface ProgramRequest {
  /** Program and arguments; never a shell line. */
  readonly program: readonly string[];
  readonly cwd: string;
  /** The whole environment of the program: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Values that must not be in the output, whatever they look like. */
  readonly secrets: readonly string[];
}

export interface ProgramResult {
  /** `not-started`: there is no such program, or it may not be executed; the output says why. */
  readonly outcome: 'exited' | 'timed-out' | 'not-started';
  /** 128 + signal number when a signal ended it; null when it was not started. */
  readonly exitCode: number | null;
  /** Tail of stdout and stderr together, at most 64 KiB, redacted. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs one program to its end in a process group of its own, which is killed whole when the time is over, when `signal`
 * aborts (then it rejects with the signal's reason) and when the program leaves children behind.
 */
export type RunProgram = (request: ProgramRequest, signal: AbortSignal) => Promise<ProgramResult>;
