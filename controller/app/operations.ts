import { approve, planAgain, reject, retryIntent } from '../approval/commands.js';
import { hold, resume } from '../approval/hold.js';
import type { ApprovalNeeds } from '../approval/needs.js';
import { abort, retryExecution, unlock } from '../execution/commands.js';
import type { ExecutionNeeds } from '../execution/needs.js';
import type { Operations } from '../triggers/api/operations.js';
import { type WaiverNeeds, waiveByName, waiveInPull } from '../triggers/waivers.js';
import { liftQuarantine, rollBackNow } from '../watchdog/commands.js';
import type { WatchdogNeeds } from '../watchdog/needs.js';
import { type Followed, stateOf } from './followers.js';

export interface OperationParts {
  readonly approval: ApprovalNeeds;
  readonly execution: ExecutionNeeds;
  readonly watchdog: WatchdogNeeds;
  readonly waivers: WaiverNeeds;
  readonly followed: readonly Followed[];
  readonly dryRun: Operations['dryRun'];
}

/** What people may ask for, by the API, the command line and comments, in terms of the stages that do it. */
export function createOperations(parts: OperationParts): Operations {
  const { approval, execution, watchdog, waivers, followed, dryRun } = parts;
  return {
    store: approval.store,
    approve: (intent, person) => approve(approval, intent, person),
    reject: (intent, person, reason) => reject(approval, intent, person, reason),
    plan: (intent, person) => planAgain(approval, intent, person),
    hold: (intent, person, reason) => hold(approval, intent, person, reason),
    resume: (intent, person) => resume(approval, intent, person),
    waive: (intent, sop, person, reason) => waiveByName(waivers, intent, sop, person, reason),
    waiveInPull: (comment, words) => waiveInPull(waivers, comment, words),
    retry: (target, person) =>
      /^\d+$/.test(target)
        ? retryExecution(execution, Number(target), person)
        : retryIntent(approval, target, person),
    abort: (id, person, reason) => abort(execution, id, person, reason),
    unlock: (lane, person, reason) => unlock(execution, lane, person, reason),
    rollback: (lane, person, reason) => rollBackNow(watchdog, lane, person, reason),
    liftQuarantine: (id, person, reason) => liftQuarantine(watchdog, id, person, reason),
    dryRun,
    look: async () => {
      await Promise.all(followed.map(({ follower }) => follower.look()));
    },
    repositories: () => followed.map(stateOf),
  };
}
