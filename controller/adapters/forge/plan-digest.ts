import { parseDocument } from 'yaml';
import { computeDigest, type DeploymentPlan } from '../../domain/plan.js';

export const PLAN_FILE_BYTES = 1024 * 1024;

/**
 * The digest of the plan in a file: of its content, and only if the file claims the same one. null for anything else.
 * Two files with one digest hold the same plan, whatever their layout and comments.
 */
export function digestInFile(text: string): string | null {
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, merge: false });
  if (document.errors.length > 0) return null;
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const digest = computeDigest(value as DeploymentPlan);
    return 'digest' in value && value.digest === digest ? digest : null;
  } catch {
    // Aliases, or numbers that JSON does not have: no plan of ours.
    return null;
  }
}
