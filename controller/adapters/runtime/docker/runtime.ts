import type { Instance } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import type { LogCursor, LogLines, Observation, Runtime } from '../../../ports/runtime.js';
import type { SmallEnvironment } from '../control/detached.js';
import { createPortPicker } from '../control/free-port.js';
import { createLayout } from '../control/layout.js';
import { createSerial } from '../control/serial.js';
import { createGateways } from '../gateway/gateways.js';
import { buildImage, imageExists } from './build.js';
import { createContainers } from './containers.js';
import { createEngine, DEFAULT_SOCKET, type Engine, unlessMissing } from './engine.js';
import { demultiplex, linesAfter, sinceSeconds } from './logs.js';
import { GONE, observation } from './observe.js';
import { pauseContainer, resumeContainer } from './pause.js';

export interface DockerRuntimeOptions {
  readonly dataDir: string;
  readonly log: Log;
  /** PATH and HOME of our gateway processes. */
  readonly env: SmallEnvironment;
  /** Path of the engine's unix socket. */
  readonly socket?: string;
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs?: number;
}

/** A release is a container. Any engine from API 1.41 on; what it runs belongs to one data folder's controllers. */
export function createDockerRuntime(options: DockerRuntimeOptions): Runtime {
  const layout = createLayout(options.dataDir);
  const engine = createEngine(options.socket ?? DEFAULT_SOCKET);
  const containers = createContainers({
    engine,
    scope: layout.scope,
    ports: createPortPicker(),
    log: options.log,
    stopGraceSeconds: Math.ceil((options.stopGraceMs ?? 10_000) / 1000),
  });
  const gateways = createGateways({ layout, env: options.env, log: options.log });
  const serial = createSerial();

  const logs = async (instance: Instance, since: LogCursor | null, limit: number): Promise<LogLines> => {
    const log = await readLog(engine, containers.byId(instance.id).id, since, null);
    return linesAfter(log, since, limit);
  };

  return {
    kind: 'docker',
    check: async () => {
      await engine.call('answer', (docker) => docker.ping(), 5_000);
    },
    build: (request, signal) => buildImage(engine, request, signal),
    exists: ({ reference }) => imageExists(engine, reference),
    start: (request, signal) => serial(request.id, () => containers.start(request, signal)),
    observe: async (instance): Promise<Observation> => {
      const info = await containers.inspect(instance.id);
      if (info === null) return GONE;
      const runs = info.State.Running && !info.State.Restarting;
      const last = runs ? null : await readLog(engine, info.Id, null, 1);
      return observation(info, last === null ? '' : (linesAfter(last, null, 1).lines.at(-1) ?? ''));
    },
    pause: (instance) => serial(instance.id, () => pauseContainer(engine, containers, instance.id)),
    resume: (instance) => serial(instance.id, () => resumeContainer(engine, containers, instance.id)),
    remove: (instance) => serial(instance.id, () => containers.remove(instance.id)),
    route: gateways.route,
    routed: gateways.routed,
    unroute: gateways.unroute,
    logs,
    list: containers.list,
  };
}

/** Bounded by the size that the container's log may have (two files of 8 MB). Empty when there is no container. */
async function readLog(
  engine: Engine,
  container: string,
  since: LogCursor | null,
  tail: number | null,
): Promise<Buffer> {
  const from = sinceSeconds(since);
  const frames = await unlessMissing(
    engine.call('give a log', (docker) =>
      docker.getContainer(container).logs({
        follow: false,
        stdout: true,
        stderr: true,
        timestamps: true,
        ...(from === null ? {} : { since: from }),
        ...(tail === null ? {} : { tail }),
      }),
    ),
    Buffer.alloc(0),
  );
  return demultiplex(frames);
}
