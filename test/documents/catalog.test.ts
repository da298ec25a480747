import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../controller/domain/catalog.js';
import { formatProblem } from '../../controller/domain/problem.js';
import { parseCatalog } from '../../controller/planning/documents/catalog.js';

const HEAD = 'apiVersion: devopscommander.io/v1alpha1\nkind: Catalog\n';

function catalog(text: string): Catalog {
  const parsed = parseCatalog('commander.yaml', text);
  if (!parsed.ok) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.catalog;
}

function problems(text: string): string[] {
  const parsed = parseCatalog('commander.yaml', text);
  if (!parsed.ok) return parsed.problems.map((problem) => `refused ${formatProblem(problem)}`);
  return parsed.catalog.problems.map(
    (problem) => `${problem.subject.kind} ${problem.subject.name}: ${formatProblem(problem)}`,
  );
}

const full = `${HEAD}policy:
  approvals: 2
  approvalByAuthor: true
  requiredChecks: [ci/validate]
  blockAt: medium
  planExpires: 12h
  freezes: [{ name: weekend, from: "friday 16:00", to: "Mon 8:00", timezone: Europe/Berlin, environments: [production] }]
environments:
  - { name: staging, aliases: [stage, preprod], runtime: docker }
  - { name: production, aliases: [prod, live], runtime: docker, guards: { errorRate: 2%, latencyP95: 500ms, watch: 10m } }
services:
  - name: checkout
    aliases: [checkout-api]
    repository: ../checkout.git
    defaultBranch: trunk
    build: { context: app, dockerfile: docker/Dockerfile, run: [npm, ci], timeout: 5m }
    run: [node, server.js]
    port: 8080
    health: /up
    healthTimeout: 90s
    metrics: { path: /m, requests: reqs_total, errors: { code: "5..|429" }, latency: request_seconds }
    logs: { errors: "level=error" }
    probe: /
    steps: { run_tests: { script: run-tests, args: [--all], timeout: 2m }, smoke_tests: smoke-test }
    guards: { errorRate: 0.01, logErrors: 5/m, healthFailures: 3 }
    env: { MODE: fast, EMPTY: "" }
    resources: { memory: 1Gi, cpus: 500m }
    drift: report
`;

