import { createServer, type Server } from 'node:net';

export type CatalogEntry = Readonly<Record<string, unknown>>;

export interface ServiceOptions {
  readonly name: string;
  /** Fields that replace or add to those of a sample service. */
  readonly fields?: CatalogEntry;
}

/** What a catalog says, before it is written: JSON, which is YAML. */
export interface SampleCatalog {
  readonly apiVersion: 'devopscommander.io/v1alpha1';
  readonly kind: 'Catalog';
  readonly policy: CatalogEntry;
  readonly environments: readonly CatalogEntry[];
  readonly services: readonly CatalogEntry[];
}

export const ENVIRONMENTS: readonly CatalogEntry[] = [
  { name: 'staging', aliases: ['stage'], runtime: 'process', guards: { errorRate: '2%', watch: '1s' } },
  {
    name: 'production',
    aliases: ['prod', 'live'],
    runtime: 'process',
    guards: { errorRate: '2%', watch: '1s' },
  },
];

/** A service as the sample server is: metrics, health, own probes, all three scripts. */
export function sampleService(
  options: ServiceOptions,
  ports: Readonly<Record<string, number>>,
): CatalogEntry {
  return {
    name: options.name,
    repository: `../${options.name}`,
    run: ['node', 'server.js'],
    port: 8080,
    ports,
    health: '/healthz',
    healthTimeout: '10s',
    metrics: {
      path: '/metrics',
      requests: 'http_requests_total',
      errors: { status: '5..' },
      latency: 'http_request_duration_seconds',
    },
    probe: '/',
    steps: {
      run_tests: { script: 'run-tests' },
      smoke_tests: { script: 'smoke-test' },
      notify: { script: 'notify' },
    },
    ...options.fields,
  };
}

const FIRST_PORT = 10_000;
const PORTS = 10_000;

/**
 * Ports that were free a moment ago, all different. Below those that port 0, outgoing connections (32768 and more) and
 * the process runtime (20000 and more) take from, so that they stay free until a gateway has them.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = await listenOn(FIRST_PORT + Math.floor(Math.random() * PORTS));
    if (server !== null) servers.push(server);
  }
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** null when somebody else has it. */
function listenOn(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port was given');
  return address.port;
}
