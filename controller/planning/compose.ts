import { catalogSlice, sopSlice } from '../domain/assumptions.js';
import { type Catalog, type Guards, NO_GUARDS, type RuntimeKind } from '../domain/catalog.js';
import { API_VERSION, type IntentSource, type PostStep } from '../domain/intent.js';
import type { EvidenceByField } from '../domain/interpretation.js';
import {
  type DeploymentPlan,
  type PlannedEnvironment,
  type PlannedStep,
  type PlanReading,
  sealPlan,
} from '../domain/plan.js';
import type { Sop } from '../domain/sop.js';
import type { Advice } from './advise.js';
import { stepsAsked } from './advise-needs.js';
import type { Grounded, GroundedEnvironment } from './ground.js';

export interface ComposeInput {
  readonly intent: {
    readonly name: string;
    readonly text: string;
    readonly revision: string;
    readonly source: IntentSource;
  };
  readonly grounded: Grounded;
  readonly evidence: EvidenceByField;
  readonly reading: PlanReading;
  readonly madeWithout: readonly string[];
  readonly advice: Advice;
  readonly catalog: Catalog;
  readonly sops: readonly Sop[];
  readonly now: Date;
}

/** A pure function of what was read, grounded and advised: the plan with its digest. */
export function compose(input: ComposeInput): DeploymentPlan {
  const { grounded, catalog, now } = input;
  const names = grounded.environments.map((item) => item.environment.name);
  const subject = { service: grounded.service.name, environments: names, action: grounded.request.action };
  return sealPlan({
    apiVersion: API_VERSION,
    kind: 'DeploymentPlan',
    intent: { name: input.intent.name, text: input.intent.text, source: input.intent.source },
    action: grounded.request.action,
    service: grounded.service,
    version: grounded.version,
    environments:
      grounded.request.action === 'build' ? buildEnvironments(grounded, catalog) : plannedEnvironments(input),
    freezes: input.advice.freezes.filter(
      (freeze) =>
        freeze.environments.length === 0 ||
        freeze.environments.some((environment) => names.includes(environment)),
    ),
    findings: input.advice.findings,
    evidence: input.evidence,
    reading: input.reading,
    approval: input.advice.approval,
    madeWithout: input.madeWithout,
    assumptions: {
      intentRevision: input.intent.revision,
      catalog: catalogSlice(catalog, grounded.service.name, names),
      sops: sopSlice(input.sops, subject),
    },
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + catalog.policy.planExpiresSeconds * 1000).toISOString(),
  });
}

function plannedEnvironments(input: ComposeInput): readonly PlannedEnvironment[] {
  const built = new Set<RuntimeKind>();
  return input.grounded.environments.map((item) => {
    const { runtime, name, host } = item.environment;
    const steps = stepsFor(input.grounded, item, !built.has(runtime));
    built.add(runtime);
    const guards = input.advice.guards.get(name) ?? NO_GUARDS;
    return {
      environment: name,
      runtime,
      host,
      port: input.grounded.service.ports[name] ?? input.grounded.service.port,
      replaces: item.current,
      target: item.target,
      steps,
      guards: steps.some((step) => step.kind === 'watch') ? guards : onlyHealth(guards),
    };
  });
}

/** The order in which one environment is brought to the release: nothing that users reach changes before `switch`. */
function stepsFor(
  grounded: Grounded,
  item: GroundedEnvironment,
  firstOfRuntime: boolean,
): readonly PlannedStep[] {
  const scripts = stepsAsked(grounded).flatMap((name) => scriptStep(grounded, name));
  const checks = scripts.filter((step) => step.name !== 'notify');
  const notices = scripts.filter((step) => step.name === 'notify');
  const prepare: readonly PlannedStep[] = firstOfRuntime ? [{ kind: 'checkout' }, { kind: 'build' }] : [];
  const bringUp: readonly PlannedStep[] = [...prepare, { kind: 'start' }, { kind: 'health' }];
  if (grounded.request.action === 'test') {
    const running = item.target !== null;
    return running
      ? [{ kind: 'checkout' }, ...checks, ...notices]
      : [...bringUp, ...checks, { kind: 'stop' }, ...notices];
  }
  return [...bringUp, ...checks, { kind: 'switch' }, { kind: 'watch' }, ...notices];
}

function scriptStep(grounded: Grounded, name: PostStep): readonly Extract<PlannedStep, { kind: 'script' }>[] {
  const script = grounded.service.steps[name];
  return script === undefined ? [] : [{ kind: 'script', name, script }];
}

/** A build has no environment of its own: it builds once for each runtime that the catalog's environments use. */
function buildEnvironments(grounded: Grounded, catalog: Catalog): readonly PlannedEnvironment[] {
  const runtimes = [...new Set(catalog.environments.map((environment) => environment.runtime))];
  const scripts = stepsAsked(grounded).flatMap((name) => scriptStep(grounded, name));
  return runtimes.map((runtime) => ({
    environment: `build-${runtime}`,
    runtime,
    host: '127.0.0.1',
    port: grounded.service.port,
    replaces: null,
    target: null,
    steps: [{ kind: 'checkout' }, { kind: 'build' }, ...scripts],
    guards: NO_GUARDS,
  }));
}

function onlyHealth(guards: Guards): Guards {
  return { ...NO_GUARDS, healthFailures: guards.healthFailures };
}
