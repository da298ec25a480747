import type { WebhookMode } from './webhooks.js';

/** What goes wrong with a request. */
export type FaultAction =
  | {
      readonly action: 'status';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: unknown;
    }
  | { readonly action: 'slow'; readonly milliseconds: number }
  | { readonly action: 'hang' }
  | { readonly action: 'reset' }
  | { readonly action: 'secondary-limit'; readonly retryAfter?: number }
  | { readonly action: 'primary-limit'; readonly status?: 403 | 429; readonly resetInSeconds?: number }
  | { readonly action: 'garbage' }
  | { readonly action: 'unauthorized' }
  | { readonly action: 'done-then-reset' };

export type FaultRule = FaultAction & {
  /** `path` is a regular expression on the path below the API root (or of git's requests). */
  readonly match: { readonly method?: string; readonly path?: string };
  /** How often the rule applies; without it, until the rules are set anew. */
  readonly times?: number;
};

export interface FaultSettings {
  readonly rules?: readonly FaultRule[];
  readonly webhooks?: WebhookMode;
  /** 'later' answers the first question about a new head or base with `mergeable: null`, as GitHub does. */
  readonly mergeable?: 'at-once' | 'later';
}

/** Faults that can be switched while the server runs. */
export interface Faults {
  set(settings: FaultSettings): void;
  clear(): void;
  /** The fault of this request, which counts against its rule's `times`. */
  take(method: string, path: string): FaultAction | undefined;
  webhooks(): WebhookMode;
  mergeable(): 'at-once' | 'later';
}

export function createFaults(): Faults {
  let settings: FaultSettings = {};
  let left = new Map<FaultRule, number>();
  const set = (next: FaultSettings) => {
    settings = next;
    left = new Map((next.rules ?? []).map((rule) => [rule, rule.times ?? Number.POSITIVE_INFINITY]));
  };
  return {
    set,
    clear: () => set({}),
    take(method, path) {
      for (const rule of settings.rules ?? []) {
        const times = left.get(rule) ?? 0;
        if (times <= 0 || !matches(rule, method, path)) continue;
        left.set(rule, times - 1);
        return rule;
      }
      return undefined;
    },
    webhooks: () => settings.webhooks ?? 'deliver',
    mergeable: () => settings.mergeable ?? 'at-once',
  };
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.match.method !== undefined && rule.match.method.toUpperCase() !== method) return false;
  return rule.match.path === undefined || new RegExp(rule.match.path).test(path);
}
