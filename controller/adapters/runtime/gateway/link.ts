import { connect, type Socket } from 'node:net';
import type { Address } from './held-route.js';

/** One client's connection and the one to the upstream that it is joined to. */
export interface Link {
  /** Where it leads now. */
  target(): Address;
  /**
   * From now on it belongs to an old upstream. A client that has had its answer and begins a new HTTP request is moved to
   * `next` without noticing; the others are closed by `closeIfDone`.
   */
  moveTo(next: () => Address | null): void;
  /** It leads where it should again. */
  stay(): void;
  /** Closes it when no answer is owed and nothing was said for `idleMs`, or at the latest at `deadline` (both by performance.now). */
  closeIfDone(now: number, idleMs: number, deadline: number): void;
  close(): void;
}

/**
 * Joins two connections. The gateway knows nothing of what is said, with one exception: while an upstream is being left, it
 * recognises the first bytes of an HTTP/1 request. Without that a busy keep-alive client would stay on a release that
 * was rolled back, until it is cut off in the middle of a request.
 */
export function joinLink(client: Socket, first: Address, onClose: () => void): Link {
  let target = first;
  let next: (() => Address | null) | null = null;
  /** The client spoke last: it waits for an answer. */
  let awaiting = false;
  let bytes = -1;
  let quietSince = 0;
  let upstream = dial(target);

  function dial(address: Address): Socket {
    const socket = connect({ ...address, noDelay: true, allowHalfOpen: true, keepAlive: true });
    socket.on('data', (chunk: Buffer) => {
      if (socket !== upstream) return;
      awaiting = false;
      if (!client.write(chunk)) socket.pause();
    });
    socket.on('drain', () => socket === upstream && client.resume());
    socket.on('end', () => socket === upstream && client.end());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => socket === upstream && client.destroySoon());
    return socket;
  }

  const move = (address: Address): void => {
    const old = upstream;
    target = address;
    next = null;
    upstream = dial(address);
    old.destroy();
    client.resume();
  };

  client.on('data', (chunk: Buffer) => {
    const address = next !== null && !awaiting && beginsRequest(chunk) ? next() : null;
    if (address !== null) move(address);
    awaiting = true;
    if (!upstream.write(chunk)) client.pause();
  });
  client.on('drain', () => upstream.resume());
  client.on('end', () => upstream.end());
  client.on('error', () => client.destroy());
  client.on('close', () => {
    upstream.destroy();
    onClose();
  });

  const close = (): void => {
    const old = upstream;
    client.destroySoon();
    old.destroy();
  };

  return {
    target: () => target,
    moveTo(choose) {
      next = choose;
      bytes = -1;
    },
    stay() {
      next = null;
    },
    closeIfDone(now, idleMs, deadline) {
      const seen = client.bytesRead + client.bytesWritten + upstream.bytesRead - client.writableLength;
      if (seen !== bytes) quietSince = now;
      bytes = seen;
      if (next === null) return;
      const idle = !awaiting && client.writableLength === 0 && now - quietSince >= idleMs;
      if (idle || now >= deadline) close();
    },
    close,
  };
}

const METHODS = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'PATCH ', 'DELETE ', 'OPTIONS '];

/** A request line of HTTP/1: method, target, version (RFC 9112, section 3). */
export function beginsRequest(chunk: Buffer): boolean {
  const start = chunk.toString('latin1', 0, 8);
  if (!METHODS.some((method) => start.startsWith(method))) return false;
  const end = chunk.indexOf('\r\n');
  return end > 0 && /^ HTTP\/1\.[01]$/.test(chunk.toString('latin1', Math.max(0, end - 9), end));
}
