import { cursorPaged } from '../cursors.js';
import { choiceField } from '../fields.js';
import type { Reply } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { activityShape } from '../shapes/activity.js';
import { type Activity, activityTypes } from '../state.js';

export const activityRoutes = [repositoryRoute('GET /activity', 'read', ['contents=read'], listActivities)];

/** The query's `time_period` changes nothing: a stand-in does not get a day old. */
async function listActivities(call: RepositoryCall): Promise<Reply> {
  const oldestFirst = call.repository.activities.filter(wanted(call.query));
  const direction = choiceField(Object.fromEntries(call.query), 'direction', ['asc', 'desc']);
  const list = direction === 'asc' ? oldestFirst : oldestFirst.reverse();
  return cursorPaged(call, list, (activity) => activityShape(call.world, activity));
}

function wanted(query: URLSearchParams): (activity: Activity) => boolean {
  const type = choiceField(Object.fromEntries(query), 'activity_type', activityTypes);
  const ref = query.get('ref');
  const actor = query.get('actor')?.toLowerCase();
  return (activity) =>
    (type === undefined || activity.type === type) &&
    (ref === null || activity.ref === ref || activity.ref === `refs/heads/${ref}`) &&
    (actor === undefined || activity.actor.login.toLowerCase() === actor);
}
