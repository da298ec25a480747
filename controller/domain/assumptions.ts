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

/** Digest of the SOPs that apply to a plan, with the controls that a model made of their sentences since. */
export function sopSlice(sops: readonly Sop[], subject: SopSubject): string {
  const applying = sops
    .filter((sop) => sopApplies(sop, subject))
    .map((sop) => ({ id: sop.id, digest: sop.digest, ...modelMade(sop) }));
  return digestOf(applying.sort((left, right) => (left.id < right.id ? -1 : 1)));
}

/** Controls of any other origin follow from the file, whose digest is there already. */
function modelMade(sop: Sop): { readonly controls?: Sop['controls'] } {
  const controls = sop.controls.filter(({ origin }) => origin === 'model');
  return controls.length === 0 ? {} : { controls };
}
