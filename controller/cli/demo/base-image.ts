import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';

/**
 * An image of this machine's own node and the libraries that it needs, so that the demo needs no registry. Linux only.
 */
export async function buildNodeImage(name: string, socketPath: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-image-'));
  try {
    const { stdout } = await promisify(execFile)('ldd', [process.execPath]).catch(() => ({ stdout: '' }));
    const libraries = [...stdout.matchAll(/(\/\S+)\s+\(0x/g)].flatMap((match) => match[1] ?? []);
    await copyInto(folder, process.execPath, '/usr/bin/node');
    for (const library of libraries) await copyInto(folder, library, library);
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
    const docker = new Docker({ socketPath, host: '' });
    const tar = spawn('tar', ['-cf', '-', '-C', folder, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const stream = await docker.buildImage(tar.stdout, { t: name });
    await new Promise<void>((done, reject) =>
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : done())),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyInto(folder: string, from: string, to: string): Promise<void> {
  const target = join(folder, 'root', to);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(await realpath(from), target);
}
