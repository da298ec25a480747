import { withAuditTrail } from '../app/offline.js';
import type { AuditEntry, AuditVerification } from '../domain/audit.js';
import type { CliContext } from './context.js';
import { print } from './context.js';
import { safe } from './table.js';

/** Works on the records themselves, so it also answers while the controller is down. */
export async function verify(context: CliContext): Promise<number> {
  const result = await withAuditTrail(context.config(), (trail) => trail.verify());
  print(context, result, describe);
  return result.ok ? 0 : 1;
}

function describe(result: AuditVerification): string {
  if (result.ok) return `The audit trail is whole: ${result.entries} entries, head ${result.head}`;
  return `The audit trail is BROKEN at entry ${result.firstBad}: ${safe(result.reason)}`;
}

export async function exportAll(context: CliContext): Promise<number> {
  await withAuditTrail(context.config(), async (trail) => {
    let last = 0;
    for (
      let page: readonly AuditEntry[] = await trail.after(last, 1000);
      page.length > 0;
      page = await trail.after(last, 1000)
    ) {
      for (const entry of page) context.out(JSON.stringify(entry));
      last = page.at(-1)?.sequence ?? last;
    }
  });
  return 0;
}
