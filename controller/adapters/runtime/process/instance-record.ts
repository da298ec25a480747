import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonValue } from '../../../domain/json.js';
import type { Lane } from '../../../domain/release.js';
import { asObject, type JsonObject, numberOf, readJson, textOf, writeJson } from '../control/files.js';
import { identityFrom, type ProcessIdentity } from '../control/process-identity.js';

/** `instance.json`: what an instance is. Drafted by the controller, put into effect by the shim. */
export interface InstanceSpec {
  readonly id: string;
  readonly lane: Lane;
  readonly program: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly host: string;
  readonly port: number;
  readonly stopGraceMs: number;
  /** Size of one of the two log files. */
  readonly logFileBytes: number;
}

export type InstancePhase = 'running' | 'paused' | 'restarting' | 'exited';

/** `state.json`: what became of it. Written by its shim only. */
export interface InstanceState {
  readonly phase: InstancePhase;
  readonly restarts: number;
  /** Of the last end; null when it never ended. */
  readonly exitCode: number | null;
  /** One sentence about the last end, or why it could not be started; empty when there is none. */
  readonly detail: string;
  readonly shim: ProcessIdentity | null;
  /** Leader of the service's process group. */
  readonly child: ProcessIdentity | null;
}

const SPEC_FILE = 'instance.json';
const STATE_FILE = 'state.json';
const PHASES: readonly InstancePhase[] = ['running', 'paused', 'restarting', 'exited'];

/** A spec that is not yet in effect; of several controllers that start an instance at once, one's will be. */
export function writeDraft(folder: string, spec: InstanceSpec): string {
  const path = join(folder, `draft-${randomUUID()}.json`);
  writeJson(path, { ...spec, lane: { ...spec.lane } });
  return path;
}

/** Called by the shim that holds the place. */
export function adoptDraft(folder: string, draft: string): void {
  renameSync(draft, join(folder, SPEC_FILE));
}

export function writeState(folder: string, state: InstanceState): void {
  writeJson(join(folder, STATE_FILE), stateToJson(state));
}

export async function readSpec(folder: string): Promise<InstanceSpec | null> {
  const json = await readJson(join(folder, SPEC_FILE));
  return json === null ? null : specFromJson(json);
}

export async function readState(folder: string): Promise<InstanceState | null> {
  return stateFromJson(await readJson(join(folder, STATE_FILE)));
}

/** Names of the instances' folders; empty when there are none yet. */
export async function instanceFolders(parent: string): Promise<readonly string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

export function stateToJson(state: InstanceState): JsonObject {
  const { shim, child, ...rest } = state;
  return { ...rest, shim: shim === null ? null : { ...shim }, child: child === null ? null : { ...child } };
}

export function stateFromJson(value: JsonValue): InstanceState | null {
  const json = asObject(value);
  const phase = PHASES.find((known) => known === json?.phase);
  if (json === null || phase === undefined) return null;
  return {
    phase,
    restarts: numberOf(json.restarts) ?? 0,
    exitCode: numberOf(json.exitCode),
    detail: textOf(json.detail) ?? '',
    shim: identityFrom(json.shim),
    child: identityFrom(json.child),
  };
}

function specFromJson(json: JsonObject): InstanceSpec | null {
  const lane = asObject(json.lane);
  const id = textOf(json.id);
  const service = textOf(lane?.service);
  const environment = textOf(lane?.environment);
  const cwd = textOf(json.cwd);
  const host = textOf(json.host);
  const port = numberOf(json.port);
  const program = texts(json.program);
  if (id === null || service === null || environment === null || cwd === null) return null;
  if (host === null || port === null || program.length === 0) return null;
  return {
    id,
    lane: { service, environment },
    program,
    cwd,
    env: textRecord(json.env),
    host,
    port,
    stopGraceMs: numberOf(json.stopGraceMs) ?? 10_000,
    logFileBytes: numberOf(json.logFileBytes) ?? 8 * 1024 * 1024,
  };
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function textRecord(value: JsonValue | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(asObject(value) ?? {});
  return Object.fromEntries(
    entries.flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}
