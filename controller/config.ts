import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type GitHubConfig, readGitHub } from './config-github.js';
import { type ModelsConfig, modelSecrets, readModels } from './config-models.js';
import { VARIABLES, type VariableName } from './config-variables.js';
import { type Guards, NO_GUARDS } from './domain/catalog.js';
import { parseDuration, parseRate } from './domain/duration.js';
import { sha256 } from './domain/json.js';

export interface Config {
  readonly repositories: readonly string[];
  /** null: no repository on GitHub is followed. */
  readonly github: GitHubConfig | null;
  readonly branch: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly releasesDir: string;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty' | 'auto';
  readonly pollSeconds: number;
  readonly concurrency: number;
  readonly graceSeconds: number;
  readonly scriptsDir: string;
  readonly tickSeconds: number;
  readonly guards: Guards;
  readonly minimumSamples: number;
  readonly falseAlarmDays: number;
  /** Path of the Docker Engine's socket; null: the usual one. */
  readonly dockerSocket: string | null;
  readonly identity: { readonly name: string; readonly email: string };
  /** What scripts and releases may see of the controller's environment. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  readonly notifyUrl: string | null;
  /** Language models and embeddings; none by default. */
  readonly models: ModelsConfig;
}

export { VARIABLES };

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Folder of the program: what it ships (migrations, scripts, crds) is found from here, from sources and from dist. */
export function programRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith(join('dist', 'controller')) ? resolve(here, '../..') : resolve(here, '..');
}

