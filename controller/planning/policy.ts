import { freezeOf } from '../domain/freeze.js';
import type { Problem } from '../domain/problem.js';
import type { Finding } from '../domain/sop.js';
import { type AdviseNeeds, changesWhatRuns, freezeFix, frozenMessage, stepsAsked } from './advise-needs.js';
import type { Grounded } from './ground.js';

/** What the catalog's policy, the quarantine and what is configured have to say. */
export function policyFindings(needs: AdviseNeeds, grounded: Grounded): readonly Finding[] {
  return [
    ...freezePolicy(needs, grounded),
    ...quarantinePolicy(needs, grounded),
    ...configuredPolicy(needs, grounded),
    ...needs.sopProblems.map(unreadableSop),
  ];
}

/** Shown to whoever approves: what such an SOP demands was not checked. It holds nothing else up. */
function unreadableSop(problem: Problem): Finding {
  return {
    source: problem.file,
    rule: 'unreadable',
    severity: 'medium',
    verdict: 'deviates',
    environment: null,
    message: `What this SOP demands was not checked, for it cannot be read: ${problem.message}`,
    quote: problem.field ?? problem.file,
    fix: problem.fix,
    by: 'code',
    waiver: null,
  };
}

function policyFinding(
  rule: string,
  environment: string | null,
  message: string,
  quote: string,
  fix: string,
): Finding {
  return {
    source: 'policy',
    rule,
    severity: 'high',
    verdict: 'deviates',
    environment,
    message,
    quote,
    fix,
    by: 'code',
    waiver: null,
  };
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
