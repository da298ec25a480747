import type { Request } from '../../domain/interpretation.js';

export const IDENTITIES = ['action', 'service', 'version', 'environments'] as const;
export type Identity = (typeof IDENTITIES)[number];
export const EXTRAS = ['postSteps', 'errorRate', 'latencyP95Ms', 'watchMinutes'] as const;
export type Extra = (typeof EXTRAS)[number];

/** Words that mean the newest version, whichever a text uses. */
const NEWEST: readonly (string | null)[] = ['latest', 'newest'];

/** In which of service, environments (their order counts), version and action two readings differ. */
export function differingIdentities(left: Request, right: Request): readonly Identity[] {
  return IDENTITIES.filter((field) => {
    if (field === 'version') return !isSameVersion(left.version, right.version);
    return JSON.stringify(left[field]) !== JSON.stringify(right[field]);
  });
}

/** In which post steps and guards two readings differ. Steps run in an order of their own: theirs in the text does not count. */
export function differingExtras(left: Request, right: Request): readonly Extra[] {
  return EXTRAS.filter((field) =>
    field === 'postSteps'
      ? JSON.stringify([...left.postSteps].sort()) !== JSON.stringify([...right.postSteps].sort())
      : left.guards[field] !== right.guards[field],
  );
}

export function isSame(left: Request, right: Request): boolean {
  return differingIdentities(left, right).length + differingExtras(left, right).length === 0;
}

function isSameVersion(left: string | null, right: string | null): boolean {
  const [a, b] = [left?.toLowerCase() ?? null, right?.toLowerCase() ?? null];
  return left === right || (NEWEST.includes(a) && NEWEST.includes(b));
}
