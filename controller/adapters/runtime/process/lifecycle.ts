import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import type { Runtime, StartRequest } from '../../../ports/runtime.js';
import { askControl } from '../control/client.js';
import { entryFile, type SmallEnvironment, startDetached } from '../control/detached.js';
import { explained } from '../control/files.js';
import type { PortPicker } from '../control/free-port.js';
import { type Layout, type Place, privateFolder } from '../control/layout.js';
import { NobodyListens } from '../control/messages.js';
import { isAlive, killRecordedGroup, type ProcessIdentity } from '../control/process-identity.js';
import type { Serial } from '../control/serial.js';
import {
  type InstanceSpec,
  type InstanceState,
  readSpec,
  readState,
  removeFolder,
  writeDraft,
} from './instance-record.js';
import { liveState } from './observe.js';

/** What stopping may take beyond the grace time. */
const STOP_ANSWER_MS = 5_000;

export const SHIM_ENTRY = join('process', 'entry', 'shim.js');

interface Needs {
  readonly layout: Layout;
  readonly log: Log;
  readonly env: SmallEnvironment;
  readonly serial: Serial;
  readonly ports: PortPicker;
  readonly stopGraceMs: number;
  readonly logFileBytes: number;
}

export function instanceOf(layout: Layout, spec: InstanceSpec): Instance {
  const { folder } = layout.instance(spec.id);
  return { id: spec.id, runtime: 'process', host: spec.host, port: spec.port, handle: { folder } };
}

/** Start, pause, resume and remove; one at a time for an instance. */
export function createLifecycle(needs: Needs): Pick<Runtime, 'start' | 'pause' | 'resume' | 'remove'> {
  const { layout, serial } = needs;
  const tell = async (instance: Instance, op: 'pause' | 'resume'): Promise<boolean> => {
    try {
      await askControl(layout.instance(instance.id).socket, { op });
      return true;
    } catch (error) {
      if (error instanceof NobodyListens) return false;
      throw error;
    }
  };
  return {
    start: (request, signal) => serial(request.id, () => start(needs, request, signal)),
    pause: (instance) =>
      serial(instance.id, async () => {
        // What has ended answers nothing anyway.
        await tell(instance, 'pause');
      }),
    resume: (instance) =>
      serial(instance.id, async () => {
        if (await tell(instance, 'resume')) return;
        await startAgain(needs, instance);
      }),
    remove: (instance) => serial(instance.id, () => remove(needs, instance.id)),
  };
}

async function start(needs: Needs, request: StartRequest, signal: AbortSignal): Promise<Instance> {
  signal.throwIfAborted();
  const place = needs.layout.instance(request.id);
  const running = await runningInstance(needs, place);
  if (running !== null) return running;
  if (request.service.run === null)
    throw new Error(`${request.service.name} has no program to run: add services[].run to commander.yaml`);
  try {
    privateFolder(place.folder);
    const port = await choosePort(needs, await readSpec(place.folder), await readState(place.folder));
    return await launch(needs, place, [writeDraft(place.folder, specOf(needs, request, port))]);
  } catch (error) {
    throw explained(error, place.folder);
  }
}

async function runningInstance(needs: Needs, place: Place): Promise<Instance | null> {
  if ((await liveState(place)) === null) return null;
  const spec = await readSpec(place.folder);
  return spec === null ? null : instanceOf(needs.layout, spec);
}

/** An instance's port stays the same over restarts, unless somebody else took it while it was down. */
async function choosePort(
  needs: Needs,
  known: InstanceSpec | null,
  state: InstanceState | null,
): Promise<number> {
  if (known === null) return needs.ports.pick();
  // Its own orphan may hold the port; the new shim ends that first.
  if (state?.child && isAlive(state.child)) return known.port;
  return (await needs.ports.isFree(known.port)) ? known.port : needs.ports.pick();
}

/** Starts a shim, which takes over the draft of a spec if it is given one and if it is the only shim. */
async function launch(needs: Needs, place: Place, draft: readonly string[]): Promise<Instance> {
  await startDetached(entryFile(SHIM_ENTRY), place, needs.env, draft);
  await Promise.all(draft.map((path) => rm(path, { force: true })));
  const state = await liveState(place);
  const spec = await readSpec(place.folder);
  if (spec === null) throw new Error(`${place.folder} was removed while its instance was being started`);
  const instance = instanceOf(needs.layout, spec);
  needs.log.info({ instance: instance.id, port: instance.port, state: state?.phase }, 'instance started');
  return instance;
}

function specOf(needs: Needs, request: StartRequest, port: number): InstanceSpec {
  const { service, lane, artifact } = request;
  const host = '127.0.0.1';
  return {
    id: request.id,
    lane,
    program: service.run ?? [],
    cwd: join(artifact.reference, service.build.context),
    env: {
      ...service.env,
      PATH: needs.env.PATH,
      HOME: needs.env.HOME,
      HOST: host,
      PORT: String(port),
      COMMANDER_SERVICE: lane.service,
      COMMANDER_ENVIRONMENT: lane.environment,
      COMMANDER_VERSION: request.version,
      COMMANDER_COMMIT: request.commit,
    },
    host,
    port,
    stopGraceMs: needs.stopGraceMs,
    logFileBytes: needs.logFileBytes,
  };
}

async function startAgain(needs: Needs, instance: Instance): Promise<void> {
  const place = needs.layout.instance(instance.id);
  if ((await readSpec(place.folder)) === null)
    throw new Error(`Nothing is left of instance ${instance.id}: it has to be started anew`);
  await launch(needs, place, []);
}

async function remove(needs: Needs, id: string): Promise<void> {
  const place = needs.layout.instance(id);
  const spec = await readSpec(place.folder);
  const grace = spec?.stopGraceMs ?? needs.stopGraceMs;
  await askControl(place.socket, { op: 'stop' }, grace + STOP_ANSWER_MS).catch((error: unknown) => {
    if (!(error instanceof NobodyListens))
      needs.log.warn({ instance: id, error }, 'its shim did not stop it in time');
  });
  const state = await readState(place.folder);
  if (state?.shim) await endShim(state.shim);
  if (state?.child) await killRecordedGroup(state.child);
  await removeFolder(place.folder);
  await rm(place.socket, { force: true });
  if (spec !== null) needs.ports.release(spec.port);
}

/** A shim that has stopped its program ends by itself; one that hangs is made to. */
async function endShim(shim: ProcessIdentity): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (!isAlive(shim)) return;
    await delay(10);
  }
  await killRecordedGroup(shim);
}
