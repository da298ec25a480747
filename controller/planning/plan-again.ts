import type { IntentState } from '../domain/intent.js';
import type { Store, Transaction } from '../ports/store.js';

/** States in which a change of the catalog or the SOPs may change the answer. */
const REPLANNED: readonly IntentState[] = ['question', 'refused', 'waiting', 'blocked', 'planned'];

/** Plans every intent of a repository again whose answer may differ now: those without a plan, and those whose plan is open. Returns how many. */
export async function planOpenAgain(store: Store, repository: string): Promise<number> {
  const affected = await store.intents.list({ states: REPLANNED, limit: 100_000 });
  const open = new Set((await store.plans.open(repository)).map((plan) => plan.intentId));
  const again = affected.filter(
    (intent) => intent.repository === repository && (intent.state !== 'planned' || open.has(intent.id)),
  );
  if (again.length === 0) return 0;
  await store.transaction(async (tx) => {
    for (const intent of again) await enqueuePlanning(tx, intent.id);
  });
  return again.length;
}

export async function enqueuePlanning(tx: Transaction, intent: string): Promise<void> {
  await tx.write.job({ task: 'plan-intent', id: intent, queue: null, runAt: null, priority: 0 });
}
