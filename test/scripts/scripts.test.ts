import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../controller/adapters/programs/run-program.js';
import { identify } from '../../controller/adapters/runtime/control/process-identity.js';
import { createScripts } from '../../controller/adapters/scripts/index.js';
import type { Log } from '../../controller/ports/log.js';
import { ScriptNotAllowed, type ScriptResult, type Scripts } from '../../controller/ports/scripts.js';

const ENV = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? tmpdir() };
const nothing = (): void => undefined;
const log: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, bind: () => log };
const never = new AbortController().signal;

let folder = '';
let directory = '';
let scripts: Scripts;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-scripts-'));
  directory = join(folder, 'scripts');
  await mkdir(join(directory, 'sub'), { recursive: true });
  scripts = createScripts({ directory, env: ENV, runProgram, log });
  await script(
    'show',
    'console.log(JSON.stringify({ args: process.argv.slice(2), env: process.env, cwd: process.cwd() }))',
  );
  await script('exit', 'console.error("token=abcdefgh"); process.exitCode = Number(process.argv[2])');
  await script(
    'hang',
    `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    console.log(c.pid); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`,
  );
  await script(
    'leave',
    `const c = require('child_process').spawn('sleep', ['600'], { stdio: 'inherit' });
    console.log(c.pid); c.unref(); process.exit(0)`,
  );
  await script('twice.js', '');
  await script('twice.mjs', '');
  await script('once.cjs', 'console.log("once")');
  await script('Upper', '');
  await script('.hidden', '');
  await script('sub/inside', '');
  await writeFile(join(directory, 'not-executable'), '#!/bin/true\n', { mode: 0o644 });
  await symlink('/bin/true', join(directory, 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, body: string): Promise<void> {
  const path = join(directory, name);
  await writeFile(path, `#!/usr/bin/env node\n${body}\n`);
  await chmod(path, 0o755);
}

function run(
  name: string,
  args: readonly string[] = [],
  timeoutSeconds = 20,
  env: Readonly<Record<string, string>> = {},
  signal = never,
): Promise<ScriptResult> {
  return scripts.run({ step: { script: name, args, timeoutSeconds }, cwd: folder, env }, signal);
}

describe('the allow-list', () => {
  test('is the regular, executable files directly in the folder with plain names', async () => {
    expect(await scripts.names()).toEqual([
      'exit',
      'hang',
      'leave',
      'once.cjs',
      'show',
      'twice.js',
      'twice.mjs',
    ]);
  });

  test.each([
    '../scripts/show',
    './show',
    '/bin/true',
    'sub/inside',
    'sub',
    'link',
    'not-executable',
    '.hidden',
    'Upper',
    'show ',
    'show; ls',
    'show\n',
    '',
    '..',
    'SHOW',
  ])('refuses %j before anything is started, and names what is allowed', async (name) => {
    const running = run(name);
    await expect(running).rejects.toThrow(ScriptNotAllowed);
    await expect(running).rejects.toThrow(/now: exit, hang, leave, once\.cjs, show, twice\.js, twice\.mjs/);
  });

  test('takes a name without its extension if only one file has it', async () => {
    expect((await run('once')).output).toBe('once\n');
    await expect(run('twice')).rejects.toThrow(/can mean twice\.js or twice\.mjs/);
  });

  test('is empty without a folder', async () => {
    const none = createScripts({ directory: join(folder, 'none'), env: ENV, runProgram, log });
    expect(await none.names()).toEqual([]);
    const running = none.run(
      { step: { script: 'x', args: [], timeoutSeconds: 1 }, cwd: folder, env: {} },
      never,
    );
    await expect(running).rejects.toThrow(/now: none/);
  });
});

describe('a script', () => {
  test('gets its arguments as they are, its small environment and the release’s tree', async () => {
    process.env.COMMANDER_TEST_SECRET = 'not for scripts';
    const result = await run('show', ['$(id)', 'a b', ';'], 20, { COMMANDER_SERVICE: 'shop' });
    const { args, env, cwd } = JSON.parse(result.output);
    expect(result).toMatchObject({ outcome: 'passed', exitCode: 0 });
    expect(args).toEqual(['$(id)', 'a b', ';']);
    expect(env).toEqual({ COMMANDER_SERVICE: 'shop', ...ENV });
    expect(cwd).toBe(folder);
  });

  test.each([
    [0, 'passed'],
    [1, 'failed'],
    [5, 'empty'],
    [127, 'failed'],
  ])('that ends with %i has %s, with its redacted output', async (code, outcome) => {
    const result = await run('exit', [String(code)]);
    expect(result).toMatchObject({ outcome, exitCode: code, output: 'token=[redacted]\n' });
  });

  test('that takes too long is stopped with its children', async () => {
    const result = await run('hang', [], 1);
    expect(result.outcome).toBe('timed-out');
    expect(result.output).toContain('Stopped: it took longer than 1 s');
    expect(identify(Number.parseInt(result.output, 10))).toBeNull();
  });

  test('is stopped by an abort', async () => {
    const abort = new AbortController();
    const running = run('hang', [], 60, {}, abort.signal);
    abort.abort(new Error('somebody said abort'));
    await expect(running).rejects.toThrow('somebody said abort');
  });

  test('that leaves a child behind does not hold anybody up, and the child is ended', async () => {
    const result = await run('leave');
    expect(result.outcome).toBe('passed');
    expect(identify(Number.parseInt(result.output, 10))).toBeNull();
  });
});

describe('the scripts that come with the controller', () => {
  const ours = createScripts({
    directory: resolve(import.meta.dirname, '../../infra/scripts'),
    env: ENV,
    runProgram,
    log,
  });
  const runOurs = (
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd = folder,
  ): Promise<ScriptResult> => ours.run({ step: { script: name, args, timeoutSeconds: 60 }, cwd, env }, never);
  const project = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'package.json'), content);
    return path;
  };

  test('are run-tests, smoke-test and notify', async () => {
    expect(await ours.names()).toEqual(['notify', 'run-tests', 'smoke-test']);
  });

  test('run-tests runs npm test in the tree and fails with it', async () => {
    const passing = await project('passing', '{"scripts":{"test":"node -e \\"console.log(6 * 7)\\""}}');
    expect(await runOurs('run-tests', [], {}, passing)).toMatchObject({ outcome: 'passed' });
    const failing = await project('failing', '{"scripts":{"test":"node -e \\"process.exit(3)\\""}}');
    expect(await runOurs('run-tests', [], {}, failing)).toMatchObject({ outcome: 'failed', exitCode: 3 });
  });

  test('run-tests says that there are none, which is not success', async () => {
    const none = await project('none', '{}');
    expect(await runOurs('run-tests', [], {}, none)).toMatchObject({ outcome: 'empty' });
    const placeholder = '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}';
    expect(await runOurs('run-tests', [], {}, await project('initial', placeholder))).toMatchObject({
      outcome: 'empty',
    });
    const result = await runOurs('run-tests', [], {}, directory);
    expect(result).toMatchObject({
      outcome: 'empty',
      output: 'No tests to run: there is no package.json.\n',
    });
  });

  test('run-tests fails on a package.json that is not JSON', async () => {
    const broken = await project('broken', '{');
    expect(await runOurs('run-tests', [], {}, broken)).toMatchObject({ outcome: 'failed' });
  });

  test('smoke-test requests the health path or the given paths several times', async () => {
    const server = await listen((path) => (path === '/broken' ? 500 : path === '/moved' ? 302 : 200));
    const env = { COMMANDER_URL: server.url, COMMANDER_HEALTH: '/healthz' };
    expect(await runOurs('smoke-test', [], env)).toMatchObject({ outcome: 'passed' });
    expect(server.requests).toEqual(Array(5).fill('GET /healthz'));
    expect(await runOurs('smoke-test', ['/', '/moved'], env)).toMatchObject({ outcome: 'passed' });
    const failed = await runOurs('smoke-test', ['/', '/broken'], env);
    expect(failed).toMatchObject({ outcome: 'failed' });
    expect(failed.output).toContain('/broken: status 500');
    server.close();
    const gone = await runOurs('smoke-test', [], env);
    expect(gone).toMatchObject({ outcome: 'failed' });
    expect(gone.output).toContain('ECONNREFUSED');
  });

  test('smoke-test without a URL says so, which is not success', async () => {
    expect(await runOurs('smoke-test', [], {})).toMatchObject({ outcome: 'empty' });
  });

  test('notify prints one line, posts it to the receiver, and does not fail without one', async () => {
    const env = { COMMANDER_SERVICE: 'shop', COMMANDER_ENVIRONMENT: 'staging', COMMANDER_VERSION: 'v2' };
    const alone = await runOurs('notify', ['all', 'well'], env);
    expect(alone).toMatchObject({ outcome: 'passed' });
    expect(alone.output).toContain('Nobody was told');
    expect(JSON.parse(alone.output.split('\n')[0] ?? '')).toMatchObject({
      service: 'shop',
      message: 'all well',
    });
    const server = await listen((path) => (path === '/hook' ? 204 : 403));
    const told = await runOurs('notify', [], { ...env, COMMANDER_NOTIFY_URL: `${server.url}/hook` });
    expect(told).toMatchObject({ outcome: 'passed' });
    expect(server.bodies.map((body) => JSON.parse(body).version)).toEqual(['v2']);
    const refused = await runOurs('notify', [], {
      ...env,
      COMMANDER_NOTIFY_URL: `${server.url}/hidden-token`,
    });
    expect(refused).toMatchObject({ outcome: 'failed' });
    expect(refused.output).not.toContain('hidden-token');
    server.close();
  });

  test('run under no shell', async () => {
    for (const name of await ours.names()) {
      const text = await readFile(resolve(import.meta.dirname, '../../infra/scripts', name), 'utf8');
      expect(text.split('\n')[0]).toBe('#!/usr/bin/env node');
      expect(text).not.toMatch(/shell:|exec\(/);
    }
  });
});

interface Listening {
  readonly url: string;
  readonly requests: string[];
  readonly bodies: string[];
  close(): void;
}

function listen(status: (path: string) => number): Promise<Listening> {
  const requests: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(status(request.url ?? ''), { location: '/', connection: 'close' }).end();
    });
  });
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      done({ url: `http://127.0.0.1:${port}`, requests, bodies, close: () => void server.close() });
    });
  });
}
