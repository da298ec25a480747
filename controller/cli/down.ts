import { setTimeout as sleep } from 'node:timers/promises';
import { lockHolder } from '../data-dir.js';
import { type CliContext, CliError, print } from './context.js';
import { safe } from './table.js';

const STOP_LIMIT_MS = 30_000;

/** Stops the controller of a data directory, and everything that it started on this machine. */
export async function down(context: CliContext): Promise<number> {
  const config = context.config();
  await stopController(config.dataDir);
  const { tearDown } = await import('../app/teardown.js');
  const stopped = await tearDown(config);
  print(context, { stopped }, () =>
    stopped.length === 0 ? 'Nothing was running.' : safe(`Stopped ${stopped.join(', ')}`),
  );
  return 0;
}

async function stopController(dataDir: string): Promise<void> {
  const pid = await lockHolder(dataDir);
  if (pid === null) return;
  const until = Date.now() + STOP_LIMIT_MS;
  for (let signal: NodeJS.Signals | 0 = 'SIGTERM'; kill(pid, signal); signal = 0) {
    if (Date.now() > until) throw new CliError(`The controller (process ${pid}) does not stop`);
    await sleep(100);
  }
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}
