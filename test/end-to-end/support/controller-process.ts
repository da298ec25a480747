import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { programRoot } from '../../../controller/config.js';
import { waitFor } from '../../support/wait-for.js';

export type Environment = Readonly<Record<string, string>>;

export interface ControllerProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Exit code, or the signal that ended it; waits until it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

const MAIN = join(programRoot(), 'dist', 'controller', 'main.js');

/** Starts `commander up` from dist, as a person would; its output is appended to `logFile`. */
export async function spawnController(
  env: Environment,
  cwd: string,
  logFile: string,
): Promise<ControllerProcess> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: npm run build first`);
  const log = await open(logFile, 'a');
  const child = spawn(process.execPath, [MAIN, 'up'], { env, cwd, stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  if (child.pid === undefined) throw new Error('The controller could not be started');
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? -1));
  });
  return { child, pid: child.pid, ended };
}

/** Starts a controller and waits until it answers commands; throws the end of its log when it gives up. */
export async function startController(
  env: Environment,
  cwd: string,
  dataDir: string,
  logFile: string,
): Promise<ControllerProcess> {
  const announcement = join(dataDir, 'controller.json');
  await rm(announcement, { force: true });
  const controller = await spawnController(env, cwd, logFile);
  await waitFor('the controller to be up', async () => {
    if (controller.child.exitCode !== null || controller.child.signalCode !== null) {
      throw new Error(
        `The controller did not start:\n${(await readFile(logFile, 'utf8')).split('\n').slice(-20).join('\n')}`,
      );
    }
    return existsSync(announcement);
  });
  return controller;
}
