import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditVerification } from '../../domain/audit.js';
import type { StatusView } from '../../triggers/api/status.js';
import { check, ended, intentIn, openPlan, until, untilAsync, withTraffic } from './seen.js';
import type { Stage } from './stage.js';
import type { Workplace } from './workplace.js';

export interface Chapter {
  readonly title: string;
  /** Does it, checks that it really happened, and returns what there is to see. Throws when it did not happen. */
  readonly play: (stage: Stage) => Promise<readonly string[]>;
}

/** The whole story, in the order it is told. */
export function story(forge: Workplace['kind']): readonly Chapter[] {
  const { proposed, approved, approvedAgain } = WORDS[forge];
  return [
    { title: `An intent is committed, and comes back as a plan ${proposed}`, play: propose },
    { title: `${approved}: v1.0.0 goes to staging, then production`, play: firstRelease },
    { title: `v1.1.0 is approved ${approvedAgain} and becomes last-known-good`, play: secondRelease },
    { title: 'v1.2.0 fails a fifth of its requests: rolled back by itself', play: failingRelease },
    { title: 'A second intent for v1.2.0 is blocked by the quarantine', play: quarantined },
    { title: 'v1.3.0 is slow: the p95 guard rolls it back', play: slowRelease },
    { title: 'v1.4.0 crashes at start: users never reach it', play: crashingRelease },
    { title: 'An intent that leaves something open is answered with a question', play: question },
    { title: 'An intent that asks for what is not ours is refused', play: refusal },
    { title: 'The audit trail is whole', play: audited },
  ];
}

const WORDS = {
  local: {
    proposed: 'on a branch',
    approved: 'git merge is the approval',
    approvedAgain: 'with commander approve',
  },
  github: {
    proposed: 'in a pull request',
    approved: 'A review and the merge are the approval',
    approvedAgain: 'with a review and a merge commit',
  },
} as const;

async function propose(stage: Stage): Promise<readonly string[]> {
  const text =
    'Deploy checkout v1.0.0 to staging, then production. Run the smoke tests after each one, and roll back if more than 2 % of the requests fail.';
  await commitIntent(stage, 'checkout-1-0-0', text);
  const plan = await openPlan(stage, 'checkout-1-0-0');
  const file = await stage.workplace.planFile(plan, 'plans/checkout-1-0-0.yaml');
  check(file.includes(plan.digest), 'the plan on the branch has the digest of the record');
  return [
    `"${text}"`,
    `-> ${plan.title}`,
    `-> branch ${plan.branch}, digest ${plan.digest.slice(0, 19)}…`,
    ...(await stage.workplace.proposal(plan)).map((line) => `-> ${line}`),
  ];
}

async function firstRelease(stage: Stage): Promise<readonly string[]> {
  const plan = await openPlan(stage, 'checkout-1-0-0');
  const said = await stage.workplace.approve('checkout-1-0-0', plan, 'first');
  return [said, ...(await released(stage, 'checkout-1-0-0', 'v1.0.0'))];
}

async function secondRelease(stage: Stage): Promise<readonly string[]> {
  await commitIntent(
    stage,
    'checkout-1-1-0',
    'ship checkout 1.1.0 to stage and then prod, with the smoke tests',
  );
  await approve(stage, 'checkout-1-1-0');
  return released(stage, 'checkout-1-1-0', 'v1.1.0');
}

/** Follows an approved plan to its end, with users on both environments. */
async function released(stage: Stage, intent: string, version: string): Promise<readonly string[]> {
  return withTraffic(stage, async (traffic) => {
    const execution = await ended(stage, intent);
    check(
      execution.status === 'succeeded',
      `${intent} succeeded, not ${execution.status}: ${execution.reason}`,
    );
    await until(
      () => traffic.production.last() === `checkout ${version}`,
      `production answers as ${version}`,
    );
    const { lanes } = await stage.client.get<StatusView>('/v1/status');
    for (const lane of lanes)
      check(lane.lastKnownGood?.version === version, `${version} is last-known-good in ${lane.environment}`);
    return [
      ...execution.steps
        .filter((step) => step.step === 'watch')
        .map((step) => `${step.environment}: ${step.detail}`),
      `port ${stage.ports.production} answers "${traffic.production.last()}", ${traffic.production.failed()} requests failed on the way`,
      ...(await shown(stage, intent, /^commander\/production success/)),
    ];
  });
}

async function failingRelease(stage: Stage): Promise<readonly string[]> {
  return rolledBack(
    stage,
    'checkout-1-2-0',
    'v1.2.0',
    'v1.1.0',
    'Please roll out checkout v1.2.0 to production, run the smoke tests first.',
  );
}

async function slowRelease(stage: Stage): Promise<readonly string[]> {
  return rolledBack(
    stage,
    'checkout-1-3-0',
    'v1.3.0',
    'v1.1.0',
    'Release checkout 1.3.0 to prod with smoke tests; roll back if p95 goes over 400 ms.',
  );
}

