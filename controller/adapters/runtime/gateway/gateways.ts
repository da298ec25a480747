import { join } from 'node:path';
import type { JsonValue } from '../../../domain/json.js';
import { type Lane, laneName } from '../../../domain/release.js';
import type { Log } from '../../../ports/log.js';
import { type RouteRequest, type Runtime, StaleFence } from '../../../ports/runtime.js';
import { askControl } from '../control/client.js';
import { entryFile, type SmallEnvironment, startDetached } from '../control/detached.js';
import { asObject } from '../control/files.js';
import { type Layout, privateFolder } from '../control/layout.js';
import { ControlRefused, type ControlRequest, NobodyListens } from '../control/messages.js';
import { createSerial } from '../control/serial.js';
import { readRoute, routeFromJson, routeToJson, writeRoute } from './held-route.js';

const GATEWAY_ENTRY = join('gateway', 'entry', 'gateway.js');

/** A gateway that ends itself this moment still answers; then another one is started. */
const TRIES = 3;

interface Needs {
  readonly layout: Layout;
  readonly env: SmallEnvironment;
  readonly log: Log;
}

/** The stable addresses of all lanes, each held by a process of its own that outlives the controller. */
export function createGateways(needs: Needs): Pick<Runtime, 'route' | 'routed' | 'unroute'> {
  const { layout } = needs;
  const serial = createSerial();
  return {
    route: (request) => serial(laneName(request.lane), () => route(needs, request)),
    async routed(lane) {
      const place = layout.lane(lane);
      const answer = await askOrNull(place.socket, { op: 'routed' });
      // Without its gateway an address leads nowhere, whatever the file says.
      const held = answer === null ? await readRoute(place.folder) : routeFromJson(answer);
      const reached = asObject(answer ?? null)?.listening === true;
      return { instanceId: reached ? held.instanceId : null, fence: held.fence };
    },
    unroute: (lane) => serial(laneName(lane), () => unroute(layout, lane)),
  };
}

async function route(needs: Needs, request: RouteRequest): Promise<void> {
  const place = needs.layout.lane(request.lane);
  const { host, port, instance, fence } = request;
  const wanted = routeToJson({
    fence,
    listen: { host, port },
    instanceId: instance.id,
    upstream: { host: instance.host, port: instance.port },
  });
  privateFolder(place.folder);
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      if ((await askOrNull(place.socket, { ...wanted, op: 'route' })) !== null) return;
    } catch (error) {
      throw refusal(error, request);
    }
    await startDetached(entryFile(GATEWAY_ENTRY), place, needs.env);
    needs.log.info({ lane: laneName(request.lane), host, port }, 'gateway started');
  }
  throw new Error(
    `The gateway of ${laneName(request.lane)} ended ${TRIES} times; see ${place.folder}/process.err`,
  );
}

async function unroute(layout: Layout, lane: Lane): Promise<void> {
  const place = layout.lane(lane);
  try {
    await askControl(place.socket, { op: 'unroute' });
  } catch (error) {
    if (!(error instanceof NobodyListens)) throw error;
    const held = await readRoute(place.folder);
    if (held.instanceId !== null)
      writeRoute(place.folder, { ...held, instanceId: null, listen: null, upstream: null });
  }
}

/** Null when there is no gateway. */
async function askOrNull(socket: string, request: ControlRequest): Promise<JsonValue> {
  try {
    return await askControl(socket, request);
  } catch (error) {
    if (error instanceof NobodyListens) return null;
    throw error;
  }
}

function refusal(error: unknown, request: RouteRequest): unknown {
  if (!(error instanceof ControlRefused)) return error;
  const { service, environment } = request.lane;
  const address = `${request.host}:${request.port}`;
  const field = `services[${service}].ports.${environment}`;
  const why: Readonly<Record<string, string>> = {
    EADDRINUSE: `is taken by another program. Stop that program, or set ${field} to another port`,
    EACCES: `may not be used by this user. Set ${field} to a port above 1023`,
    EADDRNOTAVAIL: `is not an address of this machine. Correct the host of environment ${environment}`,
    ENOTFOUND: `is not an address of this machine. Correct the host of environment ${environment}`,
  };
  if (error.code === 'stale-fence')
    return new StaleFence(`${service} in ${environment} was not switched: ${error.message}`, {
      cause: error,
    });
  const reason = why[error.code] ?? `could not be switched: ${error.message}`;
  return new Error(`The address ${address} of ${service} in ${environment} ${reason}`, { cause: error });
}
