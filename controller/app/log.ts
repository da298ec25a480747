import { createLog } from '../adapters/logging/pino-log.js';
import type { Config } from '../config.js';
import type { Log } from '../ports/log.js';

const STDOUT = 1;

export function createControllerLog(config: Config, redact: (text: string) => string): Log {
  return createLog({ level: config.logLevel, format: config.logFormat, redact, fd: STDOUT });
}
