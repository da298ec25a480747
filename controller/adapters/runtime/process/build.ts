import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ProgramResult, RunProgram } from '../../../ports/programs.js';
import { type Artifact, BuildFailed, type BuildRequest } from '../../../ports/runtime.js';
import type { SmallEnvironment } from '../control/detached.js';
import { explained, readJson, writeJson } from '../control/files.js';
import { contextFolder } from '../tree.js';

const RECORD = 'artifact.json';
const TREE = 'tree';

interface Needs {
  readonly artifacts: string;
  readonly env: SmallEnvironment;
  readonly runProgram: RunProgram;
}

/**
 * Copies the exported tree, builds in the copy, and moves it to `artifacts/<service>/<tag>` as the last act: an artifact is
 * complete or not there. The same tag and commit again is a no-op.
 */
export async function buildInFolder(
  needs: Needs,
  request: BuildRequest,
  signal: AbortSignal,
): Promise<Artifact> {
  requireRun(request);
  const target = join(needs.artifacts, request.service.name, request.tag);
  const reference = join(target, TREE);
  if (await isBuilt(target, request.commit)) return { tag: request.tag, reference, output: '' };
  const draft = join(needs.artifacts, request.service.name, `.draft-${randomUUID()}`);
  try {
    const output = await buildDraft(needs, request, draft, signal);
    signal.throwIfAborted();
    await replace(draft, target);
    return { tag: request.tag, reference, output };
  } catch (error) {
    throw explained(error, needs.artifacts);
  } finally {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function buildDraft(
  needs: Needs,
  request: BuildRequest,
  draft: string,
  signal: AbortSignal,
): Promise<string> {
  const tree = join(draft, TREE);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await cp(request.tree, tree, {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
  });
  signal.throwIfAborted();
  const context = await contextFolder(request, tree);
  const output = request.service.build.run === null ? '' : await runBuild(needs, request, context, signal);
  writeJson(join(draft, RECORD), { commit: request.commit });
  return output;
}

async function runBuild(
  needs: Needs,
  request: BuildRequest,
  cwd: string,
  signal: AbortSignal,
): Promise<string> {
  const { service, commit } = request;
  const result = await needs.runProgram(
    {
      program: service.build.run ?? [],
      cwd,
      env: {
        ...service.env,
        PATH: needs.env.PATH,
        HOME: needs.env.HOME,
        COMMANDER_SERVICE: service.name,
        COMMANDER_COMMIT: commit,
      },
      timeoutMs: service.build.timeoutSeconds * 1000,
      secrets: [],
    },
    signal,
  );
  if (result.outcome === 'exited' && result.exitCode === 0) return result.output;
  throw new BuildFailed(
    `Build of ${service.name} at ${commit.slice(0, 12)} ${why(request, result)}`,
    result.output,
  );
}

function why(request: BuildRequest, result: ProgramResult): string {
  const { run, timeoutSeconds } = request.service.build;
  if (result.outcome === 'not-started') return `could not start "${run?.[0]}" (services[].build.run)`;
  if (result.outcome === 'timed-out')
    return `took longer than ${timeoutSeconds} s and was stopped (services[].build.timeout)`;
  const disk = /ENOSPC|No space left on device/i.test(result.output) ? ': the disk is full' : '';
  return `failed with exit code ${result.exitCode}${disk}`;
}

/** Says at build time what would otherwise be found only when a release is to be started. */
function requireRun(request: BuildRequest): void {
  const { name, run } = request.service;
  if (run !== null && run.length > 0) return;
  throw new BuildFailed(
    `${name} has no program to run: the process runtime needs services[].run in commander.yaml. ` +
      'Add for example "run: [node, server.js]" to it, or use the docker runtime for its environments',
    '',
  );
}

async function isBuilt(target: string, commit: string): Promise<boolean> {
  return (await readJson(join(target, RECORD)))?.commit === commit;
}

/** The reference of an artifact is its tree; what is there and complete has its record beside it. */
export function artifactExists(artifacts: string, reference: string): boolean {
  const inside = !relative(artifacts, reference).startsWith('..');
  return inside && existsSync(reference) && existsSync(join(dirname(reference), RECORD));
}

async function replace(draft: string, target: string): Promise<void> {
  const old = `${draft}.old`;
  await rename(target, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(draft, target);
  await rm(old, { recursive: true, force: true, maxRetries: 3 });
}
