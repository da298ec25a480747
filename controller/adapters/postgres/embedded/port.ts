import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** The port the server had last time if it is free, else a new free one; recorded in `<folder>/port`. */
export async function choosePort(folder: string): Promise<number> {
  const file = join(folder, 'port');
  const recorded = Number(await readFile(file, 'utf8').catch(() => '0'));
  const usable = Number.isInteger(recorded) && recorded > 1023 && recorded < 65_536;
  const port = (usable ? await listenOnce(recorded) : null) ?? (await listenOnce(0));
  if (port === null) throw new Error('No free port on 127.0.0.1 for PostgreSQL');
  if (port !== recorded) await writeFile(file, String(port), { mode: 0o600 });
  return port;
}

/** The port if it could be bound on loopback just now (0: any); null when it is taken. */
function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(bound));
    });
  });
}
