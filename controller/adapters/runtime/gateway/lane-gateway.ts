import { createServer, type Server } from 'node:net';
import { ControlRefused } from '../control/messages.js';
import {
  type Address,
  decideRoute,
  type HeldRoute,
  readRoute,
  sameAddress,
  type WantedRoute,
  writeRoute,
} from './held-route.js';
import { createRelay } from './relay.js';

/** The stable address of one lane: the part of the gateway process that decides. */
export interface LaneGateway {
  /** Takes up the route that was held before this process. */
  restore(): Promise<void>;
  route(wanted: WantedRoute): Promise<HeldRoute>;
  routed(): { readonly route: HeldRoute; readonly listening: boolean };
  /** Stops listening and forgets the route, not its fence. */
  unroute(): void;
  drained(): Promise<void>;
}

const BACKLOG = 2_048;

export function createLaneGateway(folder: string): LaneGateway {
  const relay = createRelay();
  let held: HeldRoute = { fence: 0, listen: null, instanceId: null, upstream: null };
  let server: Server | null = null;
  let listening: Address | null = null;

  /** The new address first: when it cannot be had, the old one goes on. */
  const listenAt = async (address: Address): Promise<void> => {
    if (server !== null && sameAddress(listening, address)) return;
    const fresh = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, relay.accept);
    await listen(fresh, address);
    server?.close();
    server = fresh;
    listening = address;
  };

  return {
    async restore() {
      held = await readRoute(folder);
      relay.lead(held.upstream);
      // When the address cannot be had now, the next route() tries again and says why.
      if (held.listen !== null) await listenAt(held.listen).catch(() => undefined);
    },
    async route(wanted) {
      const decision = decideRoute(held, wanted);
      if (decision === 'stale') {
        const leads = held.instanceId === null ? 'leads nowhere' : `leads to ${held.instanceId}`;
        throw new ControlRefused(
          'stale-fence',
          `fence ${wanted.fence} is older than ${held.fence}, which ${leads}`,
        );
      }
      await listenAt(wanted.listen);
      if (decision === 'unchanged') return held;
      writeRoute(folder, wanted);
      held = wanted;
      relay.lead(wanted.upstream);
      return held;
    },
    routed: () => ({ route: held, listening: server !== null }),
    unroute() {
      held = { fence: held.fence, listen: null, instanceId: null, upstream: null };
      writeRoute(folder, held);
      server?.close();
      server = null;
      relay.lead(null);
    },
    drained: relay.drained,
  };
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void =>
      reject(new ControlRefused(error.code ?? 'failed', error.message));
    server.once('error', refuse);
    server.listen({ ...address, backlog: BACKLOG, exclusive: true }, () => {
      server.off('error', refuse);
      // Out of file descriptors, for example: this connection is lost, the next ones are not.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
