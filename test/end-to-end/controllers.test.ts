import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StatusView } from '../../controller/triggers/api/status.js';
import { waitFor } from '../support/wait-for.js';
import { databaseUrl, openSite, prepareSite, type Site } from './harness.js';
import { spawnController, startController } from './support/controller-process.js';

type Finished = (release: () => Promise<void>) => void;

/** A site of the test's own, so that what happens to its controller is nobody else's business. */
async function newSite(service: string, onTestFinished: Finished): Promise<Site> {
  const site = await openSite({ services: [{ name: service }] });
  onTestFinished(() => site.close());
  return site;
}

describe.concurrent('two controllers', () => {
  it('on one data directory: the second says so and ends, and the first goes on', async ({
    onTestFinished,
  }) => {
    const site = await newSite('alpha', onTestFinished);
    const second = await spawnController(site.env, site.gitops, join(site.folder, 'second.log'));
    expect(await second.ended).toBe(1);
    const said = await readFile(join(site.folder, 'second.log'), 'utf8');
    expect(said).toContain(`Another controller (process ${site.controller?.pid})`);
    expect(said).not.toMatch(/^\s+at /m);
    expect((await site.release('alpha', 'Deploy alpha v1.0.0 to staging')).status).toBe('succeeded');
  });

  it('on one database share the work, do nothing twice, and one takes over when the other is killed', async ({
    onTestFinished,
  }) => {
    const site = await newSite('bravo', onTestFinished);
    const dataDir = join(site.folder, 'second');
    const env = {
      ...site.env,
      COMMANDER_DATA_DIR: dataDir,
      COMMANDER_RELEASES_DIR: site.dataDir,
      DATABASE_URL: await databaseUrl(site),
    };
    const second = await startController(env, site.gitops, dataDir, join(site.folder, 'second.log'));
    onTestFinished(async () => {
      second.child.kill('SIGKILL');
      await second.ended;
    });
    await Promise.all(
      ['staging', 'production'].map(async (environment) => {
        const execution = await site.release(`bravo-${environment}`, `Deploy bravo v1.0.0 to ${environment}`);
        expect(execution.status).toBe('succeeded');
        expect(execution.steps.map(({ attempts }) => attempts).every((attempts) => attempts <= 2)).toBe(true);
        await site.answers('bravo', environment, 'v1.0.0');
      }),
    );
    const executions = await site.executions('bravo');
    expect(executions.filter(({ kind }) => kind === 'plan')).toHaveLength(2);
    expect(executions.filter(({ kind }) => kind !== 'plan')).toEqual([]);
    const audit = await site.client.get<readonly { readonly action: string }[]>('/v1/audit');
    for (const action of ['plan.approved', 'release.switched', 'release.good'])
      expect(
        audit.filter((entry) => entry.action === action),
        action,
      ).toHaveLength(2);

    second.child.kill('SIGKILL');
    expect((await site.release('bravo-after', 'Deploy bravo v1.1.0 to staging')).status).toBe('succeeded');
    expect(((await site.client.get('/v1/audit/verify')) as { readonly ok: boolean }).ok).toBe(true);
  });
});

describe.concurrent('a controller that cannot start', () => {
  it('because its port is taken says so and leaves nothing running', async ({ onTestFinished }) => {
    const site = await prepareSite({ services: [{ name: 'delta' }] });
    onTestFinished(() => site.close());
    const stranger = createServer().listen(0, '127.0.0.1');
    await waitFor('the stranger', () => stranger.listening);
    const address = stranger.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const controller = await spawnController(
      { ...site.env, COMMANDER_PORT: String(port) },
      site.gitops,
      site.logFile,
    );
    expect(await controller.ended).toBe(1);
    stranger.close();
    expect(await site.log()).toContain(`Port ${port} on 127.0.0.1 is taken. Set COMMANDER_PORT`);
    expect(existsSync(join(site.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
    expect(existsSync(join(site.dataDir, 'controller.lock'))).toBe(false);
  });
});

describe.concurrent('a controller that is stopped', () => {
  it('by two signals ends at once; releases go on serving, and the next one takes everything up', async ({
    onTestFinished,
  }) => {
    const site = await newSite('echo', onTestFinished);
    await site.release('echo-1', 'Deploy echo v1.0.0 to staging');
    await site.ask('echo-2', 'Deploy echo v1.1.0 to staging');
    await site.people.merge((await site.proposed('echo-2')).branch);
    const child = site.controller?.child;
    child?.kill('SIGINT');
    child?.kill('SIGINT');
    const ended = await site.controller?.ended;
    expect([130, 0]).toContain(ended);
    expect(await site.answer('echo', 'staging')).toMatch(/^v1\.[01]\.0$/);
    await site.start();
    expect((await site.ended('echo-2')).status).toBe('succeeded');
    await site.answers('echo', 'staging', 'v1.1.0');
  });

  it('by one signal stops cleanly: its database is down, its lock gone, its releases serve', async ({
    onTestFinished,
  }) => {
    const site = await newSite('foxtrot', onTestFinished);
    await site.release('foxtrot-1', 'Deploy foxtrot v1.0.0 to staging');
    site.controller?.child.kill('SIGTERM');
    expect(await site.controller?.ended).toBe(0);
    expect(existsSync(join(site.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
    expect(existsSync(join(site.dataDir, 'controller.lock'))).toBe(false);
    expect(existsSync(join(site.dataDir, 'controller.json'))).toBe(false);
    expect(await site.answer('foxtrot', 'staging')).toBe('v1.0.0');
  });
});

describe.concurrent('a database that does not answer for five seconds', () => {
  it('loses nothing: readiness says so meanwhile, and what was under way comes to its end, once', async ({
    onTestFinished,
  }) => {
    const site = await newSite('golf', onTestFinished);
    await site.ask('golf-1', 'Deploy golf v1.0.0 to staging, then production');
    await site.people.merge((await site.proposed('golf-1')).branch);
    await site.planIs('golf-1', 'running');
    const pids = await postgresPids(site);
    expect(pids.length).toBeGreaterThan(3);
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const since = Date.now();
    try {
      const signal = AbortSignal.timeout(4000);
      const ready = await site.fetch('/readyz', { signal }).then(
        ({ status }) => status,
        () => 'no answer',
      );
      expect([503, 'no answer']).toContain(ready);
      await waitFor('five seconds to pass', () => Date.now() - since > 5000);
    } finally {
      for (const pid of pids) resume(pid);
    }
    expect((await site.ended('golf-1')).status).toBe('succeeded');
    for (const environment of ['staging', 'production']) await site.answers('golf', environment, 'v1.0.0');
    const status = await site.client.get<StatusView>('/v1/status');
    expect(status.executions).toEqual([]);
    expect((await site.executions('golf')).map(({ status: end }) => end)).toEqual(['succeeded']);
  });
});

/** The server and its children, oldest first. */
async function postgresPids(site: Site): Promise<readonly number[]> {
  const server = Number(
    (await readFile(join(site.dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0],
  );
  const pids = [server];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === server) pids.push(Number(name));
  }
  return pids;
}

function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // A connection that ended meanwhile.
  }
}
