import type { Catalog } from './catalog.js';
import type { Action } from './intent.js';
import { digestOf } from './json.js';
import type { Sop } from './sop.js';

/** Digest of the part of a catalog that a plan for a service in some environments uses. */
export function catalogSlice(catalog: Catalog, service: string, environments: readonly string[]): string {
  return digestOf({
    service: catalog.services.find((candidate) => candidate.name === service) ?? null,
    environments: catalog.environments.filter((candidate) => environments.includes(candidate.name)),
    policy: catalog.policy,
  });
}

export interface SopSubject {
  readonly service: string;
  readonly environments: readonly string[];
  readonly action: Action;
}

export function sopApplies(sop: Sop, subject: SopSubject): boolean {
  const { services, environments, actions } = sop.scope;
  return (
    (services.length === 0 || services.includes(subject.service)) &&
    (actions.length === 0 || actions.includes(subject.action)) &&
    (environments.length === 0 ||
      environments.some((environment) => subject.environments.includes(environment)))
  );
}

/** Digest of the SOPs that apply to a plan, and of what was made of their sentences: by a model since, or by rules in this catalog. */
export function sopSlice(sops: readonly Sop[], subject: SopSubject): string {
  const applying = sops
    .filter((sop) => sopApplies(sop, subject))
    .map((sop) => ({ id: sop.id, digest: sop.digest, ...madeOfSentences(sop) }));
  return digestOf(applying.sort((left, right) => (left.id < right.id ? -1 : 1)));
}

/** Front matter follows from the file, whose digest is there already. */
function madeOfSentences(sop: Sop): { readonly controls?: Sop['controls'] } {
  const controls = sop.controls.filter(({ origin }) => origin !== 'front-matter');
  return controls.length === 0 ? {} : { controls };
}
