import type { Guards } from '../../domain/catalog.js';
import { describeGuard, describeGuards, looserFields, requestedAsGuards } from '../../domain/guards.js';
import type { Finding } from '../../domain/sop.js';
import { changesWhatRuns } from '../advise-needs.js';
import type { Check } from './check.js';

/** Defaults are tightened; what the intent itself asks for more loosely than the SOP allows is a deviation. */
export function tighten(
  { grounded, finding }: Check,
  guards: Guards,
  bound: Guards,
): { readonly findings: readonly Finding[]; readonly guards: Guards } {
  if (!changesWhatRuns(grounded)) return { guards, findings: [] };
  const loose = looserFields(guards, bound);
  if (loose.length === 0)
    return { guards, findings: [finding('complies', `Guards are as tight as ${describeGuards(bound)}`, '')] };
  const requested = requestedAsGuards(grounded.request.guards);
  const findings = loose.map((field) => {
    const to = describeGuard(field, bound[field]);
    if (requested[field] !== null) {
      return finding(
        'deviates',
        `The intent asks for ${describeGuard(field, requested[field])}, allowed is ${to}`,
        `Ask for ${to} or tighter`,
      );
    }
    return finding('tightened', `${describeGuard(field, guards[field])} became ${to}`, '');
  });
  const tightened = Object.fromEntries(
    loose.filter((field) => requested[field] === null).map((field) => [field, bound[field]]),
  );
  return { guards: { ...guards, ...tightened }, findings };
}
