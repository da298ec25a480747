import { writeSync } from 'node:fs';
import type { JsonValue } from '../../../../domain/json.js';
import { READY, TAKEN } from '../../control/detached.js';
import { ControlRefused, type ControlRequest } from '../../control/messages.js';
import { claimPlace } from '../../control/server.js';
import { routeFromJson, routeToJson, type WantedRoute } from '../held-route.js';
import { createLaneGateway, type LaneGateway } from '../lane-gateway.js';

/**
 * The process behind one lane's stable address, so that users reach the service while the controller is down. Started with
 * the lane's folder and socket; answers route, routed and unroute there.
 */
async function main(folder: string, socket: string): Promise<void> {
  const gateway = createLaneGateway(folder);
  const restored = { done: (): void => undefined };
  let last: Promise<unknown> = new Promise<void>((resolve) => {
    restored.done = resolve;
  });
  // One at a time, in the order they came, and not before the held route is known.
  const handle = (request: ControlRequest): Promise<JsonValue> => {
    const answer = last.then(() => perform(gateway, request));
    last = answer.catch(() => undefined);
    if (request.op !== 'routed') void answer.catch(() => undefined).then(endIfIdle);
    return answer;
  };
  let giveUp = (): void => undefined;
  const claim = await claimPlace({ folder, socket }, handle, () => {
    giveUp();
    process.exit(1);
  });
  if (claim === null) return say(TAKEN);
  giveUp = claim.release;
  process.on('SIGHUP', () => undefined);
  await gateway.restore();
  restored.done();
  say(READY);

  async function endIfIdle(): Promise<void> {
    const { listening, route } = gateway.routed();
    if (listening || route.instanceId !== null) return;
    claim?.release();
    await gateway.drained();
    setTimeout(() => process.exit(0), 100);
  }
}

async function perform(gateway: LaneGateway, request: ControlRequest): Promise<JsonValue> {
  switch (request.op) {
    case 'route':
      return routeToJson(await gateway.route(wantedFrom(request)));
    case 'routed': {
      const { route, listening } = gateway.routed();
      return { ...routeToJson(route), listening };
    }
    case 'unroute':
      gateway.unroute();
      return null;
    default:
      throw new ControlRefused('unknown-op', `No such operation: ${request.op}`);
  }
}

function wantedFrom(request: ControlRequest): WantedRoute {
  const { fence, listen, instanceId, upstream } = routeFromJson(request);
  if (listen !== null && instanceId !== null && upstream !== null)
    return { fence, listen, instanceId, upstream };
  throw new ControlRefused('unreadable', 'route needs fence, listen, instanceId and upstream');
}

function say(word: string): void {
  writeSync(1, `${word}\n`);
}

const [folder = '', socket = ''] = process.argv.slice(2);
await main(folder, socket);
