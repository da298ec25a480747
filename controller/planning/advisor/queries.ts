import type { Action } from '../../domain/intent.js';
import type { PlanFacts } from './facts.js';

/** A plan with many environments is asked about no longer than one with a few. */
const MOST_ENVIRONMENTS = 4;

/** What is searched for on behalf of a plan: one question for each environment, for its steps, its guards, and who decides when. */
export function queriesOf(facts: PlanFacts): readonly string[] {
  const verb = VERBS[facts.action];
  const environments = facts.environments.slice(0, MOST_ENVIRONMENTS);
  const names = environments.map(({ environment }) => environment).join(' ');
  const steps = [...new Set(environments.flatMap((item) => item.steps))].join(' ').replaceAll('_', ' ');
  const guards = [...new Set(environments.map((item) => item.guards))].join(' ');
  const queries = [
    ...environments.map(({ environment }) => `${verb} ${facts.service} to ${environment}`),
    `required before ${verb} ${names} ${steps}`,
    guards === '' ? '' : `monitoring limits ${names} ${guards}`,
    `who must approve ${verb} ${facts.service} ${names}, when is it not allowed`,
    `which version may ${verb} ${facts.version.ref.slice(0, 100)}`,
  ];
  return [
    ...new Set(queries.map((query) => query.replace(/\s+/g, ' ').trim()).filter((query) => query !== '')),
  ];
}

const VERBS: Readonly<Record<Action, string>> = {
  deploy: 'deploy release deployment',
  rollback: 'roll back rollback',
  test: 'run tests',
  build: 'build',
};
