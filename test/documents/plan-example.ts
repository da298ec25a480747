import { NO_GUARDS } from '../../controller/domain/catalog.js';
import { API_VERSION } from '../../controller/domain/intent.js';
import { type DeploymentPlan, type PlanContent, sealPlan } from '../../controller/domain/plan.js';

/** A plan in which everything that a plan can have is there. */
export function makePlan(changes: Partial<PlanContent> = {}): DeploymentPlan {
  const commit = 'a'.repeat(40);
  const script = { script: 'run-tests', args: ['--fast', 'it\'s "quoted"'], timeoutSeconds: 600 };
  const guards = { ...NO_GUARDS, errorRate: 0.02, latencyP95Ms: 400, watchSeconds: 600 };
  const release = { release: 'rel-1', version: 'v2.4.0', commit: 'b'.repeat(40) };
  return sealPlan({
    apiVersion: API_VERSION,
    kind: 'DeploymentPlan',
    intent: {
      name: 'checkout-2-4-1',
      text: 'Deploy checkout v2.4.1 to staging.\nRoll back if > 2 % fail.\n',
      source: { repository: '/srv/gitops', path: 'intents/checkout-2-4-1.yaml', commit },
    },
    action: 'deploy',
    service: {
      name: 'checkout',
      aliases: ['checkout-api'],
      repository: 'https://example.org/checkout.git',
      defaultBranch: null,
      build: { context: '.', dockerfile: 'Dockerfile', run: ['npm', 'ci'], timeoutSeconds: 600 },
      run: ['node', 'server.js'],
      port: 8080,
      ports: { staging: 8081, production: 8080 },
      health: '/healthz',
      healthTimeoutSeconds: 60,
      metrics: {
        path: '/metrics',
        requests: 'http_requests_total',
        errors: { status: '5..' },
        latency: null,
      },
      logErrorPattern: '\\b(ERROR|FATAL|PANIC)\\b',
      probe: '/',
      steps: { run_tests: script },
      guards,
      env: { MODE: 'yes', VERSION: '1.20', EMPTY: '' },
      resources: { memoryMiB: 256, cpus: 0.5 },
      drift: 'restore',
    },
    version: { asked: '2.4.1', ref: 'v2.4.1', commit, tag: 'v2.4.1-aaaaaaaaaaaa' },
    environments: [
      {
        environment: 'staging',
        runtime: 'process',
        host: '127.0.0.1',
        port: 8081,
        replaces: release,
        target: null,
        steps: [
          { kind: 'checkout' },
          { kind: 'build' },
          { kind: 'script', name: 'run_tests', script },
          { kind: 'watch' },
        ],
        guards,
      },
    ],
    freezes: [
      { name: 'weekend', from: 'Fri 16:00', to: 'Mon 08:00', timezone: 'UTC', environments: ['production'] },
    ],
    findings: [
      {
        source: 'sop-1',
        rule: 'require-steps',
        severity: 'high',
        verdict: 'complies',
        environment: null,
        message: 'ok',
        quote: 'Run the tests: always.',
        fix: '',
        by: 'code',
        waiver: null,
      },
    ],
    evidence: { service: [{ start: 7, end: 15, text: 'checkout' }] },
    reading: { readers: [{ name: 'grammar', outcome: 'plan', fields: ['service'] }], unused: [] },
    approval: { approvals: 0, approvers: [] },
    madeWithout: [],
    assumptions: {
      intentRevision: `sha256:${'1'.repeat(64)}`,
      catalog: `sha256:${'2'.repeat(64)}`,
      sops: `sha256:${'3'.repeat(64)}`,
    },
    createdAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-02T00:00:00.000Z',
    ...changes,
  });
}
