import { sopApplies } from '../domain/assumptions.js';
import { type Catalog, type Freeze, type Guards, SEVERITIES, type Severity } from '../domain/catalog.js';
import { freezeOf } from '../domain/freeze.js';
import { firstGuards, requestedAsGuards } from '../domain/guards.js';
import type { ApprovalDemands } from '../domain/plan.js';
import type { Finding, Sop } from '../domain/sop.js';
import type { AdviseNeeds } from './advise-needs.js';
import { checkControl } from './controls.js';
import type { Grounded, GroundedEnvironment } from './ground.js';
import { policyFindings } from './policy.js';

export interface Advice {
  /** By environment, after tightening. */
  readonly guards: ReadonlyMap<string, Guards>;
  readonly findings: readonly Finding[];
  readonly blocked: boolean;
  /** When a block may end by itself (a freeze); null when only a change ends it. */
  readonly blockedUntil: Date | null;
  readonly approval: ApprovalDemands;
}

/** What policy and SOPs say about a grounded request. Advice tightens, it never loosens. */
export function advise(needs: AdviseNeeds, grounded: Grounded): Advice {
  const subject = {
    service: grounded.service.name,
    environments: grounded.environments.map((item) => item.environment.name),
    action: grounded.request.action,
  };
  const applying = needs.sops.filter((sop) => sopApplies(sop, subject));
  const findings: Finding[] = [...policyFindings(needs, grounded)];
  const guards = new Map<string, Guards>();
  let blockedUntil: Date | null = null;
  for (const item of grounded.environments) {
    let bounds = firstGuards(
      requestedAsGuards(grounded.request.guards),
      grounded.service.guards,
      item.environment.guards,
      needs.defaults,
    );
    for (const sop of applying.filter((candidate) => inScope(candidate, item))) {
      for (const control of sop.controls) {
        const result = checkControl(needs, grounded, item, bounds, sop, control);
        findings.push(...result.findings);
        bounds = result.guards;
      }
    }
    guards.set(item.environment.name, bounds);
    const frozen = freezeOf(allFreezes(needs.catalog, applying), item.environment.name, needs.now);
    if (frozen !== null && (blockedUntil === null || frozen.until > blockedUntil))
      blockedUntil = frozen.until;
  }
  const blocked = findings.some((finding) => blocks(finding, needs.catalog.policy.blockAt));
  return {
    guards,
    findings,
    blocked,
    blockedUntil: blocked ? blockedUntil : null,
    approval: { approvals: 0, approvers: [] },
  };
}

export function blocks(finding: Finding, blockAt: Severity): boolean {
  return finding.verdict === 'deviates' && atLeast(finding.severity, blockAt);
}

function atLeast(severity: Severity, bound: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(bound);
}

/** The freezes that hold a plan up: the policy's, and those of the applying SOPs that would block; each limited to its environments. */
export function allFreezes(catalog: Catalog, sops: readonly Sop[]): readonly Freeze[] {
  const blocking = sops.filter((sop) => atLeast(sop.severity, catalog.policy.blockAt));
  const fromSops = blocking.flatMap((sop) =>
    sop.controls.flatMap((control) =>
      control.kind === 'freeze'
        ? [
            {
              ...control.freeze,
              environments:
                control.freeze.environments.length > 0 ? control.freeze.environments : sop.scope.environments,
            },
          ]
        : [],
    ),
  );
  return [...catalog.policy.freezes, ...fromSops];
}

function inScope(sop: Sop, item: GroundedEnvironment): boolean {
  return sop.scope.environments.length === 0 || sop.scope.environments.includes(item.environment.name);
}
