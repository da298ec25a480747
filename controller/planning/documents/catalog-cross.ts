import type { CatalogProblem, Environment, Policy, Service } from '../../domain/catalog.js';
import type { Read } from './catalog.js';
import { unknownNameFix } from './did-you-mean.js';
import { problemAt } from './fields.js';

/**
 * The stable port of each environment: what the file says; else `port` for the last environment in promotion order,
 * and the next number up for each one before it, so that two environments on one machine never collide.
 */
export function stablePorts(
  { item, fields, problems }: Read<Service>,
  environments: readonly Environment[],
): Service {
  const names = environments.map(({ name }) => name);
  for (const name of Object.keys(item.ports)) {
    if (names.includes(name)) continue;
    const message = `"${name}" is not an environment of this catalog`;
    problems.push(
      problemAt(fields.source, [...fields.path, 'ports', name], message, unknownNameFix(name, names)),
    );
  }
  const ports = names.map((name, index) => {
    const said = Object.hasOwn(item.ports, name) ? item.ports[name] : undefined;
    return [name, said ?? item.port + (names.length - 1 - index)] as const;
  });
  if (ports.some(([, port]) => port > 65_535)) {
    problems.push(
      problemAt(
        fields.source,
        [...fields.path, 'port'],
        'leaves no port for each environment',
        'Give "ports:".',
      ),
    );
  }
  return { ...item, ports: Object.fromEntries(ports) };
}

/** What is wrong between services and environments: names and ports that two of them claim, freezes of nothing. */
export function crossProblems(
  policy: Policy,
  environments: readonly Read<Environment>[],
  services: readonly Read<Service>[],
): readonly CatalogProblem[] {
  return [
    ...nameProblems('environment', environments),
    ...nameProblems('service', services),
    ...portProblems(environments, services),
    ...freezeProblems(policy, environments),
  ];
}

type Kind = 'service' | 'environment';
type Named = Read<{ readonly name: string; readonly aliases: readonly string[] }>;

function nameProblems(kind: Kind, reads: readonly Named[]): readonly CatalogProblem[] {
  const problems: CatalogProblem[] = [];
  const owners = new Map<string, Named>();
  for (const read of reads) {
    const key = read.item.name.toLowerCase();
    const earlier = owners.get(key);
    if (earlier === undefined) owners.set(key, read);
    else {
      const message = `two ${kind}s are called ${earlier.item.name}${read.item.name === earlier.item.name ? '' : ` and ${read.item.name}`}`;
      problems.push(problemOf(kind, read, ['name'], message, 'Give one of them another name.'));
      if (read.item.name !== earlier.item.name)
        problems.push(problemOf(kind, earlier, ['name'], message, 'Give one of them another name.'));
    }
  }
  for (const read of reads) {
    for (const alias of new Set(read.item.aliases.map((name) => name.toLowerCase()))) {
      const others = reads.filter(({ item }) => item.name !== read.item.name && claims(item, alias));
      if (others.length === 0) continue;
      const names = [read, ...others].map(({ item }) => item.name).join(' and ');
      const message = `alias "${alias}" could mean ${names}`;
      problems.push(problemOf(kind, read, ['aliases'], message, 'Keep it on one of them.'));
    }
  }
  return problems;
}

function claims(item: Named['item'], alias: string): boolean {
  return [item.name, ...item.aliases].some((name) => name.toLowerCase() === alias);
}

/** Ports that two services would listen on at one host. Services without a repository are never started. */
function portProblems(
  environments: readonly Read<Environment>[],
  services: readonly Read<Service>[],
): readonly CatalogProblem[] {
  const owners = new Map<string, { read: Read<Service>; environment: string }[]>();
  for (const read of services.filter(({ item }) => item.repository !== null)) {
    for (const { item } of environments.filter((environment) => environment.item.runtime !== 'kubernetes')) {
      const port = read.item.ports[item.name];
      if (port === undefined) continue;
      const place = `${item.host}:${port}`;
      owners.set(place, [...(owners.get(place) ?? []), { read, environment: item.name }]);
    }
  }
  return [...owners].flatMap(([place, claimed]) => {
    if (claimed.length < 2) return [];
    const who = claimed.map(({ read, environment }) => `${read.item.name} in ${environment}`).join(' and ');
    const fix = 'Give one of them another port, or a list of "ports:" by environment.';
    const reads = new Set(claimed.map(({ read }) => read));
    return [...reads].map((read) => problemOf('service', read, ['port'], `${place} would be of ${who}`, fix));
  });
}

function freezeProblems(
  policy: Policy,
  environments: readonly Read<Environment>[],
): readonly CatalogProblem[] {
  const names = environments.map(({ item }) => item.name);
  const [first] = environments;
  if (first === undefined) return [];
  return policy.freezes.flatMap(({ name, environments: frozen }) =>
    frozen
      .filter((environment) => !names.includes(environment))
      .map((environment) => ({
        ...problemAt(
          first.fields.source,
          ['policy', 'freezes'],
          `freeze "${name}" is for "${environment}", which is not an environment of this catalog`,
          unknownNameFix(environment, names),
        ),
        subject: { kind: 'policy' as const, name: 'policy' },
      })),
  );
}

function problemOf(
  kind: Kind,
  read: Named,
  path: readonly string[],
  message: string,
  fix: string,
): CatalogProblem {
  const problem = problemAt(read.fields.source, [...read.fields.path, ...path], message, fix);
  return { ...problem, subject: { kind, name: read.item.name } };
}
