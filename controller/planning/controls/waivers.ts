import type { Finding } from '../../domain/sop.js';
import { isWaivable } from '../../domain/waiver.js';
import type { Waiver } from '../advise-needs.js';
import { waiverOf } from './scope.js';

/** What deviates from a sentence that a person let pass is shown as waived, by whom and why. Nothing else changes. */
export function applyWaivers(findings: readonly Finding[], waivers: readonly Waiver[]): readonly Finding[] {
  return findings.map((finding) => {
    if (finding.verdict !== 'deviates' || !isWaivable(finding)) return finding;
    const waiver = waiverOf(waivers, finding.source, finding.quote);
    return waiver === null
      ? finding
      : { ...finding, verdict: 'waived', waiver: { by: waiver.by, reason: waiver.reason } };
  });
}
