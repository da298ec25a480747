import { type Guards, NO_GUARDS, type Service } from '../../controller/domain/catalog.js';
import { type DeploymentPlan, sealPlan } from '../../controller/domain/plan.js';
import type {
  ExecutionRecord,
  IncidentRecord,
  IntentRecord,
  PlanRecord,
  ReleaseRecord,
  WatchRecord,
} from '../../controller/domain/records.js';

export const NOON = new Date('2026-03-01T12:00:00.123Z');
const guards: Guards = { ...NO_GUARDS, errorRate: 0.02, watchSeconds: 600 };

export function service(name = 'checkout'): Service {
  return {
    name,
    aliases: [],
    repository: '/srv/checkout.git',
    defaultBranch: null,
    build: { context: '.', dockerfile: 'Dockerfile', run: null, timeoutSeconds: 600 },
    run: ['node', 'server.js'],
    port: 8080,
    ports: { staging: 18080 },
    health: '/healthz',
    healthTimeoutSeconds: 30,
    metrics: null,
    logErrorPattern: 'ERROR',
    probe: null,
    steps: {},
    guards,
    env: {},
    resources: { memoryMiB: null, cpus: null },
    drift: 'restore',
  };
}

export function intent(id: string, change: Partial<IntentRecord> = {}): IntentRecord {
  return {
    id,
    repository: '/repo',
    path: `intents/${id}.yaml`,
    name: id,
    blob: 'b'.repeat(40),
    commit: 'c'.repeat(40),
    revision: 'sha256:r',
    document: { name: id, spec: { text: 'Deploy checkout v2 to staging 🚀', suspend: false } },
    state: 'pending',
    detail: [],
    planDigest: null,
    checkAt: null,
    updatedAt: NOON,
    ...change,
  };
}

export function deploymentPlan(intentName: string, serviceName = 'checkout'): DeploymentPlan {
  return sealPlan({
    apiVersion: 'devopscommander.io/v1alpha1',
    kind: 'DeploymentPlan',
    intent: {
      name: intentName,
      text: 'Deploy checkout',
      source: { repository: '/repo', path: `intents/${intentName}.yaml`, commit: 'c'.repeat(40) },
    },
    action: 'deploy',
    service: service(serviceName),
    version: { asked: 'v2', ref: 'v2', commit: 'd'.repeat(40), tag: 'v2-dddddddddddd' },
    environments: [],
    freezes: [],
    findings: [],
    evidence: {},
    reading: { readers: [], unused: [] },
    approval: { approvals: 0, approvers: [] },
    madeWithout: [],
    assumptions: { intentRevision: 'sha256:r', catalog: 'sha256:c', sops: 'sha256:s' },
    createdAt: NOON.toISOString(),
    expiresAt: '2026-03-02T12:00:00.000Z',
  });
}

export function plan(
  intentId: string,
  change: Partial<PlanRecord> = {},
  serviceName = 'checkout',
): PlanRecord {
  const sealed = deploymentPlan(intentId, serviceName);
  return {
    digest: sealed.digest,
    intentId,
    repository: '/repo',
    status: 'pending_approval',
    statusReason: '',
    plan: sealed,
    path: `plans/${intentId}.yaml`,
    file: 'apiVersion: x\n',
    body: '# Plan',
    proposal: null,
    hold: null,
    approvedBy: [],
    approvedCommit: null,
    createdAt: NOON,
    expiresAt: new Date('2026-03-02T12:00:00.000Z'),
    updatedAt: NOON,
    ...change,
  };
}

export function execution(
  change: Partial<ExecutionRecord> = {},
): Omit<ExecutionRecord, 'id' | 'epoch' | 'createdAt' | 'startedAt' | 'finishedAt' | 'abort'> {
  return {
    kind: 'plan',
    action: 'deploy',
    service: 'checkout',
    environments: ['staging'],
    planDigest: 'sha256:p',
    releaseId: null,
    status: 'waiting',
    reason: '',
    correlationId: 'c-1',
    ...change,
  };
}

export function release(id: string, change: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return {
    id,
    service: 'checkout',
    environment: 'staging',
    runtime: 'process',
    version: 'v2',
    commit: 'd'.repeat(40),
    tag: 'v2-dddddddddddd',
    artifact: null,
    instance: { id, runtime: 'process', host: '127.0.0.1', port: 4000, handle: { pid: 1 } },
    state: 'candidate',
    spec: service(),
    host: '127.0.0.1',
    port: 18080,
    guards,
    planDigest: 'sha256:p',
    executionId: 1,
    baseline: null,
    createdAt: NOON,
    currentAt: null,
    goodAt: null,
    endedAt: null,
    endReason: '',
    ...change,
  };
}

export function watch(releaseId: string): WatchRecord {
  return {
    releaseId,
    executionId: 1,
    startedAt: NOON,
    guards,
    state: { sum: 0.1, at: [1, 2] },
    verdict: 'unknown',
    reason: '',
    tickedAt: null,
    endedAt: null,
  };
}

export function incident(
  releaseId: string,
): Omit<IncidentRecord, 'id' | 'openedAt' | 'closedAt' | 'writtenCommit' | 'branch' | 'summary'> {
  return {
    releaseId,
    service: 'checkout',
    environment: 'staging',
    repository: '/repo',
    version: 'v2',
    commit: 'd'.repeat(40),
    state: 'rolling_back',
    reason: 'error rate 20 %',
    evidence: { errorRate: 0.2 },
    timeline: [{ at: NOON.toISOString(), event: 'unhealthy' }],
    executionId: null,
  };
}
