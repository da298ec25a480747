import type { Log } from '../../controller/ports/log.js';

/** A log that keeps its lines for a test to look at and prints nothing. */
export function quietLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  const log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    lines,
  };
  return { ...log, bind: () => ({ ...log, bind: () => quietLog() }) };
}
