import { withAuditTrail } from '../../../../controller/app/offline.js';
import type { AuditVerification } from '../../../../controller/domain/audit.js';
import type { Site } from '../../harness.js';

export function verifyTrailOf(site: Site): Promise<AuditVerification> {
  return withAuditTrail(site.context().config(), (trail) => trail.verify());
}
