import type {
  BuildSpec,
  Environment,
  MetricsSpec,
  Resources,
  RuntimeKind,
  ScriptStep,
  Service,
} from '../../domain/catalog.js';
import { NO_GUARDS } from '../../domain/catalog.js';
import { POST_STEPS, type PostStep } from '../../domain/intent.js';
import { type Fields, isMapping, show, type TextRule } from './fields.js';
import { ALIAS, NAME, readGuards, URL_PATH } from './rules.js';

const RUNTIMES: readonly RuntimeKind[] = ['process', 'docker', 'kubernetes'];
const DEFAULT_PORT = 8080;
const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_HEALTH_TIMEOUT_SECONDS = 60;
const LOG_ERRORS = '\\b(ERROR|FATAL|PANIC)\\b';
const BUILD: BuildSpec = {
  context: '.',
  dockerfile: 'Dockerfile',
  run: null,
  timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
};

const RELATIVE_PATH: TextRule = {
  pattern: /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\p{Cc}\\]{1,500}$/u,
  rule: 'a path inside the repository, without ".."',
};
const SCRIPT_NAME: TextRule = {
  pattern: /^[A-Za-z0-9_][\w.-]{0,99}$/,
  rule: 'the file name of a script in infra/scripts, without folders',
};

export function readEnvironment(fields: Fields): Environment {
  const environment: Environment = {
    name: fields.text('name', NAME) ?? '',
    aliases: fields.texts('aliases', ALIAS) ?? [],
    runtime: fields.oneOf('runtime', RUNTIMES) ?? 'process',
    host:
      fields.text('host', { pattern: /^[A-Za-z0-9.:_-]{1,253}$/, rule: 'a host name or address' }) ??
      '127.0.0.1',
    guards: guardsOf(fields),
  };
  fields.finish();
  return environment;
}

/** A service with defaults filled in; `ports` has only what the file says (see stablePorts). */
export function readService(fields: Fields): Service {
  const logs = fields.object('logs');
  const service: Service = {
    name: fields.text('name', NAME) ?? '',
    aliases: fields.texts('aliases', ALIAS) ?? [],
    repository: fields.text('repository', {
      pattern: /^[^-\p{Cc}][^\p{Cc}]{0,2000}$/u,
      rule: 'a URL or a path',
    }),
    defaultBranch: fields.text('defaultBranch'),
    build: readBuild(fields),
    run: readCommand(fields),
    port: fields.integer('port', 1, 65_535) ?? DEFAULT_PORT,
    ports: readPorts(fields),
    health: fields.text('health', URL_PATH) ?? '/healthz',
    healthTimeoutSeconds: fields.duration('healthTimeout') ?? DEFAULT_HEALTH_TIMEOUT_SECONDS,
    metrics: readMetrics(fields),
    logErrorPattern: logs === null ? LOG_ERRORS : (expression(logs, 'errors') ?? LOG_ERRORS),
    probe: fields.text('probe', URL_PATH),
    steps: readSteps(fields),
    guards: guardsOf(fields),
    env: readWords(fields.object('env')) ?? {},
    resources: readResources(fields),
    drift: fields.oneOf('drift', ['restore', 'report']) ?? 'restore',
  };
  logs?.finish();
  fields.finish();
  return service;
}

/** What is left of a service that cannot be read: it can be named, not deployed. */
export function namedOnly(name: string, aliases: readonly string[]): Service {
  return {
    name,
    aliases,
    repository: null,
    defaultBranch: null,
    build: BUILD,
    run: null,
    port: DEFAULT_PORT,
    ports: {},
    health: '/healthz',
    healthTimeoutSeconds: DEFAULT_HEALTH_TIMEOUT_SECONDS,
    metrics: null,
    logErrorPattern: LOG_ERRORS,
    probe: null,
    steps: {},
    guards: NO_GUARDS,
    env: {},
    resources: { memoryMiB: null, cpus: null },
    drift: 'restore',
  };
}

function guardsOf(fields: Fields): Environment['guards'] {
  const guards = fields.object('guards');
  return guards === null ? NO_GUARDS : readGuards(guards);
}

function readBuild(fields: Fields): BuildSpec {
  const build = fields.object('build');
  if (build === null) return BUILD;
  const read: BuildSpec = {
    context: build.text('context', RELATIVE_PATH) ?? BUILD.context,
    dockerfile: build.text('dockerfile', RELATIVE_PATH) ?? BUILD.dockerfile,
    run: readCommand(build),
    timeoutSeconds: build.duration('timeout') ?? BUILD.timeoutSeconds,
  };
  build.finish();
  return read;
}

/** Program and arguments. Never one text: that would need a shell to take it apart. */
function readCommand(fields: Fields): readonly string[] | null {
  const value = fields.raw('run');
  if (typeof value === 'string') {
    const list = value.trim().split(/\s+/).join(', ');
    return fields.wrong(
      'run',
      'must be a list of program and arguments',
      `Write run: [${list}]. There is no shell.`,
    );
  }
  const run = fields.texts('run', { pattern: /^[^\0]{1,4096}$/, rule: 'program and arguments as text' });
  if (run?.length === 0) return fields.wrong('run', 'is empty', 'Name a program.');
  return run;
}

