import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { waitFor } from '../../support/wait-for.js';
import { killController, stepBegan } from './support/blows.js';
import { type CrashSite, ENVIRONMENT, openCrashSite, SERVICE } from './support/crash-site.js';
import { deployThrough } from './support/deploy.js';
import { accountForDeploy, branchOf, endOf, intentText, stepsOf } from './support/round.js';
import { sendUsers, type Users } from './support/traffic.js';

// A round is a whole deploy with a restart in it.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let crash: CrashSite;
let users: Users;

beforeAll(async () => {
  crash = await openCrashSite(['v1.0.0', 'v1.0.1', 'v1.0.2', 'v1.0.3'].map((tag) => ({ tag })));
  users = sendUsers(crash.site.port(SERVICE, ENVIRONMENT));
  await deployThrough(crash, users, 'deploy-0', 'v1.0.0', null, killController);
});

afterAll(async () => {
  users.stop();
  await crash.close();
});

/** Asks the controller to stop, politely, and returns how it ended. */
async function stop(): Promise<number | NodeJS.Signals | undefined> {
  crash.site.controller?.child.kill('SIGTERM');
  return crash.site.controller?.ended;
}

async function begin(intent: string, version: string, step: string): Promise<void> {
  users.forget();
  await crash.site.ask(intent, intentText(version));
  await crash.site.people.merge(await branchOf(crash.site, intent));
  await stepBegan(step).reached(crash, intent);
}

async function finish(intent: string, version: string): Promise<void> {
  expect((await endOf(crash, intent)).status).toBe('succeeded');
  await accountForDeploy(crash, intent, version, []);
  expect(users.takeFailures()).toEqual([]);
}

describe('a controller that is asked to stop', () => {
  it('in a build that does not end, ends the build and itself; the release serves on, and the next start builds', async () => {
    await crash.hold('build');
    await begin('deploy-1', 'v1.0.1', 'build');
    await waitFor('the build to run', async () => (await crash.journal('build', 'v1.0.1')).includes('began'));
    expect(await stop()).toBe(0);
    expect(await crash.site.answer(SERVICE, ENVIRONMENT)).toBe('v1.0.0');
    await crash.release();
    await crash.site.start();
    await finish('deploy-1', 'v1.0.1');
    expect(await crash.journal('build', 'v1.0.1')).toEqual(['began', 'began', 'ended']);
  });

  it('in a script that is about to end, lets it end, and does not run it again', async () => {
    await crash.hold('smoke_tests');
    await begin('deploy-2', 'v1.0.2', 'smoke_tests');
    await waitFor('the script to run', async () =>
      (await crash.journal('smoke_tests', 'v1.0.2')).includes('began'),
    );
    const stopped = stop();
    await crash.release();
    expect(await stopped).toBe(0);
    await crash.site.start();
    await finish('deploy-2', 'v1.0.2');
    expect(await crash.journal('smoke_tests', 'v1.0.2')).toEqual(['began', 'ended']);
  });

  it('in a watch, leaves the new release serving, and goes on watching at the next start', async () => {
    await begin('deploy-3', 'v1.0.3', 'watch');
    expect(await stop()).toBe(0);
    expect(await crash.site.answer(SERVICE, ENVIRONMENT)).toBe('v1.0.3');
    await crash.site.start();
    await finish('deploy-3', 'v1.0.3');
    const watch = (await stepsOf(crash, 'deploy-3')).find(({ name }) => name === 'watch');
    expect(watch?.status).toBe('succeeded');
  });
});
