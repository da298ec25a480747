import type { ApprovalDemands } from '../../domain/plan.js';
import type { Control, Finding, Sop } from '../../domain/sop.js';
import { type AdviseNeeds, changesWhatRuns } from '../advise-needs.js';
import type { Check } from './check.js';
import { atLeast, severityOf, waiverOf } from './scope.js';

const OTHER_FORGE = 'Use a forge that knows reviews (GitHub), or have it waived';

/** How many approve is held to when the plan is merged; here is said whether that can be. */
export function approvalsFinding({ needs, grounded, finding, binding }: Check, count: number): Finding {
  if (!changesWhatRuns(grounded))
    return finding('not-applicable', `A ${grounded.request.action} changes nothing that runs`, '');
  if (!binding && needs.forgeKnowsReviews !== false)
    return finding(
      'cannot-tell',
      `${count === 1 ? 'An approval is' : `${count} approvals are`} recommended, which is not held to`,
      '',
    );
  if (count <= 1 || needs.forgeKnowsReviews === true) {
    const policy = needs.catalog.policy.approvals;
    const held = needs.forgeKnowsReviews === true ? Math.max(policy, count) : 1;
    return finding(
      'complies',
      `It is only run with ${held} ${held === 1 ? 'approval' : 'approvals'}: that is held to when it is merged`,
      '',
    );
  }
  if (needs.forgeKnowsReviews === null)
    return finding(
      'cannot-tell',
      `Whether ${count} people approve cannot be seen here`,
      `Have ${count} people approve it before you merge it`,
    );
  return finding(
    'deviates',
    `${count} approvals are required, and this forge knows no reviews: who merges is one person`,
    OTHER_FORGE,
  );
}

/** Accounts are held to when the plan is merged; who has a role, only people know. */
export function approverFinding(
  { needs, grounded, finding, binding }: Check,
  names: readonly string[],
): Finding {
  if (!changesWhatRuns(grounded))
    return finding('not-applicable', `A ${grounded.request.action} changes nothing that runs`, '');
  const who = names.join(' or ');
  const unknown = names.filter((name) => loginOf(name) === null);
  if (unknown.length > 0)
    return finding(
      'cannot-tell',
      `It has to be approved by ${who}; who ${unknown.join(', ')} is, this controller does not know`,
      `Have it approved by ${who} before you merge it; an account (@name) in the SOP would be held to`,
    );
  if (!binding && needs.forgeKnowsReviews !== false)
    return finding('cannot-tell', `An approval by ${who} is recommended, which is not held to`, '');
  if (needs.forgeKnowsReviews === true)
    return finding(
      'complies',
      `It is only run when ${who} approved it: that is held to when it is merged`,
      '',
    );
  if (needs.forgeKnowsReviews === null)
    return finding(
      'cannot-tell',
      `Whether ${who} approves cannot be seen here`,
      `Have it approved by ${who} before you merge it`,
    );
  return finding('deviates', `It has to be approved by ${who}, and this forge knows no reviews`, OTHER_FORGE);
}

/** The account of "@alice", in lower case; null for roles and teams. https://docs.github.com/en/enterprise-cloud@latest/admin/identity-and-access-management/iam-configuration-reference/username-considerations-for-external-authentication */
export function loginOf(name: string): string | null {
  return /^@([a-z\d](?:[a-z\d]|[-_](?=[a-z\d])){0,38})$/.exec(name.toLowerCase())?.[1] ?? null;
}

/** The strictest of what applies, would block, and nobody waived. */
export function approvalDemanded(
  needs: AdviseNeeds,
  applying: readonly { readonly sop: Sop; readonly control: Control }[],
): ApprovalDemands {
  const held = applying.filter(
    ({ sop, control }) =>
      atLeast(severityOf(sop, control), needs.catalog.policy.blockAt) &&
      waiverOf(needs.waivers, sop.id, control.quote) === null,
  );
  const counts = held.map(({ control }) => (control.kind === 'approvals' ? control.count : 0));
  const lists = held.flatMap(({ control }) => {
    if (control.kind !== 'approver') return [];
    const logins = control.names.map(loginOf);
    return logins.every((login) => login !== null) ? [[...new Set(logins)].sort()] : [];
  });
  const approvers = [...new Map(lists.map((list) => [list.join(' '), list])).values()];
  return { approvals: Math.max(0, ...counts), approvers };
}
