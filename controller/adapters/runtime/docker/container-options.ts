import type { ContainerCreateOptions } from 'dockerode';
import type { StartRequest } from '../../../ports/runtime.js';
import { containerLabels, containerName } from './labels.js';

const MIB = 1024 * 1024;

/** Limits of a container whose service names none (`services[].resources`). */
const DEFAULT_MEMORY_MIB = 512;
const DEFAULT_CPUS = 1;
const PIDS = 512;

/** What an instance is as a container. `hostPort`: where it is published on the loopback address. */
export function containerOptions(
  request: StartRequest,
  scope: string,
  hostPort: number,
  stopGraceSeconds: number,
): ContainerCreateOptions {
  const { service, lane } = request;
  const port = `${service.port}/tcp`;
  const memory = (service.resources.memoryMiB ?? DEFAULT_MEMORY_MIB) * MIB;
  return {
    name: containerName(request.id, scope),
    Image: request.artifact.reference,
    Labels: containerLabels(request, scope),
    Env: environment({
      ...service.env,
      HOST: '0.0.0.0',
      PORT: String(service.port),
      COMMANDER_SERVICE: lane.service,
      COMMANDER_ENVIRONMENT: lane.environment,
      COMMANDER_VERSION: request.version,
      COMMANDER_COMMIT: request.commit,
    }),
    ExposedPorts: { [port]: {} },
    StopTimeout: stopGraceSeconds,
    HostConfig: {
      PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }] },
      RestartPolicy: { Name: 'unless-stopped' },
      Memory: memory,
      // No swap on top.
      MemorySwap: memory,
      NanoCpus: Math.round((service.resources.cpus ?? DEFAULT_CPUS) * 1e9),
      PidsLimit: PIDS,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      // Reaps zombies, and lets SIGTERM end a program that has no handler for it.
      Init: true,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '2' } },
    },
  };
}

function environment(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`);
}
