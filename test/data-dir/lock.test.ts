import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir, lockHolder } from '../../controller/data-dir.js';

const CONTENDER = join(import.meta.dirname, 'children', 'contender.mjs');
const CONTENDERS = 6;
const ROUNDS = 40;

interface Contender {
  readonly child: ChildProcessWithoutNullStreams;
  take(dataDir: string): Promise<string>;
  kill(): Promise<void>;
}

let folder: string;
let started: Contender[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'commander-lock-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((contender) => contender.kill()));
  rmSync(folder, { recursive: true, force: true });
});

async function contender(): Promise<Contender> {
  const child = spawn(process.execPath, [CONTENDER], { stdio: 'pipe' });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  child.stdin.on('error', () => undefined);
  const made: Contender = {
    child,
    take: (dataDir) => {
      child.stdin.write(`${dataDir}\n`);
      return line();
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
  started.push(made);
  expect(await line()).toBe('ready');
  return made;
}

function contenders(count: number): Promise<readonly Contender[]> {
  return Promise.all(Array.from({ length: count }, contender));
}

/** A directory whose controller was killed. */
async function staleDirectory(): Promise<string> {
  const dataDir = join(folder, 'stale');
  mkdirSync(dataDir);
  const victim = await contender();
  expect(await victim.take(dataDir)).toBe('won');
  await victim.kill();
  return dataDir;
}

describe('the lock of a data directory', () => {
  it('is held by one, who is named, until it is given back', async () => {
    const release = await lockDataDir(folder);
    expect(await lockHolder(folder)).toBe(process.pid);
    await expect(lockDataDir(folder)).rejects.toThrow(`process ${process.pid}`);
    await release();
    expect(await lockHolder(folder)).toBeNull();
    await (await lockDataDir(folder))();
  });

  it(`left by a killed process goes to exactly one of ${CONTENDERS} that want it at the same time, ${ROUNDS} times`, async () => {
    const stale = await staleDirectory();
    const all = await contenders(CONTENDERS);
    for (let round = 0; round < ROUNDS; round += 1) {
      const dataDir = join(folder, `round-${round}`);
      cpSync(stale, dataDir, { recursive: true });
      const outcomes = await Promise.all(all.map((one) => one.take(dataDir)));
      expect(
        outcomes.filter((outcome) => outcome === 'won'),
        outcomes.join('\n'),
      ).toHaveLength(1);
      const winner = all[outcomes.indexOf('won')];
      expect(await lockHolder(dataDir)).toBe(winner?.child.pid);
      const lost = outcomes.filter((outcome) => outcome !== 'won');
      for (const outcome of lost) expect(outcome).toContain('Another controller (process');
    }
  });

  it('can be taken again after all who took or wanted it were killed at any moment', async () => {
    const dataDir = await staleDirectory();
    for (let round = 0; round < 5; round += 1) {
      const all = await contenders(3);
      const first = Promise.race(all.map((one) => one.take(dataDir)));
      if (round % 2 === 0) await first;
      await Promise.all(all.map((one) => one.kill()));
    }
    const release = await lockDataDir(dataDir);
    expect(readdirSync(join(dataDir, 'lock'))).toHaveLength(1);
    await release();
  });

  it('is not lost to one who looked before it was taken over, and links the old number now', async () => {
    const dataDir = await staleDirectory();
    const release = await lockDataDir(dataDir);
    const late = join(dataDir, 'lock', 'claim-1-late');
    writeFileSync(late, JSON.stringify({ pid: 1, started: null }));
    linkSync(late, join(dataDir, 'lock', '1'));
    expect(await lockHolder(dataDir)).toBe(process.pid);
    await expect(lockDataDir(dataDir)).rejects.toThrow(`process ${process.pid}`);
    await release();
    expect(await lockHolder(dataDir)).toBeNull();
  });

  it('that a power cut left empty or half written is taken over', async () => {
    mkdirSync(join(folder, 'lock'));
    for (const [number, content] of ['', '{"pid":', 'null', '{"pid":0}'].entries()) {
      writeFileSync(join(folder, 'lock', String(number * 10 + 1)), content);
      await (await lockDataDir(folder))();
    }
  });
});
