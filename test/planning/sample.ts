import { type Catalog, type Guards, NO_GUARDS, type Service } from '../../controller/domain/catalog.js';
import type { Request } from '../../controller/domain/interpretation.js';
import type { QuarantineRecord } from '../../controller/domain/records.js';
import type { Control, Demand, Sop } from '../../controller/domain/sop.js';
import type { AdviseNeeds } from '../../controller/planning/advise-needs.js';
import { parseCatalog } from '../../controller/planning/documents/catalog.js';
import type { Grounded } from '../../controller/planning/ground.js';

export const COMMIT = 'a'.repeat(40);
export const DEFAULTS: Guards = { ...NO_GUARDS, errorRate: 0.05, healthFailures: 3, watchSeconds: 300 };

export function catalogOf(policy = ''): Catalog {
  const parsed = parseCatalog(
    'commander.yaml',
    `kind: Catalog
${policy}
environments: [{ name: staging, runtime: process }, { name: production, runtime: process, guards: { errorRate: 2%, watch: 10m } }]
services:
  - { name: checkout, aliases: [shop], repository: /srv/checkout, run: [node, server.js], steps: { run_tests: run-tests, smoke_tests: smoke-test } }
  - { name: payments, repository: /srv/payments, port: 9090, run: [node, server.js] }
`,
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.catalog;
}

export function request(change: Partial<Request> = {}): Request {
  const guards = { errorRate: null, latencyP95Ms: null, watchMinutes: null };
  return {
    action: 'deploy',
    service: 'checkout',
    version: 'v1.2.3',
    environments: ['staging'],
    postSteps: [],
    guards,
    ...change,
  };
}

export function grounded(asked: Partial<Request> = {}, catalog = catalogOf()): Grounded {
  const wanted = request(asked);
  const service = catalog.services.find((item) => item.name === wanted.service) as Service & {
    repository: string;
  };
  const environments = wanted.environments.map((name) => {
    const environment = catalog.environments.find((item) => item.name === name);
    if (environment === undefined) throw new Error(`No ${name}`);
    return { environment, current: null, target: null };
  });
  const ref = wanted.version ?? 'main';
  return {
    request: wanted,
    service,
    environments,
    version: { asked: wanted.version, ref, commit: COMMIT, tag: `${ref}-${COMMIT.slice(0, 12)}` },
  };
}

export function needs(change: Partial<AdviseNeeds> = {}): AdviseNeeds {
  return {
    now: new Date('2026-11-18T12:00:00Z'),
    catalog: catalogOf(),
    sops: [],
    sopProblems: [],
    quarantine: [],
    goodIn: [],
    signature: 'unknown',
    forgeKnowsReviews: true,
    defaults: DEFAULTS,
    scripts: ['run-tests', 'smoke-test'],
    runtimes: ['process'],
    waivers: [],
    ...change,
  };
}

/** A control of front matter, with the SOP's own scope and severity. */
export function sop(
  control: Demand & { readonly quote: string } & Partial<Control>,
  change: Partial<Sop> = {},
): Sop {
  const scope = { services: [], environments: [], actions: [] };
  return {
    id: 'rules',
    title: 'Rules',
    path: 'sops/rules.md',
    severity: 'high',
    scope,
    controls: [{ origin: 'front-matter', scope: null, severity: null, ...control }],
    advice: [],
    body: control.quote,
    digest: 'sha256:0',
    ...change,
  };
}

export function quarantined(commit: string): QuarantineRecord {
  return {
    id: 7,
    service: 'checkout',
    commit,
    version: 'v1.2.3',
    reason: '20 % failed',
    incidentId: 1,
    createdAt: new Date(0),
    liftedAt: null,
    liftedBy: null,
  };
}
