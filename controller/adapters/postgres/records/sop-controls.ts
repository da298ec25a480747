import { inArray, isNull } from 'drizzle-orm';
import type { SopControls } from '../../../ports/sop-controls.js';
import { sopControls } from '../schema-agents.js';
import { storable } from '../storable.js';
import type { Handle } from '../transaction.js';

export function createSopControls(db: Handle, now: () => Date): SopControls {
  return {
    of: async (sops) => {
      if (sops.length === 0) return [];
      const { sop, sentence, control, model } = sopControls;
      return db
        .select({ sop, sentence, control, model })
        .from(sopControls)
        .where(inArray(sop, [...new Set(sops)]));
    },
    keep: async ({ sop, sentence, control, model }) => {
      const values = storable({ control, model, createdAt: now() });
      const written = await db
        .insert(sopControls)
        .values({ sop, sentence, ...values })
        .onConflictDoUpdate({
          target: [sopControls.sop, sopControls.sentence],
          set: values,
          setWhere: isNull(sopControls.control),
        })
        .returning({ sop: sopControls.sop });
      return written.length === 1;
    },
  };
}
