import { describeGuards } from '../../domain/guards.js';
import type { PostStep } from '../../domain/intent.js';
import type { Control, Demand, SopScope } from '../../domain/sop.js';

/** A demand in words, so that people can compare it with its sentence. */
export function describeDemand(demand: Demand): string {
  switch (demand.kind) {
    case 'require-steps':
      return `${demand.steps.map((step) => STEP_WORDS[step]).join(' and ')} in the plan`;
    case 'environments-first':
      return demand.hours === null
        ? `good in ${demand.environments.join(', ')} first`
        : `current and good in ${demand.environments.join(', ')} for at least ${hoursWords(demand.hours)} first`;
    case 'freeze':
      return `no deployments: ${demand.freeze.name}`;
    case 'pinned-version':
      return 'a release tag or a commit, not a branch or "latest"';
    case 'signed-version':
      return 'a signed tag or commit';
    case 'guards':
      return `guards at least as tight as ${describeGuards(demand.guards)}`;
    case 'approvals':
      return `at least ${demand.count} ${demand.count === 1 ? 'approval' : 'approvals'}`;
    case 'approver':
      return `approved by ${demand.names.join(' or ')}`;
    case 'alone':
      return 'no other service deployed to the same environment at the same time';
  }
}

export const STEP_WORDS: Readonly<Record<PostStep, string>> = {
  run_tests: 'run the tests',
  smoke_tests: 'run the smoke tests',
  notify: 'notify the team',
};

/** With what it is about: "for deploy to production: no deployments: Fri 16:00 to Sat 00:00 (UTC)". */
export function describeControl(control: Control): string {
  const about = control.scope === null ? '' : `for ${describeScope(control.scope)}: `;
  return `${about}${describeDemand(control)}`;
}

function describeScope({ services, environments, actions }: SopScope): string {
  return [
    actions.length === 0 ? 'everything' : actions.join(' and '),
    ...(services.length === 0 ? [] : [`of ${services.join(', ')}`]),
    ...(environments.length === 0 ? [] : [`to ${environments.join(', ')}`]),
  ].join(' ');
}

/** 24 is "24 h", 0.5 is "30 min". */
export function hoursWords(hours: number): string {
  return hours < 1 ? `${Number((hours * 60).toPrecision(6))} min` : `${Number(hours.toPrecision(6))} h`;
}
