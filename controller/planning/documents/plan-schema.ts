import { ACTIONS, API_VERSION, POST_STEPS } from '../../domain/intent.js';
import { EVIDENCE_FIELDS } from '../../domain/interpretation.js';
import { FINDING_VERDICTS } from '../../domain/sop.js';

// The file of a plan, field for field as domain/plan.ts has it: nothing may be missing, nothing may be added.

const text = (maxLength: number) => ({ type: 'string', maxLength });
const name = text(253);
const anyText = text(65_536);
const oneOf = (...names: readonly string[]) => ({ type: 'string', enum: names });
const orNull = <Typed extends { readonly type: string }>(schema: Typed) => ({
  ...schema,
  type: [schema.type, 'null'],
});
const list = (items: object, maxItems = 1000) => ({ type: 'array', maxItems, items });
const map = (values: object) => ({ type: 'object', maxProperties: 1000, additionalProperties: values });
const count = { type: 'integer', minimum: 0 };
const amount = { type: 'number', minimum: 0 };
const port = { type: 'integer', minimum: 1, maximum: 65_535 };
const commit = { type: 'string', pattern: '^[0-9a-f]{40}$', description: 'Write the 40 digits of a commit.' };
const digest = {
  type: 'string',
  pattern: '^sha256:[0-9a-f]{64}$',
  description: 'Leave the digest as it was.',
};
const instant = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z$',
  description: 'Write a time in UTC, like 2026-01-31T12:00:00.000Z.',
};
const severity = oneOf('low', 'medium', 'high');

function exactly(properties: Readonly<Record<string, object>>, optional: readonly string[] = []) {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, required, additionalProperties: false };
}

const guards = exactly({
  errorRate: orNull({ type: 'number', minimum: 0, maximum: 1 }),
  latencyP95Ms: orNull(amount),
  logErrorsPerMinute: orNull(amount),
  healthFailures: orNull(count),
  watchSeconds: orNull(amount),
});

const script = exactly({ script: name, args: list(anyText), timeoutSeconds: amount });

const service = exactly({
  name,
  aliases: list(name),
  repository: orNull(text(2048)),
  defaultBranch: orNull(name),
  build: exactly({
    context: text(1024),
    dockerfile: text(1024),
    run: orNull(list(anyText)),
    timeoutSeconds: amount,
  }),
  run: orNull(list(anyText)),
  port,
  ports: map(port),
  health: text(1024),
  healthTimeoutSeconds: amount,
  metrics: orNull(
    exactly({ path: text(1024), requests: name, errors: map(text(1024)), latency: orNull(name) }),
  ),
  logErrorPattern: text(1024),
  probe: orNull(text(1024)),
  steps: exactly(Object.fromEntries(POST_STEPS.map((step) => [step, script])), POST_STEPS),
  guards,
  env: map(anyText),
  resources: exactly({ memoryMiB: orNull(amount), cpus: orNull(amount) }),
  drift: oneOf('restore', 'report'),
});

const release = exactly({ release: name, version: name, commit });

const step = {
  anyOf: [
    exactly({ kind: oneOf('checkout', 'build', 'start', 'health', 'switch', 'watch', 'stop') }),
    exactly({ kind: oneOf('script'), name: oneOf(...POST_STEPS), script }),
  ],
};

const environment = exactly({
  environment: name,
  runtime: oneOf('process', 'docker', 'kubernetes'),
  host: name,
  port,
  replaces: orNull(release),
  target: orNull(release),
  steps: list(step, 100),
  guards,
});

const evidence = list(exactly({ start: count, end: count, text: anyText }), 100);

export const planSchema = exactly({
  apiVersion: oneOf(API_VERSION),
  kind: oneOf('DeploymentPlan'),
  intent: exactly({
    name,
    text: anyText,
    source: exactly({ repository: text(2048), path: text(4096), commit: text(253) }),
  }),
  action: oneOf(...ACTIONS),
  service,
  version: exactly({ asked: orNull(name), ref: name, commit, tag: name }),
  environments: list(environment, 100),
  freezes: list(exactly({ name, from: name, to: name, timezone: name, environments: list(name) }), 1000),
  findings: list(
    exactly({
      source: name,
      rule: anyText,
      severity,
      verdict: oneOf(...FINDING_VERDICTS),
      environment: orNull(name),
      message: anyText,
      quote: anyText,
      fix: anyText,
      by: name,
      waiver: orNull(exactly({ by: name, reason: anyText })),
    }),
  ),
  evidence: exactly(Object.fromEntries(EVIDENCE_FIELDS.map((field) => [field, evidence])), EVIDENCE_FIELDS),
  reading: exactly({
    readers: list(
      exactly({
        name,
        outcome: oneOf('plan', 'clarify', 'refuse'),
        fields: list(oneOf(...EVIDENCE_FIELDS), EVIDENCE_FIELDS.length),
      }),
      10,
    ),
    unused: evidence,
  }),
  approval: exactly({ approvals: count, approvers: list(list(name, 100), 100) }),
  madeWithout: list(anyText, 20),
  assumptions: exactly({ intentRevision: digest, catalog: digest, sops: digest }),
  createdAt: instant,
  expiresAt: instant,
  digest,
});
