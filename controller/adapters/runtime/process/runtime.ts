import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import type { RunProgram } from '../../../ports/programs.js';
import { type ListedInstance, type Runtime, RuntimeUnavailable } from '../../../ports/runtime.js';
import { entryFile, type SmallEnvironment } from '../control/detached.js';
import { createPortPicker } from '../control/free-port.js';
import { createLayout, type Layout, type Place } from '../control/layout.js';
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
  const placeOf = (instance: Instance) => ownPlace(layout, instance);

  return {
    kind: 'process',
    check: () => check(layout),
    build: (request, signal) => buildInFolder(needs, request, signal),
    exists: async ({ reference }) => artifactExists(layout.artifacts, reference),
    start: lifecycle.start,
    observe: async (instance) => observePlace(placeOf(instance)),
    pause: async (instance) => lifecycle.pause(checked(layout, instance)),
    resume: async (instance) => lifecycle.resume(checked(layout, instance)),
    remove: async (instance) => lifecycle.remove(checked(layout, instance)),
    route: gateways.route,
    routed: gateways.routed,
    unroute: gateways.unroute,
    logs: async (instance, since, limit) =>
      readLogLines(join(placeOf(instance).folder, 'logs'), since, limit),
    list: () => list(layout),
  };
}

/** What lives in another controller's folder is not gone because it is not in ours: nobody must judge it by that. */
function ownPlace(layout: Layout, { id, handle }: Instance): Place {
  const place = layout.instance(id);
  if (handle.folder === place.folder || typeof handle.folder !== 'string' || !existsSync(handle.folder))
    return place;
  throw new RuntimeUnavailable(
    `${id} lives in ${handle.folder}, this controller's releases in ${layout.instances}. Set COMMANDER_RELEASES_DIR to the same folder for all controllers of a database`,
  );
}

function checked(layout: Layout, instance: Instance): Instance {
  ownPlace(layout, instance);
  return instance;
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
