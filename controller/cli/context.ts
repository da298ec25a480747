import type { Config } from '../config.js';

/** What every command gets: where it runs, how it prints, how it is configured. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly json: boolean;
  readonly config: () => Config;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Ends a command with a message and an exit code: 1 it failed, 2 it was used wrongly, 3 the controller is not there. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: 1 | 2 | 3 = 1,
  ) {
    super(message);
  }
}

/** Prints a value as JSON, or as people read it. */
export function print<T>(context: CliContext, value: T, human: (value: T) => string): void {
  context.out(context.json ? JSON.stringify(value, null, 2) : human(value));
}
