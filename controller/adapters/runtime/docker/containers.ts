import { setTimeout as delay } from 'node:timers/promises';
import type { Container, ContainerInspectInfo } from 'dockerode';
import type { Instance } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import type { ListedInstance, StartRequest } from '../../../ports/runtime.js';
import type { PortPicker } from '../control/free-port.js';
import { containerOptions } from './container-options.js';
import { type Engine, messageOf, statusOf, unlessMissing } from './engine.js';
import { containerName, identityFrom, LABEL } from './labels.js';

/** Somebody may take a port between our look and the engine's. */
const PORT_TRIES = 5;

interface Needs {
  readonly engine: Engine;
  readonly scope: string;
  readonly ports: PortPicker;
  readonly log: Log;
  readonly stopGraceSeconds: number;
}

type Inspect = (id: string) => Promise<ContainerInspectInfo | null>;

export type Containers = ReturnType<typeof createContainers>;

/** The container of an instance, by name: an id has one. */
export function createContainers(needs: Needs) {
  const { engine, scope } = needs;
  const byId = (id: string): Container => engine.docker.getContainer(containerName(id, scope));
  const inspect = (id: string): Promise<ContainerInspectInfo | null> =>
    unlessMissing(
      engine.call('inspect a container', () => byId(id).inspect()),
      null,
    );
  return {
    byId,
    inspect,
    start: (request: StartRequest, signal: AbortSignal) =>
      start(needs, byId(request.id), inspect, request, signal),
    async remove(id: string): Promise<void> {
      const container = byId(id);
      const info = await inspect(id);
      if (info === null) return;
      // A paused container does not hear SIGTERM.
      if (info.State.Paused) await settled(engine.call('unpause a container', () => container.unpause()));
      const limitMs = (needs.stopGraceSeconds + 30) * 1000;
      await settled(
        engine.call('stop a container', () => container.stop({ t: needs.stopGraceSeconds }), limitMs),
      );
      await settled(engine.call('remove a container', () => container.remove({ force: true, v: true })));
      needs.ports.release(listed(info)?.instance.port ?? 0);
    },
    async list(): Promise<readonly ListedInstance[]> {
      const label = [`${LABEL.managed}=true`, `${LABEL.scope}=${scope}`];
      const found = await engine.call('list containers', (docker) =>
        docker.listContainers({ all: true, filters: { label } }),
      );
      const ids = found.flatMap((container) => identityFrom(container.Labels)?.id ?? []);
      const infos = await Promise.all(ids.map(inspect));
      return infos.flatMap((info) => (info === null ? [] : (listed(info) ?? [])));
    },
  };
}

async function start(
  needs: Needs,
  container: Container,
  inspect: Inspect,
  request: StartRequest,
  signal: AbortSignal,
): Promise<Instance> {
  const { engine } = needs;
  for (let tries = 1; ; tries += 1) {
    signal.throwIfAborted();
    const info = (await inspect(request.id)) ?? (await create(needs, inspect, request));
    const found = listed(info);
    if (found === null) throw new Error(`Container ${info.Name} is not ours. Remove or rename it`);
    if (info.State.Running || info.State.Paused || info.State.Restarting) return found.instance;
    try {
      await engine.call('start a container', () => container.start());
      needs.log.info({ instance: request.id, port: found.instance.port }, 'container started');
      return found.instance;
    } catch (error) {
      if (isPortConflict(error) && tries < PORT_TRIES) {
        needs.log.warn({ instance: request.id, port: found.instance.port }, 'port was taken: trying another');
        await settled(engine.call('remove a container', () => container.remove({ force: true })));
        needs.ports.release(found.instance.port);
        continue;
      }
      // Another controller has started it this moment.
      if (statusOf(error) === 304) return found.instance;
      // It cannot run what the image says: an observation tells that, with the engine's own words.
      if (statusOf(error) === 400) return found.instance;
      throw error;
    }
  }
}

async function create(needs: Needs, inspect: Inspect, request: StartRequest): Promise<ContainerInspectInfo> {
  const port = await needs.ports.pick();
  const options = containerOptions(request, needs.scope, port, needs.stopGraceSeconds);
  try {
    await needs.engine.call('create a container', (docker) => docker.createContainer(options));
  } catch (error) {
    // 409: another controller was first, and its container counts.
    if (statusOf(error) === 404)
      throw new Error(
        `Image ${request.artifact.reference} of ${request.service.name} is gone: build it again`,
        {
          cause: error,
        },
      );
    if (statusOf(error) !== 409) throw error;
  }
  return appeared(inspect, request.id);
}

/** A container's name is taken a moment before it can be inspected. */
async function appeared(inspect: Inspect, id: string): Promise<ContainerInspectInfo> {
  for (let tries = 0; tries < 250; tries += 1) {
    const info = await inspect(id);
    if (info !== null) return info;
    await delay(20);
  }
  throw new Error(`The container of ${id} was removed while it was being created`);
}

/** Null when the container is not one of ours. */
export function listed(info: ContainerInspectInfo): ListedInstance | null {
  const identity = identityFrom(info.Config.Labels);
  const bindings: Readonly<Record<string, readonly { HostPort?: string }[]>> =
    info.HostConfig.PortBindings ?? {};
  const port = Number(Object.values(bindings)[0]?.[0]?.HostPort);
  if (identity === null || !Number.isInteger(port)) return null;
  const handle = { container: info.Id, name: info.Name.replace(/^\//, '') };
  return {
    instance: { id: identity.id, runtime: 'docker', host: '127.0.0.1', port, handle },
    lane: identity.lane,
  };
}

function isPortConflict(error: unknown): boolean {
  return /port is already allocated|address already in use/i.test(messageOf(error));
}

/** Stopped already (304), gone already (404), being removed already or not running (409): as wanted. */
async function settled(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (![304, 404, 409].includes(statusOf(error) ?? 0)) throw error;
  }
}
