import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { finished } from 'node:stream/promises';
import { redact } from '../../../domain/redact.js';
import { type Artifact, BuildFailed, type BuildRequest } from '../../../ports/runtime.js';
import { contextFolder } from '../tree.js';
import { type BuildOutput, readBuildOutput } from './build-output.js';
import { type Engine, messageOf, statusOf, unlessMissing } from './engine.js';
import { imageLabels, imageName, LABEL } from './labels.js';

/**
 * Builds `services[].build.context` with the engine's own builder. The context goes out as a stream, with its .dockerignore
 * applied (a Dockerfile that it excludes is not found) and symlinks as they are: nothing outside the tree is read.
 */
export async function buildImage(
  engine: Engine,
  request: BuildRequest,
  signal: AbortSignal,
): Promise<Artifact> {
  signal.throwIfAborted();
  const name = imageName(request);
  const known = await inspectImage(engine, name);
  if (known?.Config.Labels?.[LABEL.commit] === request.commit) return artifact(request, known.Id, '');
  const context = await contextFolder(request, request.tree);
  await requireDockerfile(request, context);

  const limit = AbortSignal.timeout(request.service.build.timeoutSeconds * 1000);
  const output = await run(engine, request, context, AbortSignal.any([signal, limit])).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      if (limit.aborted) throw new BuildFailed(`${title(request)} ${tookTooLong(request)}`, '');
      if (statusOf(error) === 400)
        throw new BuildFailed(`${title(request)} failed: ${redact(messageOf(error))}`, '');
      throw error;
    },
  );
  const text = redact(output.text);
  if (output.error !== null) throw new BuildFailed(`${title(request)} ${why(output.error)}`, text);
  const built = await inspectImage(engine, name);
  if (built === null) throw new BuildFailed(`${title(request)} ended without an image`, text);
  return artifact(request, built.Id, text);
}

export async function imageExists(engine: Engine, reference: string): Promise<boolean> {
  return (await inspectImage(engine, reference)) !== null;
}

function inspectImage(engine: Engine, name: string) {
  return unlessMissing(
    engine.call('inspect an image', (docker) => docker.getImage(name).inspect()),
    null,
  );
}

async function run(
  engine: Engine,
  request: BuildRequest,
  context: string,
  signal: AbortSignal,
): Promise<BuildOutput> {
  const entries = await readdir(context);
  const limitMs = request.service.build.timeoutSeconds * 1000 + 5_000;
  const messages = await engine.call(
    'begin a build',
    (docker) =>
      docker.buildImage(
        { context, src: entries },
        {
          t: imageName(request),
          dockerfile: request.service.build.dockerfile,
          labels: imageLabels(request),
          rm: true,
          forcerm: true,
          abortSignal: signal,
        },
      ),
    limitMs,
  );
  // Hanging up is how a build is cancelled.
  const hangUp = (): void => {
    if ('destroy' in messages && typeof messages.destroy === 'function') messages.destroy(signal.reason);
  };
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    signal.throwIfAborted();
    return await readBuildOutput(messages as AsyncIterable<Buffer>);
  } finally {
    signal.removeEventListener('abort', hangUp);
    await finished(messages).catch(() => undefined);
  }
}

async function requireDockerfile(request: BuildRequest, context: string): Promise<void> {
  const { dockerfile } = request.service.build;
  const path = join(context, dockerfile);
  const inside = !relative(context, path).startsWith('..');
  if (inside && (await stat(path).catch(() => null))?.isFile()) return;
  throw new BuildFailed(
    `${title(request)} has no "${dockerfile}" in its build context "${request.service.build.context}". ` +
      'Add one, or correct services[].build.dockerfile',
    '',
  );
}

function artifact(request: BuildRequest, reference: string, output: string): Artifact {
  return { tag: request.tag, reference, output };
}

function title(request: BuildRequest): string {
  return `Build of ${request.service.name} at ${request.commit.slice(0, 12)}`;
}

function tookTooLong(request: BuildRequest): string {
  return `took longer than ${request.service.build.timeoutSeconds} s and was stopped (services[].build.timeout)`;
}

function why(error: string): string {
  const disk = /no space left on device/i.test(error) ? ': the disk is full' : '';
  return `failed: ${redact(error).slice(0, 2_000)}${disk}`;
}
