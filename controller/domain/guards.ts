import type { Guards } from './catalog.js';
import type { RequestedGuards } from './interpretation.js';

const FIELDS = ['errorRate', 'latencyP95Ms', 'logErrorsPerMinute', 'healthFailures', 'watchSeconds'] as const;
export type GuardField = (typeof FIELDS)[number];

export function requestedAsGuards(requested: RequestedGuards): Guards {
  return {
    errorRate: requested.errorRate,
    latencyP95Ms: requested.latencyP95Ms,
    logErrorsPerMinute: null,
    healthFailures: null,
    watchSeconds:
      requested.watchMinutes === null ? null : Number((requested.watchMinutes * 60).toPrecision(12)),
  };
}

/** The first guard that is set, field by field: plan, then service, then environment, then the configured defaults. */
export function firstGuards(...levels: readonly Guards[]): Guards {
  const pick = (field: GuardField) =>
    levels.map((level) => level[field]).find((value) => value !== null) ?? null;
  return {
    errorRate: pick('errorRate'),
    latencyP95Ms: pick('latencyP95Ms'),
    logErrorsPerMinute: pick('logErrorsPerMinute'),
    healthFailures: pick('healthFailures'),
    watchSeconds: pick('watchSeconds'),
  };
}

/** Fields in which `bound` is tighter than `guards`: smaller bounds are tighter, but a watch is tighter when longer. */
export function looserFields(guards: Guards, bound: Guards): readonly GuardField[] {
  return FIELDS.filter((field) => {
    const limit = bound[field];
    const value = guards[field];
    if (limit === null) return false;
    if (value === null) return true;
    return field === 'watchSeconds' ? value < limit : value > limit;
  });
}

export function describeGuard(field: GuardField, value: number | null): string {
  if (value === null) return 'none';
  const shown: Record<GuardField, string> = {
    errorRate: `error rate ${Number((value * 100).toPrecision(6))} %`,
    latencyP95Ms: `p95 ${value} ms`,
    logErrorsPerMinute: `${value} error lines a minute`,
    healthFailures: `${value} failed health probes in a row`,
    watchSeconds: `watch ${Number((value / 60).toPrecision(4))} min`,
  };
  return shown[field];
}

export function describeGuards(guards: Guards): string {
  return FIELDS.filter((field) => guards[field] !== null)
    .map((field) => describeGuard(field, guards[field]))
    .join(', ');
}
