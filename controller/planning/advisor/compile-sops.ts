import type { Sop } from '../../domain/sop.js';
import type { Log } from '../../ports/log.js';
import type { Model } from '../../ports/model.js';
import type { SopControls } from '../../ports/sop-controls.js';
import type { Store } from '../../ports/store.js';
import type { World } from '../world.js';
import { type Compiled, compileWithModel } from './compile.js';

export interface CompileSopsNeeds {
  readonly store: Pick<Store, 'transaction'>;
  readonly records: SopControls;
  /** null: none is configured, and nothing is compiled. */
  readonly model: Model | null;
  readonly log: Log;
}

export interface CompiledSops {
  /** New controls were stored: plans to which those SOPs apply are stale. */
  readonly changed: boolean;
  /** To be called again: there are more sentences, or the model was away. */
  readonly again: boolean;
}

/** Brings what is stored of a repository's SOPs up to date. Repeating it asks nothing twice; safe to run twice at once. */
export async function compileSops(
  needs: CompileSopsNeeds,
  repository: string,
  { sops, catalog }: Pick<World, 'sops' | 'catalog'>,
  signal: AbortSignal,
): Promise<CompiledSops> {
  const { model, records, log } = needs;
  if (model === null || sops.every((sop) => sop.advice.length === 0)) return { changed: false, again: false };
  const compiled = await compileWithModel({ model, records, catalog, log }, sops, signal);
  if (compiled.made.length > 0) await audit(needs.store, repository, compiled.made);
  return { changed: compiled.made.length > 0, again: compiled.left > 0 };
}

async function audit(
  store: Pick<Store, 'transaction'>,
  repository: string,
  made: Compiled['made'],
): Promise<void> {
  await store.transaction(async (tx) => {
    for (const { sop, sentence, record } of made) {
      await tx.write.audit({
        actor: `model:${record.model}`,
        action: 'sop.control-made',
        subject: `sop:${sop.id}`,
        digest: null,
        reason: `"${sentence}" is checked as ${record.control?.kind ?? 'nothing'}`,
        data: { repository, path: sop.path, sop: sop.digest, control: plain(record.control) },
      });
    }
  });
}

function plain(control: Sop['controls'][number] | null): string {
  return JSON.stringify(control);
}
