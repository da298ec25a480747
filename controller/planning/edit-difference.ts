import { canonicalJson } from '../domain/json.js';
import type { DeploymentPlan } from '../domain/plan.js';

/** Fields that follow from others: as they were in the file is as good as how they come out. */
const DERIVED = [
  'digest',
  'createdAt',
  'expiresAt',
  'findings',
  'evidence',
  'reading',
  'approval',
  'madeWithout',
  'assumptions',
  'freezes',
  'intent.source.commit',
  'version.asked',
  'version.commit',
  'version.tag',
];
const DERIVED_OF_ENVIRONMENT = ['replaces', 'target', 'steps'];

/**
 * Why the plan that an edit comes to is not what the editor wrote; null when it is. Everything that the editor changed has to
 * be in the plan as written, and nothing else may have changed but what follows from it.
 */
export function objectionTo(
  edited: DeploymentPlan,
  proposed: DeploymentPlan,
  result: DeploymentPlan,
): string | null {
  const [wrote, was, is] = [edited, proposed, result].map(flatten);
  if (wrote === undefined || was === undefined || is === undefined) return null;
  const paths = [...new Set([...wrote.keys(), ...is.keys()])].filter((path) => path !== 'digest');
  const wrong = paths.filter(
    (path) => wrote.get(path) !== is.get(path) && !(isDerived(path) && wrote.get(path) === was.get(path)),
  );
  if (wrong.length === 0) return null;
  const [first = ''] = wrong;
  const shown = `${first} is ${show(wrote.get(first))} in the edit and comes out as ${show(is.get(first))}`;
  return `${shown}${wrong.length > 1 ? ` (and ${wrong.length - 1} more)` : ''}. An edit may change the version, the environments, the post steps, and guards alike in all environments; change the catalog or the intent for the rest`;
}

function isDerived(path: string): boolean {
  if (DERIVED.includes(path)) return true;
  return path.startsWith('environments.') && DERIVED_OF_ENVIRONMENT.includes(path.split('.').at(-1) ?? '');
}

const LONGEST_SHOWN = 120;

function show(value: string | undefined): string {
  if (value === undefined) return 'not there';
  return value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value;
}

/** Paths to canonical JSON: one for each field, of environments (by name) and of objects a level down. */
function flatten(plan: DeploymentPlan): ReadonlyMap<string, string> {
  const { environments, intent, version, service, ...rest } = plan;
  const { source, ...words } = intent;
  const flat = new Map<string, string>();
  const add = (prefix: string, fields: object) => {
    for (const [name, value] of Object.entries(fields))
      if (value !== undefined) flat.set(`${prefix}${name}`, canonicalJson(value));
  };
  add('', { ...rest, 'environments.order': environments.map((item) => item.environment) });
  add('intent.', words);
  add('intent.source.', source);
  add('version.', version);
  add('service.', service);
  for (const { guards, ...item } of environments) {
    add(`environments.${item.environment}.`, item);
    add(`environments.${item.environment}.guards.`, guards);
  }
  return flat;
}
