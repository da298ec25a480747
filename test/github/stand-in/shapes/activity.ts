import type { Json } from '../reply.js';
import type { Activity } from '../state.js';
import { nodeId, type World } from '../world.js';
import { simpleUser } from './user.js';

/** GitHub's `activity`. */
export function activityShape(world: World, activity: Activity): Json {
  const { id, before, after, ref, at, type, actor } = activity;
  return {
    id,
    node_id: nodeId('PSH', id),
    before,
    after,
    ref,
    timestamp: at,
    activity_type: type,
    actor: simpleUser(world, actor),
  };
}
