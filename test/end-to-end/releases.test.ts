import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';
import type { VersionOptions } from './support/service.js';

let site: Site;

/** What is wrong with the numbers of a release that is itself fine, and what its watch says of it. */
const UNKNOWN: readonly {
  readonly service: string;
  readonly metrics: NonNullable<VersionOptions['metrics']>;
  readonly says: RegExp;
}[] = [
  { service: 'alpha', metrics: 'missing', says: /404/ },
  { service: 'bravo', metrics: 'html', says: /metrics/i },
  { service: 'delta', metrics: 'hanging', says: /metrics|answer|second/i },
  { service: 'echo', metrics: 'backwards', says: /counter|request|sample|back/i },
  { service: 'foxtrot', metrics: 'huge', says: /metrics|MiB|large|bytes/i },
];
/** Builds that do not come to an end as they should. */
const BUILD = `const [how] = process.argv.slice(2);
if (how === 'fail') { console.error('cannot find module left-pad'); process.exit(2); }
if (how === 'hang') setInterval(() => {}, 1000);
if (how === 'flood') {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let count = 0; count < 1024; count += 1) require('node:fs').writeSync(1, chunk);
}
`;
const build = (how: string, timeout = '5s') => ({ build: { run: ['node', 'build.cjs', how], timeout } });

beforeAll(async () => {
  const files = { 'build.cjs': BUILD };
  const odd = UNKNOWN.map(({ service, metrics }) => ({
    name: service,
    versions: [{ tag: 'v1.0.0' }, { tag: 'v1.1.0', metrics }],
  }));
  const sick = [
    { tag: 'v1.0.0' },
    { tag: 'v1.1.0', health: 'failing' as const },
    { tag: 'v1.2.0', crash: true },
  ];
  site = await openSite({
    services: [
      ...odd,
      { name: 'golf', files, fields: build('fail') },
      { name: 'hotel', files, fields: build('hang') },
      { name: 'india', files, fields: build('flood', '100s') },
      { name: 'kilo', versions: sick, fields: { healthTimeout: '2s' } },
      {
        name: 'lima',
        fields: {
          steps: { smoke_tests: { script: '../../../bin/sh' }, run_tests: { script: 'deploy-everything' } },
        },
      },
      { name: 'mike' },
    ],
  });
});

afterAll(() => site.close());

describe.concurrent('a release whose numbers cannot be read', () => {
  it('(missing, HTML, hanging, counting backwards, endless) is held without a verdict: never rolled back, never last-known-good', async () => {
    await Promise.all(UNKNOWN.map(staysUnknown));
  }, 170_000);
});

async function staysUnknown({ service, says }: (typeof UNKNOWN)[number]): Promise<void> {
  await site.release(`${service}-1`, `Deploy ${service} v1.0.0 to staging`);
  await site.ask(`${service}-2`, `Deploy ${service} v1.1.0 to staging`);
  await site.people.merge((await site.proposed(`${service}-2`)).branch);
  await site.answers(service, 'staging', 'v1.1.0');
  await waitFor(`the watch of ${service} to say ${says}`, async () =>
    says.test((await site.lane(service, 'staging'))?.watch?.reason ?? ''),
  );
  // Unknown has a deadline of its own: a minute beyond the watch.
  const held = await waitFor(
    `the watch of ${service} to end`,
    async () => {
      const lane = await site.lane(service, 'staging');
      return lane?.release?.state === 'watching' ? null : lane;
    },
    110_000,
  );
  expect(held.release, service).toMatchObject({ version: 'v1.1.0', state: 'held' });
  expect(held.lastKnownGood?.version, service).toBe('v1.0.0');
  const execution = await site.ended(`${service}-2`);
  expect(execution).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('held without a verdict'),
  });
  expect((await site.executions(service)).filter(({ kind }) => kind === 'rollback')).toEqual([]);
  await site.answers(service, 'staging', 'v1.1.0');
}

describe.concurrent('a build', () => {
  it('that fails ends the execution with what it printed', async () => {
    const execution = await site.release('golf', 'Deploy golf v1.0.0 to staging');
    expect(execution.status).toBe('failed');
    const step = execution.steps.find(({ step }) => step === 'build');
    expect(step).toMatchObject({
      status: 'failed',
      attempts: 1,
      output: expect.stringContaining('left-pad'),
    });
  });

  it('that hangs is ended after its time', async () => {
    const execution = await site.release('hotel', 'Deploy hotel v1.0.0 to staging');
    expect(execution).toMatchObject({ status: 'failed', reason: expect.stringMatching(/build.*5 ?s/) });
  });

  it('that prints a gigabyte is built, and its output is kept short', async () => {
    const execution = await site.release('india', 'Build india v1.0.0');
    expect(execution.status).toBe('succeeded');
    const output = execution.steps.find(({ step }) => step === 'build')?.output ?? '';
    expect(output.length).toBeLessThan(128 * 1024);
  });
});

describe.concurrent('a candidate', () => {
  it('that never gets healthy is removed, and nothing was switched', async () => {
    await site.release('kilo-1', 'Deploy kilo v1.0.0 to staging');
    const sick = await site.release('kilo-2', 'Deploy kilo v1.1.0 to staging');
    expect(sick).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('not healthy within 2 s'),
    });
    const crashing = await site.release('kilo-3', 'Deploy kilo v1.2.0 to staging');
    expect(crashing).toMatchObject({ status: 'failed', reason: expect.stringMatching(/health in staging/) });
    expect(crashing.steps.find(({ step }) => step === 'switch')?.status).toBe('pending');
    await site.answers('kilo', 'staging', 'v1.0.0');
  });

  it('whose port is taken by another program is not switched to, says so, and goes on when the port is free', async () => {
    const stranger = createServer((socket) => socket.end('stranger'));
    await new Promise<void>((resolve) => stranger.listen(site.port('mike', 'staging'), '127.0.0.1', resolve));
    await site.ask('mike', 'Deploy mike v1.0.0 to staging');
    await site.people.merge((await site.proposed('mike')).branch);
    const intent = await site.until('mike', 'to say that the port is taken', ({ executions }) =>
      executions.some(({ steps }) =>
        steps.some(({ step, detail }) => step === 'switch' && detail.includes('is taken by another program')),
      ),
    );
    expect(intent.executions[0]?.steps.find(({ step }) => step === 'switch')?.detail).toContain(
      'services[mike].ports.staging',
    );
    await new Promise((resolve) => stranger.close(resolve));
    expect((await site.ended('mike')).status).toBe('succeeded');
    await site.answers('mike', 'staging', 'v1.0.0');
  });
});

describe.concurrent('a script outside of the allow-list', () => {
  it('keeps the plan from being proposed', async () => {
    await site.ask('lima', 'Deploy lima v1.0.0 to staging and run the tests');
    const { detail } = await site.inState('lima', 'blocked', 'question');
    expect(detail.join(' ')).toMatch(/deploy-everything|bin\/sh/);
    expect(await site.executions('lima')).toEqual([]);
  });
});
