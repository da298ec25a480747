import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, realpath, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { remove, temporaryFolder } from './support.js';

const SOCKET = '/var/run/docker.sock';
export const docker = new Docker({ socketPath: SOCKET, host: '' });

/** Why the Docker tests cannot run here; null when they can. With COMMANDER_REQUIRE_ALL=1 they run, and fail. */
export async function dockerMissing(): Promise<string | null> {
  if (process.env.COMMANDER_REQUIRE_ALL === '1') return null;
  if (process.platform !== 'linux') return 'the test image is made of a Linux node binary';
  return docker.ping().then(
    () => null,
    (error: Error) => `no Docker engine: ${error.message}`,
  );
}

/** No image can be pulled here: an image of this machine's own node and the libraries that it needs. */
export async function buildNodeImage(name: string): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const { stdout } = await promisify(execFile)('ldd', [process.execPath]).catch(() => ({ stdout: '' }));
    const libraries = [...stdout.matchAll(/(\/\S+)\s+\(0x/g)].flatMap((match) => match[1] ?? []);
    await copyInto(folder, process.execPath, '/usr/bin/node');
    for (const library of libraries) await copyInto(folder, library, library);
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
    const tar = spawn('tar', ['-cf', '-', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await finish(await docker.buildImage(tar.stdout, { t: name }));
  } finally {
    await remove(folder);
  }
}

async function copyInto(folder: string, from: string, to: string): Promise<void> {
  const target = join(folder, 'root', to);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(await realpath(from), target);
}

function finish(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((done, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : done())),
  );
}

export async function removeImages(...names: readonly string[]): Promise<void> {
  for (const name of names)
    await docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => undefined);
}
