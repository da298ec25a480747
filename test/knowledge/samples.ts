import type { Passage } from '../../controller/domain/passage.js';
import type { Sop } from '../../controller/domain/sop.js';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';

export function sop(path: string, body: string): Sop {
  return {
    id: path.replace(/^.*\//, '').replace(/\.\w+$/, ''),
    title: /^# (.*)$/m.exec(body)?.[1] ?? path,
    path,
    severity: 'medium',
    scope: { services: [], environments: [], actions: [] },
    controls: [],
    advice: [],
    body,
    digest: 'sha256:0',
  };
}

export function passages(
  repository: string,
  documents: Readonly<Record<string, string>>,
): readonly Passage[] {
  return Object.entries(documents).flatMap(([path, body]) => passagesOf(repository, sop(path, body)));
}

export const FREEZE = `# Change freeze

Nothing is deployed to production from Friday 16:00 to Monday 08:00.

## Exceptions

The duty manager may let a fix of a severity 1 incident pass.
`;
export const ROLLBACK = `# Rolling back

Go back to the last version that was good. Tell the support desk before you do.
`;
export const DATABASE = `# Database migrations

A migration runs on staging first, with a copy of the production data.
`;
export const DOCUMENTS = {
  'sops/database.md': DATABASE,
  'sops/freeze.md': FREEZE,
  'sops/rollback.md': ROLLBACK,
} as const;
