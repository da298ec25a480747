import type {
  ExecutionRecord,
  ForgeCommandRecord,
  IncidentRecord,
  PlanRecord,
  StepRecord,
} from '../../../controller/domain/records.js';
import type { PlanFacts } from '../../../controller/reporting/plan-facts.js';
import { makePlan } from '../../documents/plan-example.js';
import { execution, incident, NOON, plan, release } from '../../postgres/samples.js';

export const COMMIT = 'c'.repeat(40);
export const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
/** Everything that people could write to be more than words. */
export const HOSTILE = [
  '@everyone @acme/ops mail@example.org',
  '<img src=x onerror=alert(1)> <!-- gone --> </details><script>',
  '[click](http://evil.example) ![i](http://evil.example/i.png)',
  '`code` ```fence``` **bold** _slanted_ # head | cell |',
  '\u001b[31mred \u202eevil\u202c \u0000 \u2028 \r\n## second line\n- @third',
].join(' ');

export function planRecord(change: Partial<PlanRecord> = {}): PlanRecord {
  const sealed = makePlan();
  return {
    ...plan('checkout-2-4-1'),
    digest: sealed.digest,
    plan: sealed,
    body: 'Deploy checkout v2.4.1: staging\n\nlong',
    proposal: { branch: 'commander/checkout-2-4-1', head: 'a'.repeat(40), number: 7, url: null },
    ...change,
  };
}

/** With the plan's version named otherwise, as a tag of somebody's repository may be. */
export function ofVersion(ref: string): PlanRecord {
  const record = planRecord();
  return { ...record, plan: { ...record.plan, version: { ...record.plan.version, ref } } };
}

export function step(change: Partial<StepRecord> = {}): StepRecord {
  return {
    executionId: 1,
    index: 0,
    environment: 'staging',
    step: { kind: 'build' },
    status: 'succeeded',
    attempts: 1,
    detail: 'built',
    output: '',
    startedAt: NOON,
    finishedAt: NOON,
    ...change,
  };
}

export function executionRecord(change: Partial<ExecutionRecord> = {}): ExecutionRecord {
  const times = { createdAt: NOON, startedAt: NOON, finishedAt: NOON };
  return { ...execution(), id: 5, epoch: 1, abort: null, ...times, status: 'succeeded', ...change };
}

export function incidentRecord(change: Partial<IncidentRecord> = {}): IncidentRecord {
  const written = { writtenCommit: null, branch: null, summary: null, openedAt: NOON, closedAt: null };
  return { ...incident('rel-2'), id: 3, ...written, ...change };
}

export function command(change: Partial<ForgeCommandRecord> = {}): ForgeCommandRecord {
  return {
    repository: 'https://github.com/acme/gitops',
    commentId: 1,
    pull: 7,
    person: 'rae',
    command: 'hold later',
    state: 'done',
    answer: 'on hold',
    createdAt: NOON,
    ...change,
  };
}

export function facts(change: Partial<PlanFacts> = {}): PlanFacts {
  return {
    record: planRecord(),
    execution: null,
    environments: [{ environment: 'staging', state: 'queued', detail: 'waits for its turn' }],
    releases: [],
    incidents: [],
    commands: [],
    ...change,
  };
}

/** A plan whose every word that may come from somebody is this one. */
export function factsSaying(text: string, version = text.slice(0, 100)): PlanFacts {
  return facts({
    record: planRecord({ status: 'failed', statusReason: text, hold: text, approvedBy: [text] }),
    execution: executionRecord({ status: 'failed', reason: text }),
    environments: [{ environment: 'staging', state: 'failure', detail: text }],
    incidents: [
      {
        incident: incidentRecord({ reason: text, timeline: [{ at: NOON.toISOString(), event: text }] }),
        pull: 9,
        restored: { release: release('rel-1', { version }), commit: COMMIT },
      },
    ],
    commands: [
      command({ person: text, command: text, answer: text }),
      command({ command: text, state: 'taken' }),
    ],
  });
}

export const addresses = {
  pullUrl: (number: number) => `https://github.com/acme/gitops/pull/${number}`,
  fileUrl: (commit: string, path: string) => `https://github.com/acme/gitops/blob/${commit}/${path}`,
};

/** Markdown without what is escaped or code: what is left is interpreted. */
export function interpreted(markdown: string): string {
  return markdown.replace(/\\[\s\S]/g, '').replace(/`[^`\n]*`/g, '');
}

/** What must not be left of HOSTILE where Markdown is interpreted. */
export const DANGERS = [
  /@(?!\u200b)[\w-]/,
  /<(?!\/?(?:details|summary)>)/,
  /\]\(http:\/\/evil/,
  /`/,
  /\*\*bold/,
  /_slanted/,
  /^## second|# head/m,
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/,
] as const;
