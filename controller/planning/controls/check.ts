import type { Guards } from '../../domain/catalog.js';
import type { Control, Finding, Sop } from '../../domain/sop.js';
import type { AdviseNeeds } from '../advise-needs.js';
import type { Grounded, GroundedEnvironment } from '../ground.js';
import { aloneFinding } from './check-alone.js';
import { approvalsFinding, approverFinding } from './check-approval.js';
import { environmentsFirst } from './check-environments.js';
import { freezeFinding } from './check-freeze.js';
import { tighten } from './check-guards.js';
import { requiredSteps } from './check-steps.js';
import { pinnedVersion, signedVersion } from './check-version.js';
import { describeControl } from './describe.js';
import { atLeast, severityOf } from './scope.js';

export interface Checked {
  readonly findings: readonly Finding[];
  readonly guards: Guards;
  /** When what deviates may end by itself; null: only a change ends it. */
  readonly until: Date | null;
}

/** One control in one environment. */
export interface Check {
  readonly needs: AdviseNeeds;
  readonly grounded: Grounded;
  readonly item: GroundedEnvironment;
  readonly finding: MakeFinding;
  /** A plan that deviates is held up; otherwise it is a recommendation. */
  readonly binding: boolean;
}

export type MakeFinding = (verdict: Finding['verdict'], message: string, fix: string) => Finding;

/** What one control of an SOP comes to in one environment: its finding, and the guards, tightened where it says so. */
export function checkControl(
  needs: AdviseNeeds,
  grounded: Grounded,
  item: GroundedEnvironment,
  guards: Guards,
  sop: Sop,
  control: Control,
): Checked {
  const compiled = control.origin === 'front-matter' ? '' : ` (compiled as: ${describeControl(control)})`;
  const finding: MakeFinding = (verdict, message, fix) => ({
    source: sop.id,
    rule: control.kind,
    severity: severityOf(sop, control),
    verdict,
    environment: item.environment.name,
    message: `${message}${compiled}`,
    quote: control.quote,
    fix,
    by: 'code',
    waiver: null,
  });
  const binding = atLeast(severityOf(sop, control), needs.catalog.policy.blockAt);
  const check: Check = { needs, grounded, item, finding, binding };
  const alone = (...findings: readonly Finding[]): Checked => ({ findings, guards, until: null });
  switch (control.kind) {
    case 'guards':
      return { ...tighten(check, guards, control.guards), until: null };
    case 'require-steps':
      return alone(requiredSteps(check, control.steps));
    case 'environments-first':
      return { guards, ...environmentsFirst(check, control.environments, control.hours) };
    case 'freeze':
      return { guards, ...freezeFinding(check, control.freeze) };
    case 'pinned-version':
      return alone(pinnedVersion(check));
    case 'signed-version':
      return alone(signedVersion(check));
    case 'approvals':
      return alone(approvalsFinding(check, control.count));
    case 'approver':
      return alone(approverFinding(check, control.names));
    case 'alone':
      return alone(aloneFinding(check));
  }
}
