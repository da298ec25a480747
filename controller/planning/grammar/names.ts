import type { Catalog } from '../../domain/catalog.js';
import { words } from './words.js';

export type Names = Pick<Catalog, 'services' | 'environments'>;

/** The catalog's names and aliases by their parts: "checkout-api", "checkout_api" and "Checkout API" are one key. */
export interface NameIndex {
  readonly services: ReadonlyMap<string, readonly string[]>;
  readonly environments: ReadonlyMap<string, readonly string[]>;
  /** All environments, in promotion order. */
  readonly order: readonly string[];
  readonly serviceNames: readonly string[];
  /** Names and aliases of services as the catalog has them, without plurals and the like. */
  readonly written: ReadonlySet<string>;
  /** Words of environments that a typo may mean. */
  readonly spellings: readonly string[];
  readonly longest: number;
}

/** What people call the usual environments when the catalog has the environment under another of these words. */
const FAMILIES: readonly ReadonlySet<string>[] = [
  words('production prod prd prods live produktion productions'),
  words('staging stage stg stag preprod pre-prod preproduction pre-production stagings'),
  words('development dev develop devel'),
  words('test testing tst'),
  words('qa quality-assurance'),
  words('uat user-acceptance acceptance'),
];

const SUFFIXES = ['-service', '-svc', '-microservice', '-app', '-application'];

export function keyOf(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .split(/[-_.\s/]+/)
    .join('-');
}

export function indexNames(catalog: Names): NameIndex {
  const services = new Map<string, string[]>();
  const environments = new Map<string, string[]>();
  for (const service of catalog.services)
    for (const name of [service.name, ...service.aliases]) add(services, name, service.name);
  for (const environment of catalog.environments)
    for (const name of [environment.name, ...environment.aliases]) add(environments, name, environment.name);
  const written = new Set(services.keys());
  addVariants(services);
  addFamilies(environments, catalog);
  const keys = [...services.keys(), ...environments.keys()];
  return {
    services,
    environments,
    order: catalog.environments.map((environment) => environment.name),
    serviceNames: catalog.services.map((service) => service.name),
    written,
    spellings: [...environments.keys()].filter((key) => /^[a-z]{5,}$/.test(key)),
    longest: Math.max(1, ...keys.map((key) => key.split('-').length)),
  };
}

function add(index: Map<string, string[]>, name: string, target: string): void {
  const key = keyOf(name);
  if (key === '') return;
  const known = index.get(key) ?? [];
  if (!known.includes(target)) index.set(key, [...known, target]);
}

/** Plural and singular, run-together, and "-service" spellings, where no name of the catalog is spelt that way. */
function addVariants(index: Map<string, string[]>): void {
  const taken = new Set(index.keys());
  for (const [key, targets] of [...index]) {
    for (const variant of variantsOf(key)) {
      if (taken.has(variant)) continue;
      for (const target of targets) add(index, variant, target);
    }
  }
}

function variantsOf(key: string): string[] {
  const found = [key.endsWith('s') ? key.slice(0, -1) : `${key}s`, ...SUFFIXES.map((suffix) => key + suffix)];
  if (key.includes('-')) found.push(key.replaceAll('-', ''));
  for (const suffix of SUFFIXES.slice(0, 2))
    if (key.endsWith(suffix)) found.push(key.slice(0, -suffix.length));
  return found.filter((variant) => variant.length > 2);
}

/** "prod" means "production" where the catalog knows no "prod"; all that match are kept, so that two are a question. */
function addFamilies(index: Map<string, string[]>, catalog: Names): void {
  const exact = new Map(index);
  const taken = new Set(index.keys());
  for (const family of FAMILIES) {
    const whole = [...family].flatMap((word) => exact.get(keyOf(word)) ?? []);
    const parts = catalog.environments
      .filter((environment) => hasPart(environment, family))
      .map((environment) => environment.name);
    const targets = [...new Set(whole.length > 0 ? whole : parts)];
    for (const word of family)
      if (!taken.has(keyOf(word))) for (const target of targets) add(index, word, target);
  }
  for (const environment of catalog.environments) {
    const swapped = keyOf(environment.name).split('-').reverse().join('-');
    if (!taken.has(swapped)) add(index, swapped, environment.name);
  }
}

function hasPart(environment: Names['environments'][number], family: ReadonlySet<string>): boolean {
  return [environment.name, ...environment.aliases].some((name) => {
    const parts = keyOf(name).split('-');
    return parts.some(
      (part, at) =>
        family.has(part) &&
        parts[at - 1] !== 'pre' &&
        parts[at - 1] !== 'non' &&
        !(part === 'test' && parts.length > 2),
    );
  });
}

/** Words that people use for environments, whether or not a catalog has them. */
export const ENVIRONMENT_WORDS = words(
  `prod production prd live staging stage stg preprod preproduction dev development qa uat test testing canary sandbox perf performance demo integration int preview dr beta alpha
  eu us europe america asia apac emea eu-west us-east eu-west-1 us-east-1 lab acceptance acc pilot edge local localhost prelive hotfix-env loadtest load-test shadow blue green`,
);
