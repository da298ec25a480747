import { FileTooLarge, type GitOpsRepository } from '../ports/repositories.js';
import { type ApprovalNeeds, NEVER_RUN } from './needs.js';

const PLAN_FOLDER = 'plans';
const PLAN_FILE_LIMIT = 1024 * 1024;

/** A plan file on the protected branch that is no approval of anything: never run, and said why. */
export interface StrayPlan {
  readonly path: string;
  readonly blob: string;
  readonly reason: string;
}

/**
 * Notices plan files on the protected branch that did not come in through a proposal: pushed by hand, or edited after the merge.
 * They are never run; this only says so, once for each content.
 */
export class StrayPlans {
  private readonly seen = new Map<string, { readonly blob: string; readonly stray: StrayPlan | null }>();

  constructor(
    private readonly needs: Pick<ApprovalNeeds, 'store' | 'log'>,
    private readonly repository: GitOpsRepository,
  ) {}

  list(): readonly StrayPlan[] {
    return [...this.seen.values()].flatMap((entry) => (entry.stray === null ? [] : [entry.stray]));
  }

  async look(commit: string): Promise<void> {
    const files = await this.repository.list(commit, PLAN_FOLDER);
    const present = new Set(files.map((file) => file.path));
    for (const path of this.seen.keys()) if (!present.has(path)) this.seen.delete(path);
    for (const file of files) {
      if (this.seen.get(file.path)?.blob === file.oid) continue;
      const reason =
        file.kind === 'file' ? await this.strayReason(file.path, file.oid) : `it is a ${file.kind}`;
      const stray = reason === null ? null : { path: file.path, blob: file.oid, reason };
      this.seen.set(file.path, { blob: file.oid, stray });
      if (stray !== null) await this.tell(stray, commit);
    }
  }

  /** null when the file is exactly a plan that was proposed, and that runs, ran or is open. */
  private async strayReason(path: string, blob: string): Promise<string | null> {
    const text = await this.textOf(blob);
    if (text === null) return `it is not a plan: it is larger than ${PLAN_FILE_LIMIT} bytes`;
    const digest = /^digest: ["']?(sha256:[0-9a-f]{64})["']?\s*$/m.exec(text)?.[1] ?? null;
    if (digest === null) return 'it is not a plan: it has no digest';
    const known = await this.needs.store.plans.get(digest);
    if (known === null) return `no proposal carried a plan with the digest ${digest}`;
    if (known.path !== path) return `the plan with its digest belongs to ${known.path}`;
    if (known.file === text)
      return NEVER_RUN.includes(known.status) ? `its plan is ${known.status}: ${known.statusReason}` : null;
    return `it was edited by hand: its content is not what its digest ${digest.slice(0, 19)}… stands for`;
  }

  /** null when the file is larger than any plan. */
  private async textOf(blob: string): Promise<string | null> {
    try {
      return (await this.repository.read(blob, PLAN_FILE_LIMIT)).toString('utf8');
    } catch (error) {
      if (error instanceof FileTooLarge) return null;
      throw error;
    }
  }

  private async tell(stray: StrayPlan, commit: string): Promise<void> {
    const subject = `file:${stray.path}`;
    const told = await this.needs.store.audit.about(subject, 1000);
    if (told.some((entry) => entry.data.blob === stray.blob)) return;
    const { author } = await this.repository.commit(commit);
    const reason = `${stray.path} is not executed: ${stray.reason}`;
    this.needs.log.warn(
      { path: stray.path, commit, reason: stray.reason },
      'plan file on the protected branch is not executed',
    );
    await this.needs.store.transaction((tx) =>
      tx.write.audit({
        actor: `git:${author.name}`,
        action: 'plan-file.refused',
        subject,
        digest: null,
        reason,
        data: { blob: stray.blob, commit, repository: this.repository.id },
      }),
    );
  }
}
