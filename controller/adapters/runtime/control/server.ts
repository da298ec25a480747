import { existsSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonValue } from '../../../domain/json.js';
import { type Place, prepareSocketFolder } from './layout.js';
import { ControlRefused, type ControlRequest, LONGEST_MESSAGE, parseRequest } from './messages.js';

export type ControlHandler = (request: ControlRequest) => JsonValue | Promise<JsonValue>;

/** A claimed place: who holds the socket is the one process that is responsible for the folder. */
export interface Claim {
  /** Gives the place up; running answers still go out. */
  release(): void;
}

/** Between a stale socket's removal and the check that no other process removed ours in turn. */
const SETTLE_MS = 25;
const CHECK_MS = 1_000;

/**
 * Makes this process the one behind a place's socket; null when another live process is. A socket that a killed process
 * left behind is replaced. `lost` is called when the folder was taken away or another process holds the place now.
 */
export async function claimPlace(
  place: Place,
  handle: ControlHandler,
  lost: () => void,
): Promise<Claim | null> {
  prepareSocketFolder(dirname(place.socket));
  const held = await listenOrYield(place.socket, handle);
  if (held === null) return null;
  let current = held;

  const check = async (): Promise<void> => {
    if (!existsSync(place.folder)) return lost();
    const inode = inodeOf(place.socket);
    if (inode === current.inode) return;
    if (inode !== null) return lost();
    // Somebody tidied the temporary folder: take our name again.
    current.server.close();
    const again = await listenOrYield(place.socket, handle);
    if (again === null) return lost();
    current = again;
  };
  const timer = setInterval(() => void check().catch(lost), CHECK_MS);
  timer.unref();
  return {
    release() {
      clearInterval(timer);
      // Closing removes the name, which may be another process's by now.
      if (inodeOf(place.socket) === current.inode) current.server.close();
    },
  };
}

interface Held {
  readonly server: Server;
  readonly inode: number;
}

async function listenOrYield(path: string, handle: ControlHandler): Promise<Held | null> {
  for (let stale = 0; stale < 5; stale += 1) {
    const server = await listen(path, handle);
    if (server === null) {
      if (await answers(path)) return null;
      rmSync(path, { force: true });
      continue;
    }
    const inode = inodeOf(path);
    if (stale > 0) await delay(SETTLE_MS);
    return inode !== null && inode === inodeOf(path) ? { server, inode } : null;
  }
  return null;
}

/** Null when the name is in use, by a live process or a dead one. */
function listen(path: string, handle: ControlHandler): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => serve(socket, handle));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (live: boolean): void => {
      socket.destroy();
      resolve(live);
    };
    socket.on('connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

function inodeOf(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

function serve(socket: Socket, handle: ControlHandler): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > LONGEST_MESSAGE) return socket.destroy();
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      void answer(line, handle).then((reply) => socket.write(`${JSON.stringify(reply)}\n`));
    }
  });
}

async function answer(line: string, handle: ControlHandler): Promise<JsonValue> {
  const request = parseRequest(line);
  if (request === null) return { ok: false, code: 'unreadable', message: 'Not a JSON object with "op"' };
  try {
    return { ok: true, value: await handle(request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, code: error instanceof ControlRefused ? error.code : 'failed', message };
  }
}
