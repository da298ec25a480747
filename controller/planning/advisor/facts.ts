import type { Catalog, Guards } from '../../domain/catalog.js';
import { describeGuards } from '../../domain/guards.js';
import type { Action } from '../../domain/intent.js';
import { stepsAsked } from '../advise-needs.js';
import type { Grounded } from '../ground.js';

/** What is told about a plan to find, and to judge by, the passages that matter: words only, nothing that can be acted on. */
export interface PlanFacts {
  readonly action: Action;
  readonly service: string;
  readonly version: { readonly asked: string | null; readonly ref: string };
  readonly environments: readonly EnvironmentFacts[];
}

export interface EnvironmentFacts {
  readonly environment: string;
  readonly steps: readonly string[];
  /** In words, for example "error rate 2 %, watch 10 min"; empty when nothing is guarded. */
  readonly guards: string;
  /** The version that serves there now; null: nothing does. */
  readonly replaces: string | null;
}

/** `guards`: by environment, after tightening (`Advice.guards`). */
export function factsOf(grounded: Grounded, guards: ReadonlyMap<string, Guards>): PlanFacts {
  const { action } = grounded.request;
  return {
    action,
    service: grounded.service.name,
    version: { asked: grounded.version.asked, ref: grounded.version.ref },
    environments: grounded.environments.map(({ environment, current }) => {
      const bounds = guards.get(environment.name);
      return {
        environment: environment.name,
        steps: [...STEPS[action].before, ...stepsAsked(grounded), ...STEPS[action].after],
        guards: bounds === undefined ? '' : describeGuards(bounds),
        replaces: current?.version ?? null,
      };
    }),
  };
}

const STEPS: Readonly<
  Record<Action, { readonly before: readonly string[]; readonly after: readonly string[] }>
> = {
  deploy: { before: ['build', 'start', 'health check'], after: ['switch', 'watch'] },
  rollback: { before: ['start', 'health check'], after: ['switch', 'watch'] },
  test: { before: [], after: [] },
  build: { before: ['build'], after: [] },
};

/** Names of a catalog, which are no secret in a prompt. */
export function catalogNames({ services, environments }: Catalog): readonly string[] {
  const all = [...services, ...environments].flatMap(({ name, aliases }) => [name, ...aliases]);
  return [...new Set(all)];
}
