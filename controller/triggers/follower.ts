import { type FSWatcher, watch } from 'chokidar';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';
import { limitTime } from '../ports/time-limit.js';

/** What a look at a repository does; each is safe to repeat. */
export interface FollowerNeeds {
  readonly repository: GitOpsRepository;
  readonly intake: { look(commit: string): Promise<void>; forget(): void };
  readonly settlePlan: (digest: string) => Promise<void>;
  readonly strayPlans: { look(commit: string): Promise<void> };
  /** What is wrong at a commit with the catalog and the SOPs, each with its file and line. */
  readonly problemsAt: (commit: string) => Promise<readonly string[]>;
  /** Looks at what happens on a forge besides the branch; tells whether a plan waits there. null: there is only the repository. */
  readonly lookAtForge: (() => Promise<boolean>) | null;
  /** After looks that failed, one did not. */
  readonly recovered: () => Promise<void>;
  readonly store: Store;
  readonly pollSeconds: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface FollowerState {
  /** Protected-branch commit of the last complete look; null before the first. */
  readonly head: string | null;
  readonly lookedAt: Date | null;
  /** Why the last look failed; null when it did not. */
  readonly problem: string | null;
  /** What is wrong with the catalog and the SOPs of `head`. */
  readonly fileProblems: readonly string[];
}

const PLAN_FOLDER = 'plans';
const REFRESH_LIMIT_MS = 60_000;
/** While people are about to approve something on a forge, it is looked at this much more often. */
const SOONER = 3;
const SHORTEST_MS = 1000;

/**
 * Follows one repository. A file event, a poll and a request all say the same: look again. Looks never overlap; an event during a
 * look causes one more.
 */
export class Follower {
  private wanted = false;
  private looking: Promise<void> | null = null;
  private watcher: FSWatcher | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private waiting = false;
  private head: string | null = null;
  private branchesAt = 0;
  private plans: ReadonlyMap<string, string> = new Map();
  private lookedAt: Date | null = null;
  private problem: string | null = null;
  private fileProblems: readonly string[] = [];

  constructor(
    private readonly needs: FollowerNeeds,
    private readonly signal: AbortSignal,
  ) {}

  /** Follows until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    this.start();
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await this.stop();
  }

  private start(): void {
    this.stopped = false;
    const paths = this.needs.repository.watchPaths();
    if (paths.length > 0) {
      this.watcher = watch([...paths], { ignoreInitial: true, depth: 3 });
      this.watcher.on('all', () => void this.look());
      // A few milliseconds sooner, and chokidar keeps a second change within 50 ms to itself; a look at nothing new costs little.
      this.watcher.on('raw', () => void this.look());
      // What moved before it saw anything would wait for the poll.
      this.watcher.on('ready', () => void this.look());
      this.watcher.on('error', (error) =>
        this.needs.log.warn({ error: String(error) }, 'file watching failed; the poll goes on'),
      );
    }
    this.poll();
  }

  /** Asks on until it is stopped; the next time follows from what was seen. */
  private poll(): void {
    this.timer = null;
    void this.look().finally(() => {
      if (this.stopped) return;
      const usual = this.needs.pollSeconds * 1000;
      const pause = this.waiting ? Math.min(usual, Math.max(SHORTEST_MS, usual / SOONER)) : usual;
      this.timer = setTimeout(() => this.poll(), pause);
    });
  }

  private async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.watcher?.close();
    await this.looking;
  }

  state(): FollowerState {
    return {
      head: this.head,
      lookedAt: this.lookedAt,
      problem: this.problem,
      fileProblems: this.fileProblems,
    };
  }

  /** Looks now; returns when a look that began after the call is done. */
  async look(): Promise<void> {
    this.wanted = true;
    this.looking ??= this.drain();
    await this.looking;
    if (this.wanted && !this.signal.aborted) await this.look();
  }

  private async drain(): Promise<void> {
    try {
      while (this.wanted && !this.signal.aborted) {
        this.wanted = false;
        await this.once();
      }
    } finally {
      this.looking = null;
    }
  }

  private async once(): Promise<void> {
    const { repository, log } = this.needs;
    try {
      await limitTime(REFRESH_LIMIT_MS, this.signal, (limit) => repository.refresh(limit));
      const head = await repository.head();
      if (head === null)
        throw new Error(`${repository.id} has no branch ${repository.branch} yet: commit something to it`);
      if (head !== this.head) {
        await this.settleMerged(head);
        await this.needs.intake.look(head);
        await this.needs.strayPlans.look(head);
        await this.lookAtFiles(head);
        this.head = head;
      }
      if (this.needs.lookAtForge === null) await this.lookAtBranches();
      else this.waiting = await this.needs.lookAtForge();
      this.lookedAt = this.needs.clock.now();
      if (this.problem !== null) await this.needs.recovered();
      this.problem = null;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.problem)
        log.error({ repository: repository.id, error: message }, 'cannot look at the repository');
      this.problem = message;
      this.needs.intake.forget();
    }
  }

  /** The merge first: it is what somebody waits for. Only plans whose file changed are looked at. */
  private async settleMerged(head: string): Promise<void> {
    const files = new Map(
      (await this.needs.repository.list(head, PLAN_FOLDER)).map((file) => [file.path, file.oid]),
    );
    const changed = new Set(
      [...files].filter(([path, oid]) => this.plans.get(path) !== oid).map(([path]) => path),
    );
    if (changed.size === 0) return;
    const open = await this.needs.store.plans.open(this.needs.repository.id);
    for (const plan of open) if (changed.has(plan.path)) await this.settle(plan.digest);
    this.plans = files;
  }

  /** A catalog or an SOP that cannot be read is told on itself; what it would have said does not count. */
  private async lookAtFiles(head: string): Promise<void> {
    const problems = await this.needs.problemsAt(head);
    for (const problem of problems) {
      if (this.fileProblems.includes(problem)) continue;
      this.needs.log.warn(
        { repository: this.needs.repository.id, commit: head, problem },
        'problem in the repository',
      );
    }
    this.fileProblems = problems;
  }

  /** Our branches may have been edited or deleted by people: looked at with every poll, not with every file event. */
  private async lookAtBranches(): Promise<void> {
    const { repository, store, clock, pollSeconds } = this.needs;
    const now = clock.now().getTime();
    if (now - this.branchesAt < pollSeconds * 900) return;
    this.branchesAt = now;
    const branches = new Map<string, string | null>();
    for (const branch of await repository.branches('commander/'))
      branches.set(branch, await repository.head(branch));
    for (const { digest, proposal, createdAt } of await store.plans.open(repository.id)) {
      // A new plan's own job is about to propose it.
      if (proposal === null && now - createdAt.getTime() < pollSeconds * 2000) continue;
      if (proposal === null || branches.get(proposal.branch) !== proposal.head) await this.settle(digest);
    }
  }

  private async settle(digest: string): Promise<void> {
    try {
      await this.needs.settlePlan(digest);
    } catch (error) {
      this.needs.log.error(
        { plan: digest, error: error instanceof Error ? error.message : String(error) },
        'cannot settle plan; tried again',
      );
      await this.needs.store.transaction((tx) =>
        tx.write.job({ task: 'settle-plan', id: digest, queue: null, runAt: null, priority: 0 }),
      );
    }
  }
}
