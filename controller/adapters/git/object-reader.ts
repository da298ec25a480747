import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { FileTooLarge, ObjectMissing, RepositoryUnavailable } from '../../ports/repositories.js';
import { unavailable } from './failures.js';
import { assertOid } from './oid.js';
import { type GitProgram, GitStopped } from './program.js';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly type: ObjectType;
  readonly content: Buffer;
}

/** Objects of one repository by id. Objects never change, so an answer stays right for ever. */
export interface ObjectReader {
  /** Throws ObjectMissing, and FileTooLarge as soon as the size is known. */
  read(oid: string, maxBytes: number): Promise<GitObject>;
  close(): void;
}

interface Waiting {
  readonly oid: string;
  readonly maxBytes: number;
  resolve(object: GitObject): void;
  reject(error: Error): void;
}

const IDLE_MS = 10_000;
const ANSWER_MS = 30_000;
const HEADER_BYTES = 200;

/**
 * One `git cat-file --batch` that is started when needed and ends when idle. It sees new loose objects, new packs after a
 * `git gc` in another process, alternates and work trees as git itself does, holds no pack in our memory, and answers in
 * about 0.1 ms (isomorphic-git: 1 ms, reading whole packs).
 */
export class CatFile implements ObjectReader {
  readonly #waiting: Waiting[] = [];
  #child: ChildProcessWithoutNullStreams | null = null;
  #chunks: Buffer[] = [];
  #buffered = 0;
  #needed = 0;
  #stderr = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly git: GitProgram,
    private readonly gitDir: string,
    private readonly id: string,
  ) {}

  read(oid: string, maxBytes: number): Promise<GitObject> {
    assertOid(oid);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ oid, maxBytes, resolve, reject });
      this.#ask(oid);
    });
  }

  close(): void {
    this.#stop();
    const gone = new RepositoryUnavailable(`Repository ${this.id} was closed.`);
    for (const waiting of this.#waiting.splice(0)) waiting.reject(gone);
  }

  #ask(oid: string): void {
    this.#child ??= this.#start();
    this.#child.stdin.write(`${oid}\n`);
    this.#arm();
  }

  #start(): ChildProcessWithoutNullStreams {
    const command = this.git.command([`--git-dir=${this.gitDir}`, 'cat-file', '--batch']);
    const child = spawn(command.file, command.args, { env: command.env, detached: true });
    this.#stderr = '';
    child.stdout.on('data', (chunk: Buffer) => this.#onData(child, chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.#stderr.length < 4096) this.#stderr += chunk.toString('utf8');
    });
    child.stdin.on('error', () => {});
    child.once('error', (error) =>
      this.#onEnd(child, new GitStopped(`git could not be started: ${error.message}`, 'missing')),
    );
    child.once('close', () => this.#onEnd(child, new Error(this.#stderr || 'git cat-file ended')));
    // Neither the process nor its pipes keep the controller alive; it ends by itself when its input closes.
    for (const handle of [child, child.stdin, child.stdout, child.stderr]) letGo(handle);
    return child;
  }

  #onData(child: ChildProcessWithoutNullStreams, chunk: Buffer): void {
    if (child !== this.#child) return;
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    if (this.#buffered < this.#needed) return;
    let rest: Buffer | null = Buffer.concat(this.#chunks);
    while (rest !== null && rest.length > 0 && child === this.#child) rest = this.#take(rest);
    if (child !== this.#child) return;
    this.#arm();
  }

  /** Takes one answer off the front of `data`; null when it is not complete yet. */
  #take(data: Buffer): Buffer | null {
    const end = data.indexOf(0x0a);
    if (end < 0 || end > HEADER_BYTES) return this.#keep(data, data.length + 1);
    const [, type, sizeText] = data.toString('latin1', 0, end).split(' ');
    const waiting = this.#waiting[0];
    if (waiting === undefined) return this.#keep(Buffer.alloc(0), 0);
    if (sizeText === undefined) {
      this.#waiting.shift();
      waiting.reject(new ObjectMissing(`${waiting.oid} is not in repository ${this.id}.`));
      return this.#keep(data.subarray(end + 1), 0);
    }
    const size = Number(sizeText);
    if (size > waiting.maxBytes) {
      this.#waiting.shift();
      waiting.reject(
        new FileTooLarge(`Object ${waiting.oid} has ${size} bytes; at most ${waiting.maxBytes} are read.`),
      );
      this.#restart();
      return null;
    }
    const total = end + 1 + size + 1;
    if (data.length < total) return this.#keep(data, total);
    this.#waiting.shift();
    // A copy, so that a small object does not keep a large read buffer in memory.
    waiting.resolve({
      type: type as ObjectType,
      content: Buffer.from(data.subarray(end + 1, end + 1 + size)),
    });
    return this.#keep(data.subarray(total), 0);
  }

  #keep(data: Buffer, needed: number): Buffer | null {
    this.#chunks = data.length === 0 ? [] : [data];
    this.#buffered = data.length;
    this.#needed = needed;
    return needed === 0 ? data : null;
  }

  /** Ends a process that is about to write what nobody wants, and asks a new one for the rest. */
  #restart(): void {
    this.#stop();
    for (const { oid } of this.#waiting) this.#ask(oid);
  }

  #onEnd(child: ChildProcessWithoutNullStreams, error: Error): void {
    if (child !== this.#child) return;
    this.#stop();
    for (const waiting of this.#waiting.splice(0)) waiting.reject(unavailable(this.id, error));
  }

  #arm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const busy = this.#waiting.length > 0;
    this.#timer = setTimeout(() => this.#onQuiet(), busy ? ANSWER_MS : IDLE_MS);
    if (!busy) this.#timer.unref();
  }

  #onQuiet(): void {
    const child = this.#child;
    if (child === null) return;
    if (this.#waiting.length === 0) {
      this.#stop();
      return;
    }
    this.#onEnd(child, new GitStopped(`git cat-file took longer than ${ANSWER_MS / 1000} s`, 'timeout'));
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const child = this.#child;
    this.#child = null;
    this.#chunks = [];
    this.#buffered = 0;
    this.#needed = 0;
    child?.stdin.destroy();
    child?.kill('SIGKILL');
  }
}

function letGo(handle: object): void {
  if ('unref' in handle && typeof handle.unref === 'function') handle.unref();
}
