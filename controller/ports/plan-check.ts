import type { DeploymentPlan } from '../domain/plan.js';

/** Whether what a plan took for granted still holds; asked at the merge and again right before execution. */
export interface PlanCheck {
  /** null when everything holds, otherwise what changed, for people. */
  changed(plan: DeploymentPlan): Promise<string | null>;
}
