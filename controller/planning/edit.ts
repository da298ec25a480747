import type { Request } from '../domain/interpretation.js';
import type { DeploymentPlan } from '../domain/plan.js';
import type { Adoption, PlanEdit, PlanEditor } from '../ports/plan-editor.js';
import { parsePlan } from './documents/plan.js';
import { describeQuestion, type ReconcileNeeds, reconcileEdit } from './reconcile.js';
import { describeProblems } from './world.js';

/**
 * Reads an edited plan file as a request: action, service, version, environments, post steps and guards may be changed;
 * everything else is derived from them again (commit, findings, digest), so an edit cannot carry what was not checked.
 */
export function createPlanEditor(needs: ReconcileNeeds): PlanEditor {
  return { adopt: (edit) => adopt(needs, edit) };
}

async function adopt(needs: ReconcileNeeds, edit: PlanEdit): Promise<Adoption> {
  const proposed = await needs.store.plans.get(edit.digest);
  if (proposed === null) return { kind: 'refused', reason: 'the plan that was edited is not known' };
  if (edit.file === proposed.file) return { kind: 'unchanged' };
  const parsed = parsePlan(edit.path, edit.file);
  if (!parsed.ok) return { kind: 'refused', reason: describeProblems(parsed.problems).join(' ') };
  const { plan } = parsed;
  if (plan.intent.name !== proposed.plan.intent.name)
    return { kind: 'refused', reason: 'the edit changes the intent that the plan belongs to' };
  const request = requestOf(plan, proposed.plan);
  const result = await reconcileEdit(
    needs,
    edit.intentId,
    { request, evidence: proposed.plan.evidence },
    edit.editor,
  );
  switch (result?.kind) {
    case 'plan':
      return { kind: 'adopted', digest: result.plan.digest };
    case 'blocked':
      return { kind: 'refused', reason: result.reasons.join(' ') };
    case 'question':
      return { kind: 'refused', reason: result.questions.map(describeQuestion).join(' ') };
    case 'refused':
    case 'waiting':
      return { kind: 'refused', reason: result.reason };
    case undefined:
      return { kind: 'refused', reason: 'the intent is gone' };
  }
}

function requestOf(edited: DeploymentPlan, proposed: DeploymentPlan): Request {
  const [first] = edited.environments;
  const guards = first?.guards;
  const same = edited.version.asked === proposed.version.asked && edited.version.ref === proposed.version.ref;
  const steps = edited.environments.flatMap((item) =>
    item.steps.flatMap((step) => (step.kind === 'script' ? [step.name] : [])),
  );
  return {
    action: edited.action,
    service: edited.service.name,
    version: same ? edited.version.asked : edited.version.ref,
    environments: edited.action === 'build' ? [] : edited.environments.map((item) => item.environment),
    postSteps: [...new Set(steps)],
    guards: {
      errorRate: guards?.errorRate ?? null,
      latencyP95Ms: guards?.latencyP95Ms ?? null,
      watchMinutes: guards?.watchSeconds == null ? null : guards.watchSeconds / 60,
    },
  };
}
