import type {
  Catalog,
  CatalogProblem,
  Environment,
  ParsedCatalog,
  Policy,
  Service,
} from '../../domain/catalog.js';
import { SEVERITIES } from '../../domain/catalog.js';
import { API_VERSION } from '../../domain/intent.js';
import type { Problem } from '../../domain/problem.js';
import { crossProblems, stablePorts } from './catalog-cross.js';
import { namedOnly, readEnvironment, readService } from './catalog-service.js';
import { Fields, isMapping, problemAt, show } from './fields.js';
import { NAME, readFreeze } from './rules.js';
import { loadYaml, type YamlSource } from './yaml-source.js';

export const CATALOG_BYTES = 1024 * 1024;
const MAX_ALIASES = 1000;
const DAY_SECONDS = 86_400;

type SubjectKind = CatalogProblem['subject']['kind'];

/** Something of the catalog, with where it was read and what is wrong with it. */
export interface Read<Item> {
  readonly item: Item;
  readonly fields: Fields;
  readonly problems: Problem[];
}

/**
 * Reads commander.yaml. What is wrong with one service or environment is a problem of that one, and it keeps its name;
 * only a file that is no catalog, or has no service or no environment, is refused whole.
 */
export function parseCatalog(path: string, text: string): ParsedCatalog {
  const loaded = loadYaml(path, text, { maxBytes: CATALOG_BYTES, maxAliases: MAX_ALIASES });
  if (!loaded.ok) return loaded;
  const { source } = loaded;
  if (!isMapping(source.value)) {
    return refuse(problemAt(source, [], 'The file is no catalog', 'Start it with "kind: Catalog".'));
  }
  const top: Problem[] = [];
  const fields = new Fields(source, [], source.value, top);
  const wrongKind = kindProblem(source, fields);
  if (wrongKind !== null) return refuse(wrongKind);
  const policy = readPolicy(fields);
  const environments = readAll(fields, 'environments', readEnvironment, top);
  const services = readAll(fields, 'services', readService, top);
  fields.finish();
  const missing = [
    ...(environments.length === 0
      ? [
          problemAt(
            source,
            ['environments'],
            'names no environment',
            'Add one: environments: [{ name: staging }].',
          ),
        ]
      : []),
    ...(services.length === 0
      ? [problemAt(source, ['services'], 'names no service', 'Add one: services: [{ name: checkout }].')]
      : []),
  ];
  if (missing.length > 0) return { ok: false, problems: [...top, ...missing] };
  return { ok: true, catalog: assemble(policy, environments, services, top) };
}

function assemble(
  policy: Policy,
  environments: readonly Read<Environment>[],
  services: readonly Read<Service>[],
  top: readonly Problem[],
): Catalog {
  const names = unique(environments.map(({ item }) => item));
  const withPorts = services.map((read) => ({ ...read, item: stablePorts(read, names) }));
  const problems = [
    ...top.map((problem) => ({ ...problem, subject: { kind: 'policy' as const, name: 'policy' } })),
    ...environments.flatMap((read) => own('environment', read)),
    ...withPorts.flatMap((read) => own('service', read)),
    ...crossProblems(policy, environments, withPorts),
  ];
  const broken = new Set(
    problems.flatMap(({ subject }) => (subject.kind === 'service' ? [subject.name] : [])),
  );
  return {
    policy,
    environments: names,
    services: unique(withPorts.map(({ item }) => (broken.has(item.name) ? named(item) : item))),
    problems,
  };
}

function named({ name, aliases }: Service): Service {
  return namedOnly(name, aliases);
}

function own(
  kind: SubjectKind,
  { item, problems }: Read<{ readonly name: string }>,
): readonly CatalogProblem[] {
  return problems.map((problem) => ({ ...problem, subject: { kind, name: item.name } }));
}

/** The first of each name. */
function unique<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return items.filter(({ name }, index) => items.findIndex((other) => other.name === name) === index);
}

/** Reads each item with problems of its own. An item without a usable name cannot be named: that is the file's problem. */
function readAll<Item extends { readonly name: string }>(
  top: Fields,
  key: string,
  read: (fields: Fields) => Item,
  problems: Problem[],
): readonly Read<Item>[] {
  return top.objects(key).flatMap((fields) => {
    const own: Problem[] = [];
    const inner = fields.noting(own);
    const item = read(inner);
    if (item.name !== '') return [{ item, fields: inner, problems: own }];
    if (inner.raw('name') === null) inner.wrong('name', 'is missing', `Write ${NAME.rule}.`);
    problems.push(...own.filter(({ field }) => field?.endsWith('.name')));
    return [];
  });
}

function readPolicy(top: Fields): Policy {
  const fields = top.object('policy');
  const freezes =
    fields?.objects('freezes').map((freeze, index) => readFreeze(freeze, `freeze ${index + 1}`)) ?? [];
  const policy: Policy = {
    approvals: fields?.integer('approvals', 0, 100) ?? 1,
    approvalByAuthor: fields?.boolean('approvalByAuthor') ?? false,
    requiredChecks: fields?.texts('requiredChecks') ?? [],
    blockAt: fields?.oneOf('blockAt', SEVERITIES) ?? 'high',
    planExpiresSeconds: fields?.duration('planExpires') ?? DAY_SECONDS,
    freezes: freezes.filter((freeze) => freeze !== null),
  };
  fields?.finish();
  return policy;
}

function kindProblem(source: YamlSource, fields: Fields): Problem | null {
  const kind = fields.raw('kind');
  const version = fields.raw('apiVersion');
  if (kind !== null && kind !== 'Catalog') {
    return problemAt(
      source,
      ['kind'],
      `The file is a "${show(kind)}", not a Catalog`,
      'Write kind: Catalog.',
    );
  }
  if (version !== null && version !== API_VERSION) {
    const message = `"${show(version)}" is not a version of the catalog that this controller knows`;
    return problemAt(source, ['apiVersion'], message, `Write apiVersion: ${API_VERSION}.`);
  }
  return null;
}

function refuse(problem: Problem): ParsedCatalog {
  return { ok: false, problems: [problem] };
}
