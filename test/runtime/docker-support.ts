import Docker from 'dockerode';
import { buildNodeImage as buildImage } from '../../controller/cli/demo/base-image.js';

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
export const buildNodeImage = (name: string): Promise<void> => buildImage(name, SOCKET);

export async function removeImages(...names: readonly string[]): Promise<void> {
  for (const name of names)
    await docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => undefined);
}