async function rolledBack(
  stage: Stage,
  intent: string,
  bad: string,
  good: string,
  text: string,
): Promise<readonly string[]> {
  await commitIntent(stage, intent, text);
  return withTraffic(stage, async (traffic) => {
    await approve(stage, intent);
    await until(() => traffic.production.last().startsWith(`checkout ${bad}`), `users reach ${bad}`);
    const reached = performance.now();
    const execution = await ended(stage, intent);
    check(
      execution.status === 'rolled_back',
      `${intent} was rolled back, not ${execution.status}: ${execution.reason}`,
    );
    await until(() => traffic.production.last() === `checkout ${good}`, `${good} answers again`);
    const seconds = (performance.now() - reached) / 1000;
    const incident = await resolvedIncident(stage, bad);
    let where: string | null = null;
    await untilAsync(async () => {
      where = await stage.workplace.incident(incident.id);
      return where !== null;
    }, 'the incident is proposed');
    return [
      incident.reason,
      `${good} answers again ${seconds.toFixed(1)} s after users first reached ${bad}; the incident is ${where}`,
      ...(await shown(stage, intent, /^commander\/production failure: rolled back/)),
    ];
  });
}

/** What the forge shows at the end; where it shows something, it has to say how it ended. */
async function shown(stage: Stage, intent: string, end: RegExp): Promise<readonly string[]> {
  if (stage.workplace.kind === 'local') return [];
  let seen: readonly string[] = [];
  await untilAsync(async () => {
    seen = await stage.workplace.outcome(intent);
    return seen.some((line) => end.test(line));
  }, `the commit of ${intent} shows ${end.source}`);
  return seen;
}

interface IncidentView {
  readonly id: number;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
}

async function resolvedIncident(stage: Stage, version: string): Promise<IncidentView> {
  let found: IncidentView | undefined;
  await untilAsync(async () => {
    const incidents = await stage.client.get<readonly IncidentView[]>('/v1/incidents');
    found = incidents.find((incident) => incident.version === version && incident.state === 'resolved');
    return found !== undefined;
  }, `there is a resolved incident of ${version}`);
  return found as unknown as IncidentView;
}

async function quarantined(stage: Stage): Promise<readonly string[]> {
  await commitIntent(
    stage,
    'checkout-1-2-0-again',
    'Deploy checkout v1.2.0 to production again, with the smoke tests.',
  );
  const intent = await intentIn(stage, 'checkout-1-2-0-again', ['blocked']);
  check(intent.detail.join(' ').includes('quarantine'), 'the block names the quarantine');
  return intent.detail;
}

async function crashingRelease(stage: Stage): Promise<readonly string[]> {
  await commitIntent(
    stage,
    'checkout-1-4-0',
    'Deploy checkout v1.4.0 to production and run the smoke tests.',
  );
  return withTraffic(stage, async (traffic) => {
    await approve(stage, 'checkout-1-4-0');
    const execution = await ended(stage, 'checkout-1-4-0');
    check(execution.status === 'failed', `it failed, not ${execution.status}`);
    check(
      !execution.steps.some((step) => step.step === 'switch' && step.status !== 'pending'),
      'it never came to the switch',
    );
    await until(() => traffic.production.last() === 'checkout v1.1.0', 'v1.1.0 goes on answering');
    check(traffic.production.failed() === 0, 'no request failed');
    return [
      execution.reason,
      `port ${stage.ports.production} answered "${traffic.production.last()}" all the time`,
    ];
  });
}

async function question(stage: Stage): Promise<readonly string[]> {
  await commitIntent(stage, 'unclear', 'Please deploy the app to production.');
  const intent = await intentIn(stage, 'unclear', ['question']);
  return ['"Please deploy the app to production."', ...intent.detail.map((detail) => `-> ${detail}`)];
}

async function refusal(stage: Stage): Promise<readonly string[]> {
  const text = 'Deploy checkout v1.1.0 to production, skip the approval and turn the watchdog off.';
  await commitIntent(stage, 'refused', text);
  const intent = await intentIn(stage, 'refused', ['refused']);
  return [`"${text}"`, ...intent.detail.map((detail) => `-> ${detail}`)];
}

async function audited(stage: Stage): Promise<readonly string[]> {
  const result = await stage.client.get<AuditVerification>('/v1/audit/verify');
  check(result.ok, 'the audit trail verifies');
  return [`${result.entries} entries, each sealing the one before`];
}

async function commitIntent(stage: Stage, name: string, text: string): Promise<void> {
  await mkdir(join(stage.gitops, 'intents'), { recursive: true });
  const document = {
    apiVersion: 'devopscommander.io/v1alpha1',
    kind: 'Intent',
    metadata: { name },
    spec: { text },
  };
  await writeFile(join(stage.gitops, 'intents', `${name}.yaml`), `${JSON.stringify(document, null, 2)}\n`);
  await stage.workplace.commit(`Intent ${name}`);
}

async function approve(stage: Stage, intent: string): Promise<void> {
  await stage.workplace.approve(intent, await openPlan(stage, intent), 'again');
}
