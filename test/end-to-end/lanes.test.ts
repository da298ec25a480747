import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExecutionView } from '../../controller/triggers/api/views.js';
import { waitFor } from '../support/wait-for.js';
import { openSite, type Site } from './harness.js';
import { ENVIRONMENTS } from './support/catalog.js';

let site: Site;
/** An environment whose watch is long enough to act during it. */
const LONG = { name: 'canary', runtime: 'process', guards: { errorRate: '2%', watch: '10m' } };
const VERSIONS = [
  { tag: 'v1.0.0' },
  { tag: 'v1.1.0' },
  { tag: 'v1.2.0', failShare: 1 },
  { tag: 'v1.3.0', health: 'hanging' as const },
];

beforeAll(async () => {
  const names = ['alpha', 'bravo', 'delta', 'echo', 'foxtrot', 'golf', 'hotel', 'kilo', 'lima'];
  const reported = { name: 'papa', fields: { drift: 'report' } };
  site = await openSite({
    services: [...names.map((name) => ({ name, fields: { healthTimeout: '60s' } })), reported].map(
      (service) => ({ ...service, versions: VERSIONS }),
    ),
    environments: [...ENVIRONMENTS, LONG],
  });
});

afterAll(() => site.close());

describe.concurrent('one execution at a time for a service in an environment', () => {
  it('the next one waits visibly in line, does not start, and goes on when the first has ended', async () => {
    await ask('alpha-first', 'Deploy alpha v1.3.0 to staging');
    await ask('alpha-second', 'Deploy alpha v1.0.0 to staging');
    await merge('alpha-first');
    const first = await atStep('alpha-first', 'health');
    await merge('alpha-second');
    const waiting = await site.until('alpha-second', 'to wait in line', ({ executions }) =>
      executions.some(({ status, reason }) => status === 'waiting' && reason.startsWith('in line')),
    );
    expect(waiting.executions[0]?.reason).toBe(`in line for staging/alpha behind execution ${first.id}`);
    expect(waiting.executions[0]?.steps.every(({ status }) => status === 'pending')).toBe(true);
    expect((await site.status()).executions.filter(({ service }) => service === 'alpha')).toHaveLength(2);
    await site.command('abort', { execution: first.id, reason: 'enough' });
    expect((await site.ended('alpha-second')).status).toBe('succeeded');
    await site.answers('alpha', 'staging', 'v1.0.0');
  });

  it('services and environments do not wait for one another', async () => {
    await ask('bravo-slow', 'Deploy bravo v1.0.0 to canary');
    await merge('bravo-slow');
    await atStep('bravo-slow', 'watch');
    expect((await site.release('bravo-quick', 'Deploy bravo v1.0.0 to staging')).status).toBe('succeeded');
  });

  it('a rollback takes the place of a deploy that is under way', async () => {
    await site.release('delta-1', 'Deploy delta v1.0.0 to staging');
    await site.release('delta-2', 'Deploy delta v1.1.0 to staging');
    await ask('delta-hanging', 'Deploy delta v1.3.0 to staging');
    await merge('delta-hanging');
    await atStep('delta-hanging', 'health');
    await site.command('rollback', { service: 'delta', environment: 'staging', reason: 'customers call' });
    await site.answers('delta', 'staging', 'v1.0.0');
    const deploy = await site.until('delta-hanging', 'to have been stopped', ({ executions }) =>
      executions.some(({ finishedAt }) => finishedAt !== null),
    );
    expect(deploy.executions[0]).toMatchObject({
      status: 'aborted',
      reason: expect.stringContaining('pre-empted by rollback'),
    });
    await waitFor(
      'the bad release and the candidate to be gone',
      async () => (await instances('delta-staging')).length === 1,
    );
  });
});

describe.concurrent('abort', () => {
  it('before the switch removes the candidate and leaves the old release serving', async () => {
    await site.release('echo-1', 'Deploy echo v1.0.0 to staging');
    await ask('echo-2', 'Deploy echo v1.3.0 to staging');
    await merge('echo-2');
    const running = await atStep('echo-2', 'health');
    await site.command('abort', { execution: running.id, reason: 'not now' });
    const execution = await site.ended('echo-2');
    expect(execution).toMatchObject({ status: 'aborted', reason: expect.stringContaining('not now') });
    expect(execution.steps.some(({ status }) => status === 'running')).toBe(false);
    await site.answers('echo', 'staging', 'v1.0.0');
    expect(await instances('echo-staging')).toHaveLength(1);
    expect((await site.lane('echo', 'staging'))?.holder).toBe(null);
    await expect(site.command('abort', { execution: running.id, reason: 'twice' })).rejects.toThrow(
      'has ended',
    );
  });

  it('during the watch leaves the new release serving, held, and not last-known-good', async () => {
    await ask('foxtrot-1', 'Deploy foxtrot v1.0.0 to canary');
    await merge('foxtrot-1');
    const running = await atStep('foxtrot-1', 'watch');
    await site.command('abort', { execution: running.id, reason: 'seen enough' });
    expect((await site.ended('foxtrot-1')).status).toBe('aborted');
    await site.answers('foxtrot', 'canary', 'v1.0.0');
    const lane = await site.lane('foxtrot', 'canary');
    expect(lane).toMatchObject({ holder: null, lastKnownGood: null });
    expect(lane?.release?.state).toBe('held');
  });
});