describe('a catalog', () => {
  it('gives every field in the units of the domain', () => {
    const { policy, environments, services, problems: none } = catalog(full);
    expect(none).toEqual([]);
    expect(policy).toEqual({
      approvals: 2,
      approvalByAuthor: true,
      requiredChecks: ['ci/validate'],
      blockAt: 'medium',
      planExpiresSeconds: 43_200,
      freezes: [
        {
          name: 'weekend',
          from: 'Fri 16:00',
          to: 'Mon 08:00',
          timezone: 'Europe/Berlin',
          environments: ['production'],
        },
      ],
    });
    expect(environments[1]).toEqual({
      name: 'production',
      aliases: ['prod', 'live'],
      runtime: 'docker',
      host: '127.0.0.1',
      guards: {
        errorRate: 0.02,
        latencyP95Ms: 500,
        logErrorsPerMinute: null,
        healthFailures: null,
        watchSeconds: 600,
      },
    });
    expect(services).toEqual([
      {
        name: 'checkout',
        aliases: ['checkout-api'],
        repository: '../checkout.git',
        defaultBranch: 'trunk',
        build: { context: 'app', dockerfile: 'docker/Dockerfile', run: ['npm', 'ci'], timeoutSeconds: 300 },
        run: ['node', 'server.js'],
        port: 8080,
        ports: { staging: 8081, production: 8080 },
        health: '/up',
        healthTimeoutSeconds: 90,
        metrics: {
          path: '/m',
          requests: 'reqs_total',
          errors: { code: '5..|429' },
          latency: 'request_seconds',
        },
        logErrorPattern: 'level=error',
        probe: '/',
        steps: {
          run_tests: { script: 'run-tests', args: ['--all'], timeoutSeconds: 120 },
          smoke_tests: { script: 'smoke-test', args: [], timeoutSeconds: 600 },
        },
        guards: {
          errorRate: 0.01,
          latencyP95Ms: null,
          logErrorsPerMinute: 5,
          healthFailures: 3,
          watchSeconds: null,
        },
        env: { MODE: 'fast', EMPTY: '' },
        resources: { memoryMiB: 1024, cpus: 0.5 },
        drift: 'report',
      },
    ]);
  });

  it('needs no more than names, and fills in the rest', () => {
    const {
      policy,
      environments,
      services,
      problems: none,
    } = catalog('environments: [{ name: staging }, { name: prod }]\nservices: [{ name: a }, { name: b }]\n');
    expect(none).toEqual([]);
    expect(policy).toEqual({
      approvals: 1,
      approvalByAuthor: false,
      requiredChecks: [],
      blockAt: 'high',
      planExpiresSeconds: 86_400,
      freezes: [],
    });
    expect(environments[0]).toMatchObject({ runtime: 'process', host: '127.0.0.1' });
    expect(services[0]).toMatchObject({
      repository: null,
      port: 8080,
      ports: { staging: 8081, prod: 8080 },
      health: '/healthz',
      healthTimeoutSeconds: 60,
      build: { context: '.', dockerfile: 'Dockerfile', run: null, timeoutSeconds: 600 },
      metrics: null,
      drift: 'restore',
    });
  });

  it('takes the ports it is told, and counts up for the others', () => {
    const text = `${HEAD}environments: [{ name: dev }, { name: staging }, { name: production }]\nservices: [{ name: a, port: 9000, ports: { staging: 7000 } }]\n`;
    expect(catalog(text).services[0]?.ports).toEqual({ dev: 9002, staging: 7000, production: 9000 });
  });

  const one = (service: string) =>
    `${HEAD}environments: [{ name: staging }, { name: production }]\nservices:\n  - { name: good, port: 9000 }\n  - ${service}\n`;

  it('with one broken service keeps the others, and the name of that one', () => {
    const { services, problems: found } = catalog(one('{ name: bad, aliases: [b], port: many, helth: /x }'));
    expect(services.map(({ name, aliases }) => [name, aliases])).toEqual([
      ['good', []],
      ['bad', ['b']],
    ]);
    expect(found.map((problem) => problem.subject)).toEqual([
      { kind: 'service', name: 'bad' },
      { kind: 'service', name: 'bad' },
    ]);
    expect(problems(one('{ name: bad, helth: /x }'))).toEqual([
      'service bad: commander.yaml:6: services[1].helth: is not a known field. Did you mean "health"?',
    ]);
  });

  it.each([
    [
      '{ name: bad, guards: { errorRate: 2 } }',
      /services\[1\].guards.errorRate: "2" is not a rate. Write a percentage like 2%/,
    ],
    [
      '{ name: bad, guards: { latencyP95: 500 } }',
      /latencyP95: "500" is not a time. Write a number and a unit, like 500ms/,
    ],
    [
      '{ name: bad, guards: { logErrors: lots } }',
      /is not a rate of lines. Write a number per time, like 5\/m/,
    ],
    ['{ name: bad, guards: { wach: 5m } }', /guards.wach: is not a known field. Did you mean "watch"\?/],
    ['{ name: bad, guards: [] }', /guards: must have fields of its own, not a list/],
    [
      '{ name: bad, run: node server.js }',
      /run: must be a list of program and arguments. Write run: \[node, server.js\]. There is no shell/,
    ],
    [
      '{ name: bad, build: { context: ../up } }',
      /build.context: "..\/up" is not right. Write a path inside the repository/,
    ],
    [
      '{ name: bad, steps: { run_tests: ../../bin/sh } }',
      /steps.run_tests: .* Write the file name of a script/,
    ],
    ['{ name: bad, steps: { tests: x } }', /steps.tests: is not a known field/],
    ['{ name: bad, steps: { run_tests: { args: [a] } } }', /run_tests.script: is missing/],
    [
      '{ name: bad, env: { PORT: 8080 } }',
      /env.PORT: must be text, not a number. Put it in quotes: PORT: "8080"/,
    ],
    ['{ name: bad, env: { "A=B": x } }', /is not the name of a variable/],
    ['{ name: bad, metrics: { errors: { status: "(" } } }', /"\(" is not a regular expression/],
    ['{ name: bad, resources: { memory: 256 } }', /memory: "256" is not an amount of memory/],
    ['{ name: bad, health: healthz }', /health: "healthz" is not right. Write a path that starts with "\/"/],
    ['{ name: bad, healthTimeout: 60 }', /"60" is not a duration/],
    [
      '{ name: bad, ports: { prodution: 1 } }',
      /ports.prodution: "prodution" is not an environment of this catalog. Did you mean "production"\?/,
    ],
    ['{ name: bad, port: 65535 }', /leaves no port for each environment/],
    ['{ name: bad, repository: "--upload-pack=x" }', /repository: .* Write a URL or a path/],
    ['{ name: bad, drift: ignore }', /"ignore" is not one of restore, report/],
    ['{ name: bad, aliases: good }', /aliases: must be a list/],
    ['{ name: bad, aliases: [good] }', /service bad: .*alias "good" could mean bad and good/],
    ['{ name: good }', /service good: .*two services are called good/],
  ])('says what is wrong with %s', (service, expected) => {
    const found = problems(one(service));
    expect(found.join('\n')).toMatch(expected);
    expect(found.every((problem) => problem.startsWith('service '))).toBe(true);
  });

  it('keeps an alias that two services claim on both, and names both', () => {
    const text = one('{ name: bad, aliases: [Api] }').replace('port: 9000', 'port: 9000, aliases: [api]');
    expect(problems(text).map((problem) => problem.replace(/commander.yaml.*?: (?=alias)/, ''))).toEqual([
      'service good: alias "api" could mean good and bad. Keep it on one of them.',
      'service bad: alias "api" could mean bad and good. Keep it on one of them.',
    ]);
    expect(catalog(text).services.map(({ aliases }) => aliases)).toEqual([['api'], ['Api']]);
  });

  it('reports a port that two services would listen on', () => {
    const text = `${HEAD}environments: [{ name: a }, { name: b }]\nservices: [{ name: x, repository: /x }, { name: y, repository: /y, port: 8081 }]\n`;
    expect(problems(text).join('\n')).toMatch(/service x: .*127.0.0.1:8081 would be of x in a and y in b/);
    expect(problems(text)).toHaveLength(2);
    expect(problems(text.replaceAll('{ name: a }', '{ name: a, host: 10.0.0.1 }'))).toEqual([]);
  });

  it('reports a broken environment and a broken policy on themselves', () => {
    const text = `${HEAD}policy: { approvals: two, freezes: [{ from: Blursday, to: "Mon 08:00" }, { name: f, from: "Fri 16:00", to: "Mon 08:00", environments: [prodd] }] }\nenvironments: [{ name: prod, runtime: podman }]\nservices: [{ name: a }]\n`;
    expect(problems(text)).toEqual([
      expect.stringMatching(
        /^policy policy: .*policy.freezes\[0\].from: "Blursday" is not a time of the week/,
      ),
      expect.stringMatching(
        /^policy policy: commander.yaml:3: policy.approvals: "two" is not right. Write a whole number/,
      ),
      expect.stringMatching(
        /^environment prod: .*runtime: "podman" is not one of process, docker, kubernetes/,
      ),
      expect.stringMatching(/^policy policy: .*freeze "f" is for "prodd".*Did you mean "prod"\?/),
    ]);
  });

  it.each([
    ['', /^refused commander.yaml: The file is empty/],
    ['- a\n', /The file is no catalog/],
    ['kind: Intent\n', /The file is a "Intent", not a Catalog/],
    [`apiVersion: v2\nkind: Catalog\n`, /"v2" is not a version of the catalog/],
    [HEAD, /environments: names no environment/],
    [
      `${HEAD}environments: [{ name: a }]\nservces: [{ name: x }]\n`,
      /servces: is not a known field. Did you mean "services"\?/,
    ],
    [
      `${HEAD}environments: [{ name: a }]\nservices: [{ name: "../x" }]\n`,
      /services\[0\].name: "..\/x" is not right/,
    ],
    ['a: [', /commander.yaml:1: /],
    [`${HEAD}---\n${HEAD}`, /more than one YAML document/],
  ])('is refused whole when it is %j', (text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
    expect(parseCatalog('commander.yaml', text).ok).toBe(false);
  });
});
