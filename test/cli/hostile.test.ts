import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInterpretation } from '../../controller/cli/interpret-output.js';

const MAIN = join(process.cwd(), 'dist', 'controller', 'main.js');
/** Red, a title for the terminal, a C1 escape, a right-to-left override, a line of its own. */
const EVIL = 'e\u001b[31mv\u001b]0;t\u0007\u009b1mi\u202el\u2066\n\rforged: line\u2028x';
const BAD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const STEP = {
  environment: EVIL,
  step: EVIL,
  status: EVIL,
  attempts: 1,
  detail: EVIL,
  output: `${EVIL}\n${EVIL}`,
  startedAt: null,
  finishedAt: null,
};
const EXECUTION = {
  id: 1,
  kind: 'plan',
  action: EVIL,
  service: EVIL,
  environments: [EVIL],
  plan: EVIL,
  status: EVIL,
  reason: EVIL,
  createdAt: '2026-01-01',
  startedAt: null,
  finishedAt: null,
  steps: [STEP],
};
const PLAN = {
  digest: EVIL,
  status: 'pending_approval',
  reason: EVIL,
  branch: EVIL,
  title: EVIL,
  approvedBy: [EVIL],
  expiresAt: '',
};
const INTENT = { name: EVIL, path: EVIL, repository: EVIL, state: 'planned', detail: [EVIL], plan: PLAN };
const RELEASE = { id: EVIL, version: EVIL, commit: EVIL, state: EVIL, address: EVIL, since: null };
const LANE = {
  service: EVIL,
  environment: EVIL,
  holder: null,
  release: RELEASE,
  watch: { verdict: EVIL, reason: EVIL, since: EVIL },
  lastKnownGood: RELEASE,
};
const REPOSITORY = {
  id: EVIL,
  branch: EVIL,
  head: null,
  lookedAt: null,
  problem: EVIL,
  fileProblems: [EVIL],
  notExecuted: [{ path: EVIL, reason: EVIL }],
};
const INCIDENT = {
  id: 1,
  service: EVIL,
  environment: EVIL,
  version: EVIL,
  state: EVIL,
  reason: EVIL,
  openedAt: '2026',
  file: EVIL,
  timeline: [{ at: '2026', event: EVIL }],
};
const QUARANTINE = { id: 1, service: EVIL, version: EVIL, commit: EVIL, reason: EVIL, liftedBy: EVIL };

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/v1/status': {
    repositories: [REPOSITORY],
    lanes: [LANE],
    intents: [INTENT, { ...INTENT, state: EVIL, plan: null }],
    executions: [EXECUTION],
    incidents: { rollingBack: 0, stuck: 1 },
  },
  '/v1/intents/web': {
    ...INTENT,
    text: EVIL,
    body: `${EVIL}\n${EVIL}`,
    executions: [EXECUTION],
    waivers: [{ sop: EVIL, by: EVIL, reason: EVIL, quote: EVIL, at: '2026' }],
    audit: [{ at: '2026', actor: EVIL, action: EVIL, reason: EVIL }],
  },
  '/v1/executions': [EXECUTION],
  '/v1/incidents': [INCIDENT],
  '/v1/quarantine': [QUARANTINE],
  '/v1/approve': PLAN,
  '/v1/reject': PLAN,
  '/v1/abort': EXECUTION,
  '/v1/retry': EVIL,
  '/v1/unlock': EVIL,
  '/v1/plan': { kind: 'refused', reason: EVIL },
};

let folder: string;
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'commander-hostile-'));
  server = createServer((request, response) => {
    const answer = ANSWERS[(request.url ?? '').split('?', 1)[0] ?? ''];
    response.writeHead(answer === undefined ? 409 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: EVIL }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  writeFileSync(join(folder, 'controller.json'), JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  writeFileSync(join(folder, 'token'), 'token');
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true, force: true });
});

function commander(...args: readonly string[]): Promise<{ readonly out: string; readonly status: number }> {
  const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_DATA_DIR: folder };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: folder, env },
      (_error, stdout, stderr) => {
        resolve({ out: stdout + stderr, status: child.exitCode ?? -1 });
      },
    );
  });
}

describe('text of people on a terminal', () => {
  test.each([
    'status',
    'status web',
    'status nobody',
    'history',
    'history --output',
    'incidents',
    'quarantine',
    'approve web',
    'reject web',
    'abort 1',
    'retry web',
    'unlock web staging',
    'rollback web staging',
    'plan deploy',
  ])('%s has no escape sequences, no hidden characters and no forged lines in it', async (line) => {
    const { out } = await commander(...line.split(' '));
    expect(out).toContain('forged: line');
    for (const shown of out.split('\n')) {
      expect(shown).not.toMatch(BAD);
      expect(shown).not.toMatch(/^forged/);
    }
  });

  test('what is wrong with an intent file is told without what its author hid in it', async () => {
    writeFileSync(
      join(folder, 'web.yaml'),
      'apiVersion: devopscommander.io/v1alpha1\nkind: Intent\nmetadata: { name: web }\nspec: { text: deploy, "un\\e[31mkno\\u202ewn": 1 }\n',
    );
    const { out, status } = await commander('plan', 'web.yaml');
    expect(status).toBe(1);
    expect(out).toContain('web.yaml');
    for (const line of out.split('\n')) expect(line).not.toMatch(BAD);
  });

  test('JSON is what the controller said, unchanged', async () => {
    const { out } = await commander('--json', 'status');
    expect(JSON.parse(out)).toEqual(ANSWERS['/v1/status']);
  });

  test('an interpretation is told in clean lines', () => {
    const texts = [
      describeInterpretation({ outcome: 'refuse', reason: EVIL, evidence: {} }),
      describeInterpretation({
        outcome: 'plan',
        evidence: { service: [{ start: 0, end: 1, text: EVIL }] },
        request: {
          action: 'deploy',
          service: EVIL,
          version: EVIL,
          environments: [EVIL],
          postSteps: ['smoke_tests'],
          guards: { errorRate: null, latencyP95Ms: null, watchMinutes: null },
        },
      }),
    ];
    for (const line of texts.join('\n').split('\n')) expect(line).not.toMatch(BAD);
  });
});
