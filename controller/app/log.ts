import { createLog } from '../adapters/logging/pino-log.js';
import { type Config, configuredSecrets } from '../config.js';
import type { Log } from '../ports/log.js';

const STDOUT = 1;

export function createControllerLog(
  config: Config,
  redact: (text: string, known: readonly string[]) => string,
): Log {
  const known = configuredSecrets(config);
  const hide = (text: string) => redact(text, known);
  return createLog({ level: config.logLevel, format: config.logFormat, redact: hide, fd: STDOUT });
}
