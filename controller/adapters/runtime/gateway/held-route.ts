import { join } from 'node:path';
import type { JsonValue } from '../../../domain/json.js';
import { asObject, type JsonObject, numberOf, readJson, textOf, writeJson } from '../control/files.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `route.json`: where a lane's stable address leads. The fence stays when the address is taken away. */
export interface HeldRoute {
  readonly fence: number;
  readonly listen: Address | null;
  /** Null when nothing is routed; then `listen` and `upstream` are too. */
  readonly instanceId: string | null;
  readonly upstream: Address | null;
}

export const NO_ROUTE: HeldRoute = { fence: 0, listen: null, instanceId: null, upstream: null };

export interface WantedRoute {
  readonly fence: number;
  readonly listen: Address;
  readonly instanceId: string;
  readonly upstream: Address;
}

export type RouteDecision = 'stale' | 'unchanged' | 'switch';

/** Fences only grow; the same one again may repair what its own decision left half done. */
export function decideRoute(held: HeldRoute, wanted: WantedRoute): RouteDecision {
  if (wanted.fence < held.fence) return 'stale';
  const same =
    wanted.fence === held.fence &&
    wanted.instanceId === held.instanceId &&
    sameAddress(wanted.listen, held.listen) &&
    sameAddress(wanted.upstream, held.upstream);
  return same ? 'unchanged' : 'switch';
}

export function sameAddress(left: Address | null, right: Address | null): boolean {
  return left?.host === right?.host && left?.port === right?.port;
}

export async function readRoute(folder: string): Promise<HeldRoute> {
  const json = await readJson(join(folder, 'route.json'));
  return json === null ? NO_ROUTE : routeFromJson(json);
}

export function writeRoute(folder: string, route: HeldRoute): void {
  writeJson(join(folder, 'route.json'), routeToJson(route));
}

export function routeToJson(route: HeldRoute): JsonObject {
  const { fence, listen, instanceId, upstream } = route;
  return {
    fence,
    instanceId,
    listen: listen === null ? null : { ...listen },
    upstream: upstream === null ? null : { ...upstream },
  };
}

export function routeFromJson(value: JsonValue): HeldRoute {
  const json = asObject(value);
  const fence = numberOf(json?.fence) ?? 0;
  const instanceId = textOf(json?.instanceId);
  const listen = addressFrom(json?.listen);
  const upstream = addressFrom(json?.upstream);
  if (instanceId === null || listen === null || upstream === null) return { ...NO_ROUTE, fence };
  return { fence, listen, instanceId, upstream };
}

function addressFrom(value: JsonValue | undefined): Address | null {
  const json = asObject(value);
  const host = textOf(json?.host);
  const port = numberOf(json?.port);
  return host === null || port === null ? null : { host, port };
}
