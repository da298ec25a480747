import type { RuntimeKind, Service } from '../domain/catalog.js';
import type { Instance, Lane } from '../domain/release.js';

export interface BuildRequest {
  readonly service: Service;
  readonly commit: string;
  /** Name of the artifact, safe as file name and image tag: building the same tag and commit again is a no-op. */
  readonly tag: string;
  /** Exported tree of the commit, read-only for the runtime; the runtime copies what it changes. */
  readonly tree: string;
}

/** What was built, as plain data that can be stored and used after a restart. */
export interface Artifact {
  readonly tag: string;
  /** Image id (docker) or folder (process). */
  readonly reference: string;
  /** Tail of the build's output, capped and redacted. */
  readonly output: string;
}

export interface StartRequest {
  /** The release's id. Starting the same id again returns the running instance. */
  readonly id: string;
  readonly lane: Lane;
  readonly service: Service;
  readonly version: string;
  readonly commit: string;
  readonly artifact: Pick<Artifact, 'tag' | 'reference'>;
}

/** What a runtime sees of an instance. `gone`: nothing is left of it; `exited`: it ended and will not come back by itself. */
export interface Observation {
  readonly state: 'running' | 'paused' | 'restarting' | 'exited' | 'gone';
  /** How often it ended and was started again by its restart policy. */
  readonly restarts: number;
  readonly exitCode: number | null;
  /** The container's own health check; null when it has none. */
  readonly healthy: boolean | null;
  /** One sentence for a person: "exited with code 1 after 3 restarts: <last log line>". */
  readonly detail: string;
}

/** Where the stable address of a lane leads. */
export interface Route {
  /** Id of the instance that users reach; null when nothing is routed. */
  readonly instanceId: string | null;
  readonly fence: number;
}

export interface RouteRequest {
  readonly lane: Lane;
  /** Stable address that users reach. */
  readonly host: string;
  readonly port: number;
  readonly instance: Instance;
  /** Only grows: a request with a smaller fence than the last one that took effect throws StaleFence. */
  readonly fence: number;
}

export interface LogCursor {
  readonly position: string;
}

export interface LogLines {
  readonly lines: readonly string[];
  readonly next: LogCursor;
  /** Lines that were skipped because there were too many. */
  readonly dropped: number;
}

/**
 * Where releases run. All operations can be repeated: the same request twice has the effect of one. An instance outlives
 * the controller. Effects on the stable address carry a fencing token.
 */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** Throws RuntimeUnavailable with what to do when it cannot be used here. */
  check(): Promise<void>;
  build(request: BuildRequest, signal: AbortSignal): Promise<Artifact>;
  /** Does the artifact still exist, so that a release can be started from it? */
  exists(artifact: Pick<Artifact, 'tag' | 'reference'>): Promise<boolean>;
  start(request: StartRequest, signal: AbortSignal): Promise<Instance>;
  observe(instance: Instance): Promise<Observation>;
  /** Freezes an instance that is kept for a fast way back; it answers nothing until resumed. */
  pause(instance: Instance): Promise<void>;
  resume(instance: Instance): Promise<void>;
  /** Stops and removes an instance: polite first, then by force. Removing what is gone is a no-op. */
  remove(instance: Instance): Promise<void>;
  /** Points the stable address at an instance, at once and atomically; connections to the old one are drained. */
  route(request: RouteRequest): Promise<void>;
  routed(lane: Lane): Promise<Route>;
  /** Takes the stable address away (nothing listens any more). */
  unroute(lane: Lane): Promise<void>;
  /** Log lines since a cursor (null: from the start), at most `limit`, each line capped. */
  logs(instance: Instance, since: LogCursor | null, limit: number): Promise<LogLines>;
  /** Every instance of ours that this runtime knows, whoever started it: nothing is lost sight of. */
  list(): Promise<readonly ListedInstance[]>;
}

export interface ListedInstance {
  readonly instance: Instance;
  readonly lane: Lane;
}

export class RuntimeUnavailable extends Error {
  override readonly name = 'RuntimeUnavailable';
}

/** A build that ran and failed: the release's fault, not worth another try. `output` is the capped tail. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed';
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

/** A newer decision has already been carried out. */
export class StaleFence extends Error {
  override readonly name = 'StaleFence';
}
