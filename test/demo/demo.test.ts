import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { dockerMissing } from '../runtime/docker-support.js';

const MAIN = join(process.cwd(), 'dist', 'controller', 'main.js');
const LIMIT_MS = 240_000;
const noDocker = await dockerMissing();

interface Played {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function play(runtime: string): Promise<Played> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, '--json', 'demo', '--runtime', runtime]);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

async function expectTheWholeStory(runtime: string): Promise<void> {
  const { code, out, err } = await play(runtime);
  expect(code, err).toBe(0);
  const { chapters } = JSON.parse(out) as { chapters: { title: string; lines: string[] }[] };
  expect(chapters).toHaveLength(10);
  for (const chapter of chapters) expect(chapter.lines.join(''), chapter.title).not.toBe('');
}

describe('npm run demo', () => {
  test('plays the whole story with processes', { timeout: LIMIT_MS }, () => expectTheWholeStory('process'));

  test.skipIf(noDocker !== null)(
    `plays the whole story with containers${noDocker === null ? '' : ` (skipped: ${noDocker})`}`,
    { timeout: LIMIT_MS },
    () => expectTheWholeStory('docker'),
  );

  test('leaves nothing running', () => {
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    expect(processes.filter((line) => line.includes('commander-demo-'))).toEqual([]);
  });
});