/** Reads and validates the environment; the only place that does. Throws ConfigError with every problem found. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const problems: string[] = [];
  const text = (name: VariableName): string => {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') return value;
    return VARIABLES.find((variable) => variable.name === name)?.fallback ?? '';
  };
  const read = <T>(name: VariableName, parse: (value: string) => T | null, form: string): T => {
    const value = parse(text(name));
    if (value === null) problems.push(`${name}="${text(name)}" is not ${form}`);
    return value as T;
  };
  const optional = <T>(name: VariableName, parse: (value: string) => T | null, form: string): T | null =>
    text(name) === '' ? null : read(name, parse, form);
  const path = (value: string) => (isAbsolute(value) ? value : resolve(cwd, value));
  const dataDir = path(text('COMMANDER_DATA_DIR'));
  const databaseUrl = optional(
    'DATABASE_URL',
    (value) => (/^postgres(ql)?:\/\//.test(value) ? value : null),
    'a postgres:// URL',
  );
  const github = readGitHub(text, problems, cwd);
  const config: Config = {
    repositories: (text('GITOPS_REPOSITORIES') || (github === null ? '.' : ''))
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .map((item) => (isUrl(item) ? item : path(item))),
    github,
    branch: text('GITOPS_BRANCH') || null,
    dataDir,
    databaseUrl,
    releasesDir: text('COMMANDER_RELEASES_DIR')
      ? path(text('COMMANDER_RELEASES_DIR'))
      : sharedReleases(databaseUrl, env.HOME ?? cwd, dataDir),
    host: text('COMMANDER_HOST'),
    port: read('COMMANDER_PORT', wholeNumber(0, 65_535), 'a port'),
    logLevel: read(
      'LOG_LEVEL',
      oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
      'a log level',
    ),
    logFormat: read('LOG_FORMAT', oneOf(['json', 'pretty', 'auto'] as const), 'json, pretty or auto'),
    pollSeconds: read('POLL_INTERVAL', positiveDuration, 'a duration such as 10s'),
    concurrency: read('WORKER_CONCURRENCY', wholeNumber(1, 200), 'a number between 1 and 200'),
    graceSeconds: read('SHUTDOWN_GRACE', parseDuration, 'a duration such as 5s'),
    scriptsDir:
      text('SCRIPTS_DIR') === '' ? join(programRoot(), 'infra', 'scripts') : path(text('SCRIPTS_DIR')),
    tickSeconds: read('WATCH_INTERVAL', positiveDuration, 'a duration such as 1s'),
    guards: {
      ...NO_GUARDS,
      errorRate: read('ERROR_RATE_THRESHOLD', parseRate, 'a rate such as 5%'),
      latencyP95Ms: optional('LATENCY_P95_THRESHOLD', milliseconds, 'a duration such as 500ms'),
      logErrorsPerMinute: optional('LOG_ERRORS_THRESHOLD', wholeNumber(0, 1_000_000), 'a number'),
      healthFailures: read('HEALTH_FAILURES_THRESHOLD', wholeNumber(1, 1000), 'a number of 1 or more'),
      watchSeconds: read('WATCH_TIME', positiveDuration, 'a duration such as 5m'),
    },
    minimumSamples: read('MINIMUM_SAMPLES', wholeNumber(1, 1_000_000), 'a number of 1 or more'),
    falseAlarmDays: read('FALSE_ALARM_DAYS', wholeNumber(1, 36_500), 'a number of days'),
    dockerSocket: optional(
      'DOCKER_HOST',
      (value) => /^unix:\/\/(\/.+)$/.exec(value)?.[1] ?? null,
      'unix:///path of a local engine (unset it to use /var/run/docker.sock)',
    ),
    identity: { name: text('COMMANDER_GIT_NAME'), email: text('COMMANDER_GIT_EMAIL') },
    childEnvironment: pick(env, ['PATH', 'HOME', 'LANG', 'TZ']),
    notifyUrl: optional(
      'COMMANDER_NOTIFY_URL',
      (value) => (/^https?:\/\//.test(value) ? value : null),
      'an http:// or https:// URL',
    ),
    models: readModels(text, problems),
  };
  if (config.repositories.length === 0 && github === null)
    problems.push('GITOPS_REPOSITORIES names no repository');
  if (problems.length > 0)
    throw new ConfigError(`${problems.join('; ')}. See .env.example for every variable.`);
  return Object.freeze(config);
}

/** Values of the configuration that must never be shown, whatever they look like. */
export function configuredSecrets({ github, databaseUrl, models }: Config): readonly string[] {
  const password = databaseUrl === null || !URL.canParse(databaseUrl) ? '' : new URL(databaseUrl).password;
  const { credentials, webhookSecret } = github ?? {};
  return [
    password,
    webhookSecret ?? '',
    ...modelSecrets(models),
    ...(credentials?.kind === 'token' ? [credentials.token] : []),
    ...(credentials?.kind === 'app' ? [credentials.privateKey] : []),
  ].filter((secret) => secret !== '');
}

/** Releases are of a database and a machine, not of one controller: who shares the database has to see the same ones. */
function sharedReleases(databaseUrl: string | null, home: string, dataDir: string): string {
  if (databaseUrl === null || !URL.canParse(databaseUrl)) return dataDir;
  const { host, pathname } = new URL(databaseUrl);
  return join(home, '.commander', 'releases', sha256(`${host}${pathname}`).slice(0, 12));
}

/** .env.example: every variable with its default and what it is for. */
export function envExample(): string {
  const lines = VARIABLES.flatMap((variable) => [
    `# ${variable.about}`,
    `${variable.name}=${variable.fallback}`,
    '',
  ]);
  return ['# Every variable that AI DevOps Commander reads, with its default.', '', ...lines].join('\n');
}

export function isUrl(location: string): boolean {
  return location.includes('://') || /^[^/\s]+@[^/\s]+:/.test(location);
}

function wholeNumber(least: number, most: number) {
  return (value: string): number | null => {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= least && number <= most ? number : null;
  };
}

function positiveDuration(value: string): number | null {
  const seconds = parseDuration(value);
  return seconds !== null && seconds > 0 ? seconds : null;
}

function milliseconds(value: string): number | null {
  const seconds = parseDuration(value);
  return seconds === null ? null : Math.round(seconds * 1000);
}

function oneOf<const T extends string>(allowed: readonly T[]) {
  return (value: string): T | null => allowed.find((item) => item === value) ?? null;
}

function pick(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
