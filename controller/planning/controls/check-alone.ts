import type { Finding } from '../../domain/sop.js';
import { changesWhatRuns } from '../advise-needs.js';
import type { Check } from './check.js';

/** Held to while it is run (`execution/run.ts`): what else is deployed then, nobody knows now. */
export function aloneFinding({ grounded, item, finding, binding }: Check): Finding {
  const { action } = grounded.request;
  if (!changesWhatRuns(grounded))
    return finding('not-applicable', `A ${action} changes nothing that runs`, '');
  const { name } = item.environment;
  if (binding) return finding('complies', `It waits while another service is deployed to ${name}`, '');
  return finding(
    'cannot-tell',
    `It does not wait while another service is deployed to ${name}: the SOP asks for less than that`,
    `Look that nothing else is deployed to ${name} before you merge it`,
  );
}
