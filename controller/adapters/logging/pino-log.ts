import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../../ports/log.js';

export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty' | 'auto';
  /** Takes secrets out of every line before it is written. */
  readonly redact: (text: string) => string;
  readonly fd: number;
}

/** pino behind our port. Redaction sits at the sink, so that no caller can forget it. */
export function createLog(options: LogOptions): Log & { flush(): void } {
  const human = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY === true);
  const sink = pino.destination({ fd: options.fd, sync: true });
  const stream = human
    ? pretty({ destination: sink, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
    : sink;
  const redacting = { write: (line: string) => void stream.write(options.redact(line)) };
  const logger = pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    redacting,
  );
  return { ...wrap(logger), flush: () => sink.flushSync() };
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    bind: (fields) => wrap(logger.child(fields)),
  };
}
