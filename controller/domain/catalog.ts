import type { PostStep } from './intent.js';
import type { Problem } from './problem.js';

export type Severity = 'low' | 'medium' | 'high';
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high'];

export type RuntimeKind = 'process' | 'docker' | 'kubernetes';

/** Bounds a release must keep while watched. Rates are fractions (2 % is 0.02); null means not guarded. */
export interface Guards {
  readonly errorRate: number | null;
  readonly latencyP95Ms: number | null;
  /** Error lines in the log, per minute. */
  readonly logErrorsPerMinute: number | null;
  /** Health probes that fail in a row before the release is unhealthy. */
  readonly healthFailures: number | null;
  readonly watchSeconds: number | null;
}

export const NO_GUARDS: Guards = {
  errorRate: null,
  latencyP95Ms: null,
  logErrorsPerMinute: null,
  healthFailures: null,
  watchSeconds: null,
};

/** A recurring time in which nothing is deployed: weekday and time of day in `timezone` (IANA name), e.g. "Fri 16:00". */
export interface Freeze {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
  /** Empty: all environments. */
  readonly environments: readonly string[];
}

export interface Policy {
  /** People who have to approve a plan where the forge knows reviews, besides whoever merges it. */
  readonly approvals: number;
  /** Does the approval of the intent's own author count? */
  readonly approvalByAuthor: boolean;
  /** Checks that have to be green on a plan's pull request, besides those that its forge requires. */
  readonly requiredChecks: readonly string[];
  readonly blockAt: Severity;
  readonly planExpiresSeconds: number;
  readonly freezes: readonly Freeze[];
}

export interface Environment {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly runtime: RuntimeKind;
  /** Address the stable port of a service listens on (process and docker runtimes). */
  readonly host: string;
  readonly guards: Guards;
}

export interface MetricsSpec {
  readonly path: string;
  /** Name of the counter of all requests. */
  readonly requests: string;
  /** Labels (anchored regular expressions) that make a sample of `requests` an error. */
  readonly errors: Readonly<Record<string, string>>;
  /** Name of the latency histogram, in seconds; null when the service has none. */
  readonly latency: string | null;
}

export interface BuildSpec {
  /** Folder of the repository that is built, relative to its root. */
  readonly context: string;
  /** docker runtime: path of the Dockerfile, relative to the context. */
  readonly dockerfile: string;
  /** process runtime: program and arguments run once in the exported tree; null when nothing is to be built. */
  readonly run: readonly string[] | null;
  readonly timeoutSeconds: number;
}

export interface ScriptStep {
  /** File name in SCRIPTS_DIR. */
  readonly script: string;
  readonly args: readonly string[];
  readonly timeoutSeconds: number;
}

export interface Resources {
  readonly memoryMiB: number | null;
  readonly cpus: number | null;
}

/** A service as the catalog describes it, defaults filled in. */
export interface Service {
  readonly name: string;
  readonly aliases: readonly string[];
  /** URL or absolute path; null when the catalog does not say (then it cannot be deployed). */
  readonly repository: string | null;
  readonly defaultBranch: string | null;
  readonly build: BuildSpec;
  /** process runtime: program and arguments that serve on the port in $PORT. */
  readonly run: readonly string[] | null;
  /** The port that the service listens on in its container. */
  readonly port: number;
  /** The stable port of each environment, where users reach it. */
  readonly ports: Readonly<Record<string, number>>;
  readonly health: string;
  readonly healthTimeoutSeconds: number;
  readonly metrics: MetricsSpec | null;
  /** Anchored nowhere: a log line that matches counts as an error line. */
  readonly logErrorPattern: string;
  /** Path that the watchdog requests itself when there is no traffic; null: it does not. */
  readonly probe: string | null;
  readonly steps: Readonly<Partial<Record<PostStep, ScriptStep>>>;
  readonly guards: Guards;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** What to do when a current release is gone or was replaced by hand. */
  readonly drift: 'restore' | 'report';
}

/** `commander.yaml`: services, environments (in promotion order), policy. The only source of identities. */
export interface Catalog {
  readonly policy: Policy;
  readonly environments: readonly Environment[];
  readonly services: readonly Service[];
  /** Problems of single services or environments: those are named, and cannot be deployed until mended. */
  readonly problems: readonly CatalogProblem[];
}

export interface CatalogProblem extends Problem {
  readonly subject: { readonly kind: 'service' | 'environment' | 'policy'; readonly name: string };
}

export type ParsedCatalog =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly Problem[] };
