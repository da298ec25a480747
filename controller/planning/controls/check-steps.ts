import type { PostStep } from '../../domain/intent.js';
import type { Finding } from '../../domain/sop.js';
import type { Check } from './check.js';
import { STEP_WORDS } from './describe.js';

/** Scripts run in deploys and tests; going back, and building, need none. */
export function requiredSteps({ grounded, finding }: Check, required: readonly PostStep[]): Finding {
  const { action, postSteps } = grounded.request;
  if (action === 'rollback' || action === 'build')
    return finding('not-applicable', `A ${action} runs no ${required.join(', ')}`, '');
  const missing = required.filter((step) => !postSteps.includes(step));
  if (missing.length === 0) return finding('complies', `Runs ${required.join(', ')}`, '');
  const words = missing.map((step) => STEP_WORDS[step]).join(' and ');
  return finding(
    'deviates',
    `${missing.join(', ')} is required and not in the plan`,
    `Add "${words}" to the intent`,
  );
}
