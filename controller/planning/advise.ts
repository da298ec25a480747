import { sopApplies } from '../domain/assumptions.js';
import { type Catalog, type Guards, type RuntimeKind, SEVERITIES, type Severity } from '../domain/catalog.js';
import { freezeOf } from '../domain/freeze.js';
import { describeGuard, firstGuards, looserFields, requestedAsGuards } from '../domain/guards.js';
import type { PostStep } from '../domain/intent.js';
import type { QuarantineRecord } from '../domain/records.js';
import type { Control, Finding, Sop } from '../domain/sop.js';
import type { Grounded, GroundedEnvironment } from './ground.js';

export interface AdviseNeeds {
  readonly now: Date;
  readonly catalog: Catalog;
  readonly sops: readonly Sop[];
  /** Versions that were rolled back and not lifted, of this service. */
  readonly quarantine: readonly QuarantineRecord[];
  /** Environments in which this commit has passed its watch, and is current now. */
  readonly goodIn: readonly string[];
  readonly defaults: Guards;
  readonly scripts: readonly string[];
  readonly runtimes: readonly RuntimeKind[];
}

export interface Advice {
  /** By environment, after tightening. */
  readonly guards: ReadonlyMap<string, Guards>;
  readonly findings: readonly Finding[];
  readonly blocked: boolean;
  /** When a block may end by itself (a freeze); null when only a change ends it. */
  readonly blockedUntil: Date | null;
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
  return { guards, findings, blocked, blockedUntil: blocked ? blockedUntil : null };
}

export function blocks(finding: Finding, blockAt: Severity): boolean {
  return (
    finding.verdict === 'deviates' && SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(blockAt)
  );
}

/** The freezes of the policy and of the SOPs that apply, each limited to its environments. */
export function allFreezes(catalog: Catalog, sops: readonly Sop[]) {
  const fromSops = sops.flatMap((sop) =>
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

interface Checked {
  readonly findings: readonly Finding[];
  readonly guards: Guards;
}

function checkControl(
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

function policyFindings(needs: AdviseNeeds, grounded: Grounded): readonly Finding[] {
  return [
    ...freezePolicy(needs, grounded),
    ...quarantinePolicy(needs, grounded),
    ...configuredPolicy(needs, grounded),
  ];
}

function policyFinding(
  rule: string,
  environment: string | null,
  message: string,
  quote: string,
  fix: string,
): Finding {
  return { source: 'policy', rule, severity: 'high', verdict: 'deviates', environment, message, quote, fix };
}

/** A freeze stops deploys. Going back to what was good is never frozen. */
function freezePolicy(needs: AdviseNeeds, grounded: Grounded): readonly Finding[] {
  if (grounded.request.action !== 'deploy') return [];
  return grounded.environments.flatMap(({ environment }) => {
    const frozen = freezeOf(needs.catalog.policy.freezes, environment.name, needs.now);
    if (frozen === null) return [];
    const quote = `freeze ${frozen.freeze.name}: ${frozen.freeze.from} to ${frozen.freeze.to} (${frozen.freeze.timezone})`;
    return [
      policyFinding(
        'freeze',
        environment.name,
        frozenMessage(frozen.freeze.name, environment.name, frozen.until),
        quote,
        freezeFix(frozen.until),
      ),
    ];
  });
}

function quarantinePolicy(needs: AdviseNeeds, grounded: Grounded): readonly Finding[] {
  const commits = [
    grounded.version.commit,
    ...grounded.environments.flatMap((item) => (item.target === null ? [] : [item.target.commit])),
  ];
  if (!changesWhatRuns(grounded)) return [];
  return needs.quarantine
    .filter((record) => commits.includes(record.commit))
    .map((record) =>
      policyFinding(
        'quarantine',
        null,
        `${grounded.service.name} ${record.version} (${record.commit.slice(0, 12)}) is quarantined: ${record.reason}`,
        `quarantined ${record.createdAt.toISOString()}`,
        `Deploy a version that mends it, or lift the quarantine: commander quarantine lift ${record.id}`,
      ),
    );
}

/** What the plan would need and the catalog, the scripts folder or this machine does not have. */
function configuredPolicy(needs: AdviseNeeds, grounded: Grounded): readonly Finding[] {
  const { request, service } = grounded;
  const steps = stepsAsked(grounded);
  const findings: Finding[] = [];
  for (const step of steps) {
    const script = service.steps[step];
    if (script === undefined) {
      findings.push(
        policyFinding(
          'configured-steps',
          null,
          `${service.name} has no script for ${step}`,
          `services[${service.name}].steps`,
          `Add steps: { ${step}: { script: <name> } } to ${service.name} in commander.yaml`,
        ),
      );
    } else if (!needs.scripts.includes(script.script)) {
      findings.push(
        policyFinding(
          'script-allow-list',
          null,
          `Script "${script.script}" of ${step} is not in the allow-list (${needs.scripts.join(', ') || 'which is empty'})`,
          `services[${service.name}].steps.${step}`,
          'Put it into SCRIPTS_DIR, or name one that is there',
        ),
      );
    }
  }
  if (request.action === 'test' && steps.length === 0)
    findings.push(
      policyFinding(
        'no-tests',
        null,
        'There is nothing to run',
        `services[${service.name}].steps`,
        'Say which tests',
      ),
    );
  for (const { environment } of grounded.environments) {
    if (!needs.runtimes.includes(environment.runtime)) {
      findings.push(
        policyFinding(
          'runtime',
          environment.name,
          `This controller has no ${environment.runtime} runtime`,
          `environments[${environment.name}].runtime`,
          `Use one of ${needs.runtimes.join(', ')}`,
        ),
      );
    } else if (environment.runtime === 'process' && service.run === null && request.action !== 'rollback') {
      findings.push(
        policyFinding(
          'run',
          environment.name,
          `${service.name} does not say how it is run in a process`,
          `services[${service.name}].run`,
          'Add run: [node, server.js] (program and arguments)',
        ),
      );
    }
  }
  return findings;
}

/** The scripts a request means: those asked for; a test that names none means run_tests. */
export function stepsAsked(grounded: Pick<Grounded, 'request'>): readonly PostStep[] {
  const { action, postSteps } = grounded.request;
  return action === 'test' && postSteps.length === 0 ? ['run_tests'] : postSteps;
}

function changesWhatRuns(grounded: Grounded): boolean {
  return grounded.request.action === 'deploy' || grounded.request.action === 'rollback';
}

function frozenMessage(name: string, environment: string, until: Date): string {
  return `${environment} is frozen by "${name}" until ${until.toISOString()}`;
}

function freezeFix(until: Date): string {
  return `It is planned again by itself after ${until.toISOString()}`;
}
