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

  const close = (): void => {
    server?.close();
    server = null;
  };
  /** Null when we listen there already. */
  const open = async (address: Address): Promise<Server | null> => {
    if (server !== null && sameAddress(listening, address)) return null;
    const fresh = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, relay.accept);
    await listen(fresh, address);
    return fresh;
  };
  const adopt = (fresh: Server | null, address: Address): void => {
    if (fresh === null) return;
    close();
    server = fresh;
    listening = address;
  };

  return {
    async restore() {
      held = await readRoute(folder);
      relay.lead(held.upstream);
      // When the address cannot be had now, the next route() tries again and says why.
      const { listen: address } = held;
      if (address !== null) adopt(await open(address).catch(() => null), address);
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
      // The new address first: when it or the record cannot be had, the old one goes on.
      const fresh = await open(wanted.listen);
      try {
        if (decision === 'switch') writeRoute(folder, wanted);
      } catch (error) {
        fresh?.close();
        throw error;
      }
      adopt(fresh, wanted.listen);
      if (decision === 'unchanged') return held;
      held = wanted;
      relay.lead(wanted.upstream);
      return held;
    },
    routed: () => ({ route: held, listening: server !== null }),
    unroute() {
      held = { fence: held.fence, listen: null, instanceId: null, upstream: null };
      writeRoute(folder, held);
      close();
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
