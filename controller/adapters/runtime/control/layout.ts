import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256 } from '../../../domain/json.js';
import { type Lane, laneName } from '../../../domain/release.js';

/** sockaddr_un holds 108 bytes on Linux and 104 on macOS. */
const LONGEST_SOCKET_PATH = 100;

/** A folder that is controlled through a socket. */
export interface Place {
  readonly folder: string;
  readonly socket: string;
}

/** Where the runtimes keep what is theirs under the data folder. */
export interface Layout {
  readonly dataDir: string;
  /** Short id of the data folder: tells apart what several controllers started on one machine. */
  readonly scope: string;
  readonly artifacts: string;
  readonly instances: string;
  readonly lanes: string;
  instance(id: string): Place;
  instanceAt(folder: string): Place;
  lane(lane: Lane): Place;
}

export function createLayout(dataDir: string): Layout {
  const root = resolve(dataDir);
  const scope = sha256(root).slice(0, 12);
  const sockets = socketFolder(root, scope);
  const place = (parent: string, name: string): Place => ({
    folder: join(parent, name),
    socket: join(sockets, `${sha256(name).slice(0, 16)}.sock`),
  });
  const instances = join(root, 'instances');
  const lanes = join(root, 'lanes');
  return {
    dataDir: root,
    scope,
    artifacts: join(root, 'artifacts'),
    instances,
    lanes,
    instance: (id) => place(instances, folderName(id)),
    instanceAt: (name) => place(instances, name),
    lane: (lane) => place(lanes, folderName(laneName(lane))),
  };
}

/** Readable, unique, and nothing that a path could be made of. */
export function folderName(id: string): string {
  const readable = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  return `${readable}-${sha256(id).slice(0, 12)}`;
}

export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

function socketFolder(root: string, scope: string): string {
  const near = join(root, 'run');
  if (Buffer.byteLength(near) + 22 <= LONGEST_SOCKET_PATH) return near;
  return join(tmpdir(), `commander-${process.getuid?.() ?? 'user'}-${scope}`);
}

/** Makes the folder of a socket; refuses one in a shared folder that somebody else has made to catch our commands. */
export function prepareSocketFolder(folder: string): void {
  privateFolder(folder);
  const status = lstatSync(folder);
  const owner = process.getuid?.();
  if (status.isDirectory() && (owner === undefined || status.uid === owner) && (status.mode & 0o077) === 0)
    return;
  throw new Error(
    `${folder} must be a folder that only this user can open (mode 0700). Remove it and try again`,
  );
}
