import { type SopSubject, sopApplies } from '../domain/assumptions.js';
import type { Freeze, Guards, Severity } from '../domain/catalog.js';
import { freezeOf } from '../domain/freeze.js';
import { firstGuards, requestedAsGuards } from '../domain/guards.js';
import type { ApprovalDemands } from '../domain/plan.js';
import type { Control, Finding, Sop } from '../domain/sop.js';
import type { AdviseNeeds } from './advise-needs.js';
import { adviceFindings } from './controls/advice-findings.js';
import { checkControl } from './controls/check.js';
import { approvalDemanded } from './controls/check-approval.js';
import { allFreezes, atLeast, controlApplies } from './controls/scope.js';
import { applyWaivers } from './controls/waivers.js';
import type { Grounded, GroundedEnvironment } from './ground.js';
import { policyFindings } from './policy.js';

export interface Advice {
  /** By environment, after tightening. */
  readonly guards: ReadonlyMap<string, Guards>;
  readonly findings: readonly Finding[];
  /** The policy's, and those of SOPs that would block; what was waived is not among them. */
  readonly freezes: readonly Freeze[];
  readonly blocked: boolean;
  /** When a block may end by itself (a freeze, a time in another environment); null when only a change ends it. */
  readonly blockedUntil: Date | null;
  readonly approval: ApprovalDemands;
}

interface Applying {
  readonly sop: Sop;
  readonly control: Control;
}

/** What policy and SOPs say about a grounded request. Advice tightens, it never loosens. */
export function advise(needs: AdviseNeeds, grounded: Grounded): Advice {
  const subject: SopSubject = {
    service: grounded.service.name,
    environments: grounded.environments.map((item) => item.environment.name),
    action: grounded.request.action,
  };
  const sops = needs.sops.filter((sop) => sopApplies(sop, subject));
  const applying = (environment: string): readonly Applying[] =>
    sops.flatMap((sop) =>
      sop.controls
        .filter((control) => controlApplies(sop, control, subject, environment))
        .map((control) => ({ sop, control })),
    );
  const checked = grounded.environments.map((item) =>
    checkAll(needs, grounded, item, applying(item.environment.name)),
  );
  const freezes = allFreezes(needs.catalog, sops, subject, needs.waivers);
  const findings = [
    ...policyFindings(needs, grounded),
    ...checked.flatMap((item) => item.findings),
    ...adviceFindings(sops, needs.catalog, subject),
  ];
  const blocked = findings.some((finding) => blocks(finding, needs.catalog.policy.blockAt));
  const frozen = subject.environments.flatMap((name) => freezeOf(freezes, name, needs.now)?.until ?? []);
  return {
    guards: new Map(checked.map(({ environment, guards }) => [environment, guards])),
    findings,
    freezes,
    blocked,
    blockedUntil: blocked ? latest([...frozen, ...checked.flatMap(({ until }) => until)]) : null,
    approval: approvalDemanded(needs, subject.environments.flatMap(applying)),
  };
}

interface EnvironmentChecked {
  readonly environment: string;
  readonly guards: Guards;
  readonly findings: readonly Finding[];
  /** When what blocks here ends by itself. */
  readonly until: readonly Date[];
}

function checkAll(
  needs: AdviseNeeds,
  grounded: Grounded,
  item: GroundedEnvironment,
  applying: readonly Applying[],
): EnvironmentChecked {
  const { name, guards: ofEnvironment } = item.environment;
  let guards = firstGuards(
    requestedAsGuards(grounded.request.guards),
    grounded.service.guards,
    ofEnvironment,
    needs.defaults,
  );
  const findings: Finding[] = [];
  const until: Date[] = [];
  for (const { sop, control } of applying) {
    const result = checkControl(needs, grounded, item, guards, sop, control);
    const found = applyWaivers(result.findings, needs.waivers);
    findings.push(...found);
    guards = result.guards;
    const blocking = found.some((finding) => blocks(finding, needs.catalog.policy.blockAt));
    if (result.until !== null && blocking) until.push(result.until);
  }
  return { environment: name, guards, findings: once(findings), until };
}

/** A sentence that became several freezes says once that it is kept, and only what is not kept where one is not. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ source, rule, quote }: Finding) => [source, rule, quote].join('\0');
  const broken = new Set(findings.filter(({ verdict }) => verdict !== 'complies').map(keyOf));
  const seen = new Set<string>();
  return findings.filter((finding) => {
    if (finding.rule !== 'freeze' || finding.verdict !== 'complies') return true;
    const known = broken.has(keyOf(finding)) || seen.has(keyOf(finding));
    seen.add(keyOf(finding));
    return !known;
  });
}

function latest(moments: readonly Date[]): Date | null {
  return moments.length === 0 ? null : new Date(Math.max(...moments.map((moment) => moment.getTime())));
}

export function blocks(finding: Finding, blockAt: Severity): boolean {
  return finding.verdict === 'deviates' && atLeast(finding.severity, blockAt);
}
