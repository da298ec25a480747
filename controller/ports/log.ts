/** Structured log. `bind` gives a child with correlation ids (intent, plan, execution, release). */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  bind(fields: object): Log;
}

/** Says nothing: for commands that print their own answer. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, bind: () => silentLog };
