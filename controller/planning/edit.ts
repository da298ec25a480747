import type { Guards } from '../domain/catalog.js';
import type { EvidenceField, Request } from '../domain/interpretation.js';
import { computeDigest, type DeploymentPlan } from '../domain/plan.js';
import type { Adoption, PlanEdit, PlanEditor } from '../ports/plan-editor.js';
import { parsePlan } from './documents/plan.js';
import { objectionTo } from './edit-difference.js';
import { describeQuestion, type ReconcileNeeds, reconcileEdit } from './reconcile.js';
import { describeProblems } from './world.js';

/**
 * Reads an edited plan file as a request: version, environments, post steps and guards may be changed; everything else is
 * derived from them again (commit, findings, digest), so an edit cannot carry what was not checked. An edit of what is
 * derived is refused: what is run is what was written, or nothing.
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
  const forged = forgery(parsed.plan, proposed.plan);
  if (forged !== null) return { kind: 'refused', reason: forged };
  const result = await reconcileEdit(needs, {
    intentId: edit.intentId,
    request: requestOf(parsed.plan, proposed.plan),
    evidence: proposed.plan.evidence,
    editor: edit.editor,
    proposal: edit.proposal,
    objection: (plan) => objectionTo(parsed.plan, proposed.plan, plan),
  });
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

/** What no edit may touch: whose plan it is, and what its digest says. */
function forgery(edited: DeploymentPlan, proposed: DeploymentPlan): string | null {
  if (edited.intent.name !== proposed.intent.name)
    return 'the edit changes the intent that the plan belongs to';
  if (edited.service.name !== proposed.service.name)
    return `the edit changes the service to ${edited.service.name}: write an intent for that`;
  if (edited.digest !== proposed.digest && edited.digest !== computeDigest(edited))
    return 'the edit changes the digest to one that its content does not have: leave the digest as it was';
  return null;
}

function requestOf(edited: DeploymentPlan, proposed: DeploymentPlan): Request {
  const same = edited.version.asked === proposed.version.asked && edited.version.ref === proposed.version.ref;
  const steps = edited.environments.flatMap((item) =>
    item.steps.flatMap((step) => (step.kind === 'script' ? [step.name] : [])),
  );
  const watchSeconds = requestedGuard('watchSeconds', 'watchMinutes', edited, proposed);
  return {
    action: edited.action,
    service: edited.service.name,
    version: same ? pinned(edited) : edited.version.ref,
    environments: edited.action === 'build' ? [] : edited.environments.map((item) => item.environment),
    postSteps: [...new Set(steps)],
    guards: {
      errorRate: requestedGuard('errorRate', 'errorRate', edited, proposed),
      latencyP95Ms: requestedGuard('latencyP95Ms', 'latencyP95Ms', edited, proposed),
      watchMinutes: watchSeconds === null ? null : watchSeconds / 60,
    },
  };
}

/** What was proposed where no version was written (a branch's head, what is promoted) stays what it was. */
function pinned({ action, version }: DeploymentPlan): string | null {
  return version.asked ?? (action === 'deploy' || action === 'build' ? version.ref : null);
}

/** A bound that the edit changed, or that the intent's text had asked for; null where the catalog's own holds. */
function requestedGuard(
  field: keyof Guards,
  asked: EvidenceField,
  edited: DeploymentPlan,
  proposed: DeploymentPlan,
): number | null {
  const before = new Map(proposed.environments.map((item) => [item.environment, item.guards[field]]));
  const changed = edited.environments.find(
    (item) => before.has(item.environment) && before.get(item.environment) !== item.guards[field],
  );
  if (changed !== undefined) return changed.guards[field];
  return proposed.evidence[asked] === undefined ? null : (proposed.environments[0]?.guards[field] ?? null);
}
