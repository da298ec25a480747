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

function play(...options: readonly string[]): Promise<Played> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, '--json', 'demo', ...options]);
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

async function expectTheWholeStory(...options: readonly string[]): Promise<void> {
  const { code, out, err } = await play(...options);
  expect(code, err).toBe(0);
  const { chapters } = JSON.parse(out) as { chapters: { title: string; lines: string[] }[] };
  expect(chapters).toHaveLength(10);
  for (const chapter of chapters) expect(chapter.lines.join(''), chapter.title).not.toBe('');
}

describe('npm run demo', () => {
  test('plays the whole story with processes', { timeout: LIMIT_MS }, () => expectTheWholeStory());

  test('plays the whole story with pull requests, reviews and webhooks', { timeout: LIMIT_MS }, () =>
    expectTheWholeStory('--forge', 'github'),
  );

  test.skipIf(noDocker !== null)(
    `plays the whole story with containers${noDocker === null ? '' : ` (skipped: ${noDocker})`}`,
    { timeout: LIMIT_MS },
    () => expectTheWholeStory('--runtime', 'docker'),
  );

  test('leaves nothing running', () => {
    const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    expect(processes.filter((line) => line.includes('commander-demo-'))).toEqual([]);
  });
});
