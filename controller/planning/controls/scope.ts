import type { SopSubject } from '../../domain/assumptions.js';
import { type Catalog, type Freeze, SEVERITIES, type Severity } from '../../domain/catalog.js';
import type { Control, Sop, SopScope } from '../../domain/sop.js';
import type { Waiver } from '../advise-needs.js';

/** Is a control, with the narrower scope that its sentence has, about this service, action and environment? */
export function controlApplies(
  sop: Sop,
  control: Control,
  subject: Pick<SopSubject, 'service' | 'action'>,
  environment: string,
): boolean {
  return (
    isAbout(sop.scope, subject, environment) &&
    (control.scope === null || isAbout(control.scope, subject, environment))
  );
}

function isAbout(
  scope: SopScope,
  { service, action }: Pick<SopSubject, 'service' | 'action'>,
  environment: string,
): boolean {
  const has = (list: readonly string[], name: string) => list.length === 0 || list.includes(name);
  return has(scope.services, service) && has(scope.actions, action) && has(scope.environments, environment);
}

export function severityOf(sop: Sop, control: Control): Severity {
  return control.severity ?? sop.severity;
}

export function atLeast(severity: Severity, bound: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(bound);
}

/** Did a person let this sentence of this SOP pass? */
export function waiverOf(waivers: readonly Waiver[], source: string, quote: string): Waiver | null {
  return waivers.find((waiver) => waiver.source === source && waiver.quote === quote) ?? null;
}

/**
 * The freezes that hold a deploy up: the policy's, and those of SOPs that would block and that nobody waived; each limited to
 * the environments of its sentence and its SOP.
 */
export function allFreezes(
  catalog: Catalog,
  sops: readonly Sop[],
  subject: SopSubject,
  waivers: readonly Waiver[] = [],
): readonly Freeze[] {
  const fromSops = sops.flatMap((sop) =>
    sop.controls.flatMap((control) => {
      if (control.kind !== 'freeze' || waiverOf(waivers, sop.id, control.quote) !== null) return [];
      if (!atLeast(severityOf(sop, control), catalog.policy.blockAt)) return [];
      const environments = subject.environments.filter(
        (environment) =>
          controlApplies(sop, control, subject, environment) && isFrozenBy(control.freeze, environment),
      );
      return environments.length === 0 ? [] : [{ ...control.freeze, environments }];
    }),
  );
  return [...catalog.policy.freezes, ...fromSops];
}

function isFrozenBy(freeze: Freeze, environment: string): boolean {
  return freeze.environments.length === 0 || freeze.environments.includes(environment);
}
