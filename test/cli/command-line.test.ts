import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const MAIN = join(process.cwd(), 'dist', 'controller', 'main.js');
let folder: string;

function commander(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder },
  });
  return { status, stdout, stderr };
}

const CATALOG = `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments: [{ name: staging, aliases: [stage] }, { name: production, aliases: [prod] }]
services: [{ name: checkout, aliases: [shop] }]
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'commander-cli-'));
  writeFileSync(join(folder, 'commander.yaml'), CATALOG);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  test('--help lists the commands, and every command has help of its own', () => {
    const help = commander(['--help']);
    expect(help.status).toBe(0);
    for (const name of ['init', 'up', 'status', 'rollback', 'audit']) {
      expect(help.stdout).toContain(name);
      expect(commander([name, '--help']).status).toBe(0);
    }
  });

  test('what is used wrongly ends with 2 and says how it is used', () => {
    for (const args of [['nope'], ['approve'], ['abort', 'x'], ['history', '--limit', 'many']]) {
      const { status, stderr } = commander(args);
      expect(status, args.join(' ')).toBe(2);
      expect(stderr).not.toBe('');
    }
  });

  test('a command that needs a controller ends with 3 and says how to start one', () => {
    for (const args of [['status'], ['approve', 'x'], ['incidents'], ['history']]) {
      const { status, stderr } = commander(args);
      expect(status, args.join(' ')).toBe(3);
      expect(stderr).toContain('commander up');
    }
  });

  test('a wrong configuration is named, variable by variable', () => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'up'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, POLL_INTERVAL: 'often' },
    });
    expect(status).toBe(2);
    expect(stderr).toContain('POLL_INTERVAL="often"');
  });
});

describe('interpret', () => {
  test('answers one line for each line, and a bad line only on itself', () => {
    const input = [
      '{"id":"a","text":"deploy shop v1.2.3 to stage"}',
      'not json',
      '{"id":"b","text":"scale checkout to 5"}',
    ];
    const { status, stdout } = commander(['interpret', '--jsonl'], `${input.join('\n')}\n`);
    const [first, second, third] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      id: 'a',
      outcome: 'plan',
      action: 'deploy',
      service: 'checkout',
      version: 'v1.2.3',
      environments: ['staging'],
      postSteps: [],
      guards: { errorRate: null, latencyP95Ms: null, watchMinutes: null },
      questions: [],
      reason: null,
    });
    expect(second).toHaveProperty('error');
    expect(third).toMatchObject({ id: 'b', outcome: 'refuse', service: null });
    expect(status).toBe(1);
  });

  test('tells plan, question and refusal apart by its exit code', () => {
    expect(commander(['interpret', 'deploy checkout v1 to prod']).status).toBe(0);
    expect(commander(['interpret', 'deploy the app to prod']).status).toBe(4);
    expect(commander(['interpret', 'deploy checkout v1 to prod and drop the database']).status).toBe(5);
  });

  test('says what is wrong with a catalog that is missing or broken', () => {
    expect(commander(['interpret', '--catalog', 'none.yaml', 'x']).stderr).toContain('none.yaml');
    writeFileSync(join(folder, 'broken.yaml'), 'kind: [');
    const { status, stderr } = commander(['interpret', '--catalog', 'broken.yaml', 'x']);
    expect(status).toBe(2);
    expect(stderr).toContain('broken.yaml:');
  });
});

describe('init and plan', () => {
  test('init makes a repository that doctor finds nothing missing in, and does not touch a folder with something in it', () => {
    const made = commander(['--json', 'init', 'gitops', '--sample']);
    expect(made.status, made.stderr).toBe(0);
    expect(readdirSync(join(folder, 'gitops'))).toContain('commander.yaml');
    expect(commander(['init', 'gitops']).status).toBe(1);
    const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_PORT: '0' };
    const { stdout } = spawnSync(process.execPath, [MAIN, '--json', 'doctor'], {
      cwd: join(folder, 'gitops'),
      encoding: 'utf8',
      env,
    });
    const checks = JSON.parse(stdout) as { name: string; result: string; detail: string }[];
    expect(checks.filter((check) => check.result === 'missing')).toEqual([]);
  });

  test('plan is a dry run: the whole plan, and nothing is written', () => {
    const gitops = join(folder, 'gitops');
    const env = { PATH: process.env.PATH, HOME: folder };
    const run = (text: string) =>
      spawnSync(process.execPath, [MAIN, '--json', 'plan', text], { cwd: gitops, encoding: 'utf8', env });
    const before = spawnSync('git', ['-C', gitops, 'for-each-ref'], { encoding: 'utf8' }).stdout;
    const planned = run('deploy checkout v1.0.0 to staging');
    expect(planned.status, planned.stderr).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      kind: 'plan',
      plan: { version: { ref: 'v1.0.0' }, environments: [{ environment: 'staging' }] },
    });
    const missing = run('deploy checkout v9.9.9 to staging');
    expect(missing.status).toBe(4);
    expect(missing.stdout).toContain('v1.4.0');
    expect(run('deploy checkout v1.0.0 to production').status).toBe(6);
    expect(spawnSync('git', ['-C', gitops, 'for-each-ref'], { encoding: 'utf8' }).stdout).toBe(before);
  });
});
