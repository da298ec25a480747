import type { Guards } from '../domain/catalog.js';
import { freezeOf } from '../domain/freeze.js';
import { describeGuard, looserFields, requestedAsGuards } from '../domain/guards.js';
import type { PostStep } from '../domain/intent.js';
import type { Control, Finding, Sop } from '../domain/sop.js';
import { type AdviseNeeds, changesWhatRuns, freezeFix, frozenMessage } from './advise-needs.js';
import type { Grounded, GroundedEnvironment } from './ground.js';

export interface Checked {
  readonly findings: readonly Finding[];
  readonly guards: Guards;
}

/** What one control of an SOP comes to in one environment: its finding, and the guards, tightened where it says so. */
export function checkControl(
  needs: AdviseNeeds,
  grounded: Grounded,
  item: GroundedEnvironment,
  guards: Guards,
  sop: Sop,
  control: Control,
): Checked {
  const environment = item.environment.name;
  const finding = (verdict: Finding['verdict'], message: string, fix: string): Finding => ({
    source: sop.id,
    rule: control.kind,
    severity: sop.severity,
    verdict,
    environment,
    message,
    quote: control.quote,
    fix,
    by: 'code',
    waiver: null,
  });
  switch (control.kind) {
    case 'guards':
      return tighten(grounded, guards, control.guards, finding);
    case 'require-steps':
      return { guards, findings: [requiredSteps(grounded, control.steps, finding)] };
    case 'environments-first':
      return {
        guards,
        findings: [environmentsFirst(needs, grounded, environment, control.environments, finding)],
      };
    case 'freeze':
      return { guards, findings: freezeFinding(needs, grounded, environment, control, finding) };
    case 'pinned-version':
      return { guards, findings: [pinnedVersion(grounded, finding)] };
    case 'signed-version':
    case 'approvals':
    case 'approver':
    case 'alone':
      return { guards, findings: [finding('cannot-tell', `${control.kind} is not checked`, '')] };
  }
}

type MakeFinding = (verdict: Finding['verdict'], message: string, fix: string) => Finding;

function requiredSteps(grounded: Grounded, required: readonly PostStep[], finding: MakeFinding): Finding {
  const missing = required.filter((step) => !grounded.request.postSteps.includes(step));
  if (missing.length === 0 || grounded.request.action === 'rollback' || grounded.request.action === 'build') {
    return finding('complies', `Runs ${required.join(', ')}`, '');
  }
  const words = missing.map((step) => STEP_WORDS[step]).join(' and ');
  return finding(
    'deviates',
    `${missing.join(', ')} is required and not in the plan`,
    `Add "${words}" to the intent`,
  );
}

const STEP_WORDS: Readonly<Record<PostStep, string>> = {
  run_tests: 'run the tests',
  smoke_tests: 'run the smoke tests',
  notify: 'notify the team',
};

function environmentsFirst(
  needs: AdviseNeeds,
  grounded: Grounded,
  environment: string,
  first: readonly string[],
  finding: MakeFinding,
): Finding {
  const asked = grounded.environments.map((item) => item.environment.name);
  const before = asked.slice(0, asked.indexOf(environment));
  const missing = first.filter(
    (name) => name !== environment && !before.includes(name) && !needs.goodIn.includes(name),
  );
  if (missing.length === 0 || grounded.request.action !== 'deploy')
    return finding('complies', `${first.join(', ')} first`, '');
  return finding(
    'deviates',
    `${grounded.version.ref} has not passed its watch in ${missing.join(', ')}, which comes before ${environment}`,
    `Deploy to ${missing.join(', ')} first, in this intent ("to ${missing.join(', ')}, then ${environment}") or in one before it`,
  );
}

function freezeFinding(
  needs: AdviseNeeds,
  grounded: Grounded,
  environment: string,
  control: Extract<Control, { kind: 'freeze' }>,
  finding: MakeFinding,
): readonly Finding[] {
  if (grounded.request.action !== 'deploy') return [];
  const frozen = freezeOf([control.freeze], environment, needs.now);
  if (frozen === null)
    return control.freeze.environments.length === 0 || control.freeze.environments.includes(environment)
      ? [finding('complies', `Outside the freeze "${control.freeze.name}"`, '')]
      : [];
  return [
    finding(
      'deviates',
      frozenMessage(control.freeze.name, environment, frozen.until),
      freezeFix(frozen.until),
    ),
  ];
}

function pinnedVersion(grounded: Grounded, finding: MakeFinding): Finding {
  const { asked, ref, commit } = grounded.version;
  const pinned =
    grounded.request.action === 'rollback' ||
    (asked !== null && asked !== 'latest' && (isReleaseTag(ref) || commit.startsWith(asked.toLowerCase())));
  if (pinned) return finding('complies', `${ref} is pinned`, '');
  return finding(
    'deviates',
    `${asked === null ? 'No version' : asked} is not a pinned version`,
    'Name a release tag, for example v1.2.3',
  );
}

function isReleaseTag(ref: string): boolean {
  return /^v?\d+\.\d+/.test(ref);
}

/** Defaults are tightened; what the intent itself asks for more loosely than the SOP allows is a deviation. */
function tighten(grounded: Grounded, guards: Guards, bound: Guards, finding: MakeFinding): Checked {
  if (!changesWhatRuns(grounded)) return { guards, findings: [] };
  const loose = looserFields(guards, bound);
  if (loose.length === 0)
    return { guards, findings: [finding('complies', 'Guards are as tight as asked', '')] };
  const requested = requestedAsGuards(grounded.request.guards);
  const findings = loose.map((field) => {
    const to = describeGuard(field, bound[field]);
    if (requested[field] !== null) {
      return finding(
        'deviates',
        `The intent asks for ${describeGuard(field, requested[field])}, allowed is ${to}`,
        `Ask for ${to} or tighter`,
      );
    }
    return finding('tightened', `${describeGuard(field, guards[field])} became ${to}`, '');
  });
  const tightened = Object.fromEntries(
    loose.filter((field) => requested[field] === null).map((field) => [field, bound[field]]),
  );
  return { guards: { ...guards, ...tightened }, findings };
}