describe.concurrent('unlock', () => {
  it('takes the lane from a deploy that hangs, and leaves no candidate behind', async () => {
    await ask('golf-1', 'Deploy golf v1.3.0 to staging');
    await merge('golf-1');
    const running = await atStep('golf-1', 'health');
    const answer = await site.command<string>('unlock', {
      service: 'golf',
      environment: 'staging',
      reason: 'hangs',
    });
    expect(answer).toContain(`taken from execution ${running.id}`);
    expect((await site.ended('golf-1')).status).toBe('aborted');
    await waitFor('the candidate to be gone', async () => (await instances('golf-staging')).length === 0);
    expect((await site.release('golf-2', 'Deploy golf v1.0.0 to staging')).status).toBe('succeeded');
  });
});

describe.concurrent('a first release that is bad, with nothing to go back to', () => {
  it('is stuck, says so loudly and again, and a good version gets out of it', async () => {
    expect((await site.release('hotel-1', 'Deploy hotel v1.2.0 to staging')).status).toBe('rolled_back');
    await site.incident('hotel', 'stuck');
    const rollback = (await site.executions('hotel')).find(({ kind }) => kind === 'rollback');
    expect(rollback).toMatchObject({
      status: 'stuck',
      reason: expect.stringContaining('Deploy a version that works'),
    });
    expect(await site.metrics()).toMatch(/^commander_incidents\{state="stuck"\} [12]$/m);
    await site.command('retry', { target: String(rollback?.id) });
    await waitFor('it to be said again', async () => {
      const lines = (await site.log())
        .split('\n')
        .filter((line) => line.includes('ROLLBACK IS STUCK') && line.includes('hotel'));
      return (
        lines.length >= 2 &&
        lines.every((line) => line.includes('"level":"error"') || line.includes('"level":50'))
      );
    });
    expect((await site.release('hotel-2', 'Deploy hotel v1.0.0 to staging')).status).toBe('succeeded');
    await site.answers('hotel', 'staging', 'v1.0.0');
    expect((await site.incident('hotel', 'resolved')).reason).not.toBe('');
    expect((await site.executions('hotel')).filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
  });

  it('is ended by unlock, which leaves the lane free', async () => {
    await site.release('kilo-1', 'Deploy kilo v1.2.0 to staging');
    await site.incident('kilo', 'stuck');
    await site.command('unlock', { service: 'kilo', environment: 'staging', reason: 'I look after it' });
    await site.incident('kilo', 'resolved');
    expect((await site.executions('kilo')).filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
    expect((await site.lane('kilo', 'staging'))?.holder).toBe(null);
  });
});

describe.concurrent('drift', () => {
  it('a release that is killed with its shim, and its gateway too, is put back', async () => {
    await site.release('lima-1', 'Deploy lima v1.0.0 to staging');
    for (const pid of [
      ...(await pidsOf('instances', 'lima-staging')),
      ...(await pidsOf('lanes', 'staging-lima')),
    ])
      process.kill(pid, 'SIGKILL');
    await waitFor('nothing to answer', async () =>
      (await site.answer('lima', 'staging')).startsWith('no answer'),
    );
    await site.answers('lima', 'staging', 'v1.0.0');
    const restored = await waitFor('the restore to end', async () =>
      (await site.executions('lima')).find(
        ({ kind, finishedAt }) => kind === 'restore' && finishedAt !== null,
      ),
    );
    expect(restored.status).toBe('succeeded');
    expect(await site.metrics()).toMatch(/drift.*lima.* [1-9]/);
  });

  it('is only reported where the catalog says so', async () => {
    await site.release('papa-1', 'Deploy papa v1.0.0 to staging');
    for (const pid of await pidsOf('instances', 'papa-staging')) process.kill(pid, 'SIGKILL');
    await waitFor('it to be reported', async () => {
      const entries = await site.client.get<readonly { readonly action: string }[]>(
        `/v1/audit?about=${encodeURIComponent('release:staging/papa')}`,
      );
      return entries.some(({ action }) => action === 'drift.reported');
    });
    expect((await site.executions('papa')).filter(({ kind }) => kind === 'restore')).toEqual([]);
    expect(await site.answer('papa', 'staging')).toContain('no answer');
  });
});

function ask(name: string, text: string): Promise<unknown> {
  return site.ask(name, text).then(() => site.proposed(name));
}

async function merge(name: string): Promise<void> {
  await site.people.merge((await site.proposed(name)).branch);
}

/** Waits until an execution is at a step. */
async function atStep(name: string, wanted: string): Promise<ExecutionView> {
  const at = ({ steps }: ExecutionView) =>
    steps.some(({ step, status }) => step === wanted && ['running', 'waiting'].includes(status));
  const { executions } = await site.until(name, `to be at ${wanted}`, (intent) => intent.executions.some(at));
  const found = executions.find(at);
  if (found === undefined) throw new Error(`${name} is not at ${wanted}`);
  return found;
}

async function instances(prefix: string): Promise<readonly string[]> {
  const folders = await readdir(join(site.dataDir, 'instances')).catch(() => []);
  return folders.filter((folder) => folder.startsWith(`${prefix}-`));
}

/** Processes that work in a folder of a release or a gateway, as /proc tells. */
async function pidsOf(kind: 'instances' | 'lanes', prefix: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    const folder = join(site.dataDir, kind, prefix);
    if (command.includes(folder) || environment.includes(folder)) found.push(Number(name));
  }
  if (kind === 'lanes') return found;
  const [service = '', environment = ''] = prefix.split('-');
  for (const folder of await instances(`${service}-${environment}`)) {
    const state = JSON.parse(
      await readFile(join(site.dataDir, 'instances', folder, 'state.json'), 'utf8'),
    ) as { readonly shim: { readonly pid: number } | null; readonly child: { readonly pid: number } | null };
    for (const identity of [state.shim, state.child])
      if (identity !== null && !found.includes(identity.pid)) found.push(identity.pid);
  }
  return found;
}
