import { stringify } from 'yaml';
import type { DeploymentPlan } from '../../domain/plan.js';
import type { Problem } from '../../domain/problem.js';
import { planSchema } from './plan-schema.js';
import { createSchemaCheck } from './schema-check.js';
import { loadYaml } from './yaml-source.js';

export const PLAN_FILE_BYTES = 1024 * 1024;

export type ParsedPlan =
  | { readonly ok: true; readonly plan: DeploymentPlan }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const checkSchema = createSchemaCheck(planSchema);

/** Reads the file of a plan. Whether its digest is that of its content is for the caller to check. */
export function parsePlan(path: string, text: string): ParsedPlan {
  const loaded = loadYaml(path, text, { maxBytes: PLAN_FILE_BYTES, maxAliases: 0 });
  if (!loaded.ok) return loaded;
  const problems = checkSchema(loaded.source);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, plan: loaded.source.value as DeploymentPlan };
}

/** The file of a plan; parsePlan reads the same plan from it. The same plan always gives the same bytes. */
export function renderPlan(plan: DeploymentPlan): string {
  return (
    header(plan) +
    stringify(plan, { lineWidth: 0, version: '1.2', schema: 'core', aliasDuplicateObjects: false })
  );
}

function header({ intent }: DeploymentPlan): string {
  return `# What the controller would do for the intent "${intent.name}". Nothing of it has happened yet.
# To approve: merge this branch, with "commander approve ${intent.name}" or "git merge --no-ff commander/${intent.name}".
# To say no: "commander reject ${intent.name}". To change it: change the intent, or edit this file on this branch and
# let the controller check it again. Once merged, do not edit it: a plan changed on the protected branch is not run.
`;
}