function readPorts(fields: Fields): Readonly<Record<string, number>> {
  const ports = fields.object('ports');
  if (ports === null) return {};
  const pairs = ports.keys().map((name) => [name, ports.integer(name, 1, 65_535)] as const);
  return Object.fromEntries(pairs.filter((pair): pair is readonly [string, number] => pair[1] !== null));
}

function readMetrics(fields: Fields): MetricsSpec | null {
  const metrics = fields.object('metrics');
  if (metrics === null) return null;
  const name = { pattern: /^[A-Za-z_:][\w:]{0,199}$/, rule: 'the name of a metric' };
  const errors = metrics.object('errors');
  const labels = errors?.keys().map((label) => [label, expression(errors, label)] as const) ?? [];
  const read: MetricsSpec = {
    path: metrics.text('path', URL_PATH) ?? '/metrics',
    requests: metrics.text('requests', name) ?? 'http_requests_total',
    errors:
      errors === null
        ? { status: '5..' }
        : Object.fromEntries(labels.filter((pair): pair is readonly [string, string] => pair[1] !== null)),
    latency: metrics.text('latency', name),
  };
  if (errors !== null && labels.length === 0) {
    metrics.wrong('errors', 'has no label', 'Write one, like status: "5..".');
  }
  metrics.finish();
  return read;
}

function expression(fields: Fields, key: string): string | null {
  const text = fields.text(key);
  if (text === null) return null;
  const fix = 'Write a regular expression of up to 500 characters.';
  if (text.length > 500) return fields.wrong(key, 'is too long', fix);
  try {
    new RegExp(text);
    return text;
  } catch {
    return fields.wrong(key, `"${show(text)}" is not a regular expression`, fix);
  }
}

function readSteps(fields: Fields): Readonly<Partial<Record<PostStep, ScriptStep>>> {
  const steps = fields.object('steps');
  if (steps === null) return {};
  const read: Partial<Record<PostStep, ScriptStep>> = {};
  for (const name of POST_STEPS) {
    const step = readStep(steps, name);
    if (step !== null) read[name] = step;
  }
  steps.finish();
  return read;
}

function readStep(steps: Fields, name: PostStep): ScriptStep | null {
  const value = steps.raw(name);
  if (value === null) return null;
  if (!isMapping(value)) {
    const script = steps.text(name, SCRIPT_NAME);
    return script === null ? null : { script, args: [], timeoutSeconds: DEFAULT_TIMEOUT_SECONDS };
  }
  const fields = steps.object(name);
  if (fields === null) return null;
  const script = fields.text('script', SCRIPT_NAME);
  if (!fields.has('script')) fields.wrong('script', 'is missing', 'Name a script in infra/scripts.');
  const args = fields.texts('args') ?? [];
  const timeoutSeconds = fields.duration('timeout') ?? DEFAULT_TIMEOUT_SECONDS;
  fields.finish();
  return script === null ? null : { script, args, timeoutSeconds };
}

function readWords(fields: Fields | null): Readonly<Record<string, string>> | null {
  if (fields === null) return null;
  const words: Record<string, string> = {};
  for (const key of fields.keys()) {
    if (!/^[A-Za-z_]\w{0,99}$/.test(key)) {
      fields.wrong(key, 'is not the name of a variable', 'Write letters, digits and "_".');
      continue;
    }
    const value = fields.raw(key) === '' ? '' : fields.text(key);
    if (value !== null) words[key] = value;
  }
  return words;
}

const MEMORY_MIB: Readonly<Record<string, number>> = {
  Ki: 1 / 1024,
  Mi: 1,
  Gi: 1024,
  K: 1e3 / 2 ** 20,
  M: 1e6 / 2 ** 20,
  G: 1e9 / 2 ** 20,
};

function readResources(fields: Fields): Resources {
  const resources = fields.object('resources');
  if (resources === null) return { memoryMiB: null, cpus: null };
  const read = { memoryMiB: readMemory(resources), cpus: readCpus(resources) };
  resources.finish();
  return read;
}

function readMemory(fields: Fields): number | null {
  const value = fields.raw('memory');
  if (value === null) return null;
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)\s*(Ki|Mi|Gi|K|M|G)$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  const mebibytes = Math.ceil(Number(count) * (MEMORY_MIB[unit ?? ''] ?? Number.NaN));
  if (mebibytes >= 4 && Number.isSafeInteger(mebibytes)) return mebibytes;
  return fields.wrong(
    'memory',
    `"${show(value)}" is not an amount of memory`,
    'Write at least 4Mi, like 256Mi or 1Gi.',
  );
}

function readCpus(fields: Fields): number | null {
  const value = fields.raw('cpus');
  if (value === null) return null;
  const [, milli] = /^(\d+)m$/.exec(typeof value === 'string' ? value : '') ?? [];
  const cpus = milli === undefined ? value : Number(milli) / 1000;
  if (typeof cpus === 'number' && cpus > 0 && cpus <= 1024) return cpus;
  return fields.wrong(
    'cpus',
    `"${show(value)}" is not a number of CPUs`,
    'Write a number, like 0.5 or 500m.',
  );
}
