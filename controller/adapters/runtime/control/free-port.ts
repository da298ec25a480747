import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that systems use for outgoing connections (Linux: from 32768), so that none of those takes an instance's port. */
const FIRST = 20_000;
const LAST = 29_999;
const TRIES = 200;

export interface PortPicker {
  /** A port of the loopback address that is free now and that we gave to nobody else since. */
  pick(): Promise<number>;
  /** Is this port still free? */
  isFree(port: number): Promise<boolean>;
  release(port: number): void;
}

export function createPortPicker(): PortPicker {
  const given = new Set<number>();
  return {
    async pick() {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const port = randomInt(FIRST, LAST + 1);
        if (given.has(port)) continue;
        given.add(port);
        if (await canListen(port)) return port;
        given.delete(port);
      }
      throw new Error(`No free port between ${FIRST} and ${LAST} on 127.0.0.1 in ${TRIES} tries`);
    },
    isFree: canListen,
    release: (port) => void given.delete(port),
  };
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
