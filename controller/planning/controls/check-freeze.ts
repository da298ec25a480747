import type { Freeze } from '../../domain/catalog.js';
import { freezeOf } from '../../domain/freeze.js';
import type { Finding } from '../../domain/sop.js';
import { freezeFix, frozenMessage } from '../advise-needs.js';
import type { Check } from './check.js';

/** A freeze stops deploys. Going back to what was good is never frozen. */
export function freezeFinding(
  { needs, grounded, item, finding }: Check,
  freeze: Freeze,
): { readonly findings: readonly Finding[]; readonly until: Date | null } {
  const { name } = item.environment;
  const concerned = freeze.environments.length === 0 || freeze.environments.includes(name);
  if (grounded.request.action !== 'deploy' || !concerned) return { findings: [], until: null };
  const frozen = freezeOf([freeze], name, needs.now);
  if (frozen === null)
    return { findings: [finding('complies', `Outside the freeze "${freeze.name}"`, '')], until: null };
  const message = frozenMessage(freeze.name, name, frozen.until);
  return { findings: [finding('deviates', message, freezeFix(frozen.until))], until: frozen.until };
}
