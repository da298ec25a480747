import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import type { RunProgram } from '../../../ports/programs.js';
import { type ListedInstance, type Runtime, RuntimeUnavailable } from '../../../ports/runtime.js';
import { entryFile, type SmallEnvironment } from '../control/detached.js';
import { createPortPicker } from '../control/free-port.js';
import { createLayout, type Layout } from '../control/layout.js';
import { createSerial } from '../control/serial.js';
import { createGateways } from '../gateway/gateways.js';
import { artifactExists, buildInFolder } from './build.js';
import { instanceFolders, readSpec } from './instance-record.js';
import { createLifecycle, instanceOf, SHIM_ENTRY } from './lifecycle.js';
import { readLogLines } from './log-reader.js';
import { observePlace } from './observe.js';

export interface ProcessRuntimeOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** PATH and HOME of builds, services and our own processes; nothing else of our environment is passed on. */
  readonly env: SmallEnvironment;
  readonly runProgram: RunProgram;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs?: number;
  /** Size of one of an instance's two log files. */
  readonly logFileBytes?: number;
}

/** A release is a process group of its own below a small supervising process, which both outlive the controller. */
export function createProcessRuntime(options: ProcessRuntimeOptions): Runtime {
  const layout = createLayout(options.dataDir);
  const lifecycle = createLifecycle({
    layout,
    log: options.log,
    env: options.env,
    serial: createSerial(),
    ports: createPortPicker(),
    stopGraceMs: options.stopGraceMs ?? 10_000,
    logFileBytes: options.logFileBytes ?? 8 * 1024 * 1024,
  });
  const gateways = createGateways({ layout, env: options.env, log: options.log });
  const needs = { artifacts: layout.artifacts, env: options.env, runProgram: options.runProgram };
  const placeOf = (instance: Instance) => layout.instance(instance.id);

  return {
    kind: 'process',
    check: () => check(layout),
    build: (request, signal) => buildInFolder(needs, request, signal),
    exists: async ({ reference }) => artifactExists(layout.artifacts, reference),
    start: lifecycle.start,
    observe: (instance) => observePlace(placeOf(instance)),
    pause: lifecycle.pause,
    resume: lifecycle.resume,
    remove: lifecycle.remove,
    route: gateways.route,
    routed: gateways.routed,
    unroute: gateways.unroute,
    logs: (instance, since, limit) => readLogLines(join(placeOf(instance).folder, 'logs'), since, limit),
    list: () => list(layout),
  };
}

async function check(layout: Layout): Promise<void> {
  if (process.platform === 'win32')
    throw new RuntimeUnavailable(
      'The process runtime needs process groups and unix sockets. Use docker on Windows',
    );
  if (!existsSync(entryFile(SHIM_ENTRY)))
    throw new RuntimeUnavailable(`${entryFile(SHIM_ENTRY)} is missing. Run "npm run build"`);
  try {
    await mkdir(layout.dataDir, { recursive: true });
    await access(layout.dataDir, constants.W_OK);
  } catch (error) {
    throw new RuntimeUnavailable(
      `Cannot write to the data folder ${layout.dataDir}. Give this user the right to`,
      {
        cause: error,
      },
    );
  }
}

async function list(layout: Layout): Promise<readonly ListedInstance[]> {
  const names = await instanceFolders(layout.instances);
  const specs = await Promise.all(names.map((name) => readSpec(join(layout.instances, name))));
  return specs.flatMap((spec) =>
    spec === null ? [] : [{ instance: instanceOf(layout, spec), lane: spec.lane }],
  );
}
