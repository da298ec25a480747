import { INTENT_FOLDER, intentId, intentRevision } from '../domain/intent.js';
import { canonicalJson, sha256 } from '../domain/json.js';
import type { Problem } from '../domain/problem.js';
import type { IntentRecord } from '../domain/records.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { type CommittedFile, FileTooLarge, type GitOpsRepository } from '../ports/repositories.js';
import type { IntentIndexEntry, Store, Transaction } from '../ports/store.js';
import { parseIntent } from './documents/intent.js';
import { KnownIntents } from './known-intents.js';
import { enqueuePlanning, planOpenAgain } from './plan-again.js';
import { CATALOG_FILE, describeProblems, SOP_FOLDER } from './world.js';

const INTENT_LIMIT = 64 * 1024;

export interface IntakeNeeds {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/** Intents that are recorded in one transaction. */
const TAKEN_TOGETHER = 50;

interface Reading {
  /** null: not seen before. */
  readonly before: IntentRecord | null;
  readonly record: IntentRecord;
}

/**
 * Keeps the intent records in step with the files on the protected branch. What was read is remembered by blob id, so
 * that a look costs what changed, not what exists.
 */
export class Intake {
  private known: KnownIntents | null = null;
  private surroundings = '';

  constructor(
    private readonly needs: IntakeNeeds,
    private readonly repository: GitOpsRepository,
  ) {}

  /** Looks at the files of a commit and records what is new, changed or gone; planning follows as jobs. */
  async look(commit: string): Promise<void> {
    const known = await this.index();
    const files = (await this.repository.list(commit, INTENT_FOLDER)).filter((file) =>
      /\.ya?ml$/i.test(file.path),
    );
    const changed = files.filter((file) => known.get(file.path)?.blob !== blobOf(file));
    const stillThere = files.length - changed.filter((file) => known.get(file.path) === undefined).length;
    const gone = known.size > stillThere ? goneFrom(known, files) : [];
    const names = new Map(known.all().map(({ path, name }) => [path, name]));
    // First what is gone: a file that was renamed takes its intent's name along.
    for (const entry of gone) await this.withdraw(entry);
    await this.takeAll(changed, commit);
    await this.takeFreed(names, files, commit);
    await this.lookAround(commit);
  }

  /** Forgets what was read, so that the next look compares with the database again. */
  forget(): void {
    this.known = null;
  }

  private async index(): Promise<KnownIntents> {
    this.known ??= new KnownIntents(await this.needs.store.intents.index(this.repository.id));
    return this.known;
  }

  /** Files that were refused because another one had their intent's name, which it has no longer. */
  private async takeFreed(
    names: ReadonlyMap<string, string>,
    files: readonly CommittedFile[],
    commit: string,
  ): Promise<void> {
    const known = await this.index();
    const freed = new Set(
      [...names].filter(([path, name]) => known.get(path)?.name !== name).map(([, name]) => name),
    );
    if (freed.size === 0) return;
    const waiting = files.filter(({ path }) => {
      const entry = known.get(path);
      return entry?.state === 'broken' && freed.has(entry.name);
    });
    await this.takeAll(waiting, commit);
  }

  /** Many at a time: the first look at a large repository would otherwise wait for the disk at each one. */
  private async takeAll(files: readonly CommittedFile[], commit: string): Promise<void> {
    for (let from = 0; from < files.length; from += TAKEN_TOGETHER) {
      const readings: Reading[] = [];
      for (const file of files.slice(from, from + TAKEN_TOGETHER))
        readings.push(await this.readNext(file, commit));
      await this.needs.store.transaction(async (tx) => {
        for (const reading of readings) await this.write(tx, reading);
      });
      for (const { record } of readings) this.tell(record);
    }
  }

  private async readNext(file: CommittedFile, commit: string): Promise<Reading> {
    const known = await this.index();
    const id = intentId(this.repository.id, file.path);
    const before = await this.needs.store.intents.get(id);
    const record = nameTaken(known, file.path, await this.readIntent(file, commit, id, before));
    known.set({ id, path: file.path, name: record.name, blob: blobOf(file), state: record.state });
    return { before, record };
  }

  private async write(tx: Transaction, { before, record }: Reading): Promise<void> {
    const { id, blob, commit } = record;
    // Planning of the revision before may be under way: what it writes is waited for, and its plan is not forgotten.
    if (before !== null) await tx.write.patchIntent(id, { blob, commit });
    const same = before !== null && before.revision !== null && before.revision === record.revision;
    // Planning passes over an intent whose file has changed: it relies on being asked again here.
    if (same && before.state !== 'withdrawn') return enqueuePlanning(tx, id);
    const planDigest = before === null ? null : ((await tx.intents.get(id))?.planDigest ?? null);
    await tx.write.intent({ ...record, planDigest });
    await audit(tx, this.repository, record, before === null ? 'intent.read' : 'intent.changed');
    if (before !== null || record.state === 'pending') await enqueuePlanning(tx, id);
  }

  private tell({ name, path, state, detail }: IntentRecord): void {
    this.needs.log.info({ intent: name, path, state, detail }, 'read intent');
  }

  private async readIntent(
    file: CommittedFile,
    commit: string,
    id: string,
    before: IntentRecord | null,
  ): Promise<IntentRecord> {
    const base = {
      id,
      repository: this.repository.id,
      path: file.path,
      blob: blobOf(file),
      commit,
      planDigest: before?.planDigest ?? null,
      checkAt: null,
      updatedAt: this.needs.clock.now(),
    };
    const parsed = parseIntent({ path: file.path, kind: file.kind, bytes: await this.bytes(file) });
    if (!parsed.ok) {
      const name = before?.name ?? file.path.replace(/^.*\//, '').replace(/\.ya?ml$/i, '');
      return {
        ...base,
        name,
        revision: null,
        document: null,
        state: 'broken',
        detail: describeProblems(parsed.problems),
      };
    }
    const { document } = parsed;
    const state = document.spec.suspend ? 'suspended' : 'pending';
    return { ...base, name: document.name, revision: intentRevision(document), document, state, detail: [] };
  }

  /** One byte over the limit is enough for the parser to say that it is too large. */
  private async bytes(file: CommittedFile): Promise<Buffer> {
    if (file.kind !== 'file') return Buffer.alloc(0);
    try {
      return await this.repository.read(file.oid, INTENT_LIMIT);
    } catch (error) {
      if (error instanceof FileTooLarge) return Buffer.alloc(INTENT_LIMIT + 1, 0x20);
      throw error;
    }
  }

  private async withdraw(entry: IntentIndexEntry): Promise<void> {
    await this.needs.store.transaction(async (tx) => {
      await tx.write.patchIntent(entry.id, {
        state: 'withdrawn',
        detail: [`${entry.path} was deleted`],
        checkAt: null,
        updatedAt: this.needs.clock.now(),
      });
      await tx.write.audit({
        actor: 'controller',
        action: 'intent.withdrawn',
        subject: `intent:${entry.name}`,
        digest: null,
        reason: `${entry.path} was deleted from ${this.repository.branch}`,
        data: { repository: this.repository.id },
      });
      await enqueuePlanning(tx, entry.id);
    });
    (await this.index()).delete(entry.path);
    this.needs.log.info({ intent: entry.name, path: entry.path }, 'intent withdrawn');
  }

  /** When catalog or SOPs changed, every intent whose answer may differ is planned again. */
  private async lookAround(commit: string): Promise<void> {
    const catalog = await this.repository.entry(commit, CATALOG_FILE);
    const { files } = await this.repository.walk(commit, SOP_FOLDER);
    const surroundings = sha256(canonicalJson([catalog?.oid ?? null, files]));
    if (surroundings === this.surroundings) return;
    this.surroundings = surroundings;
    const { store } = this.needs;
    const id = this.repository.id;
    await store.transaction((tx) =>
      tx.write.job({ task: 'learn-sops', id, queue: null, runAt: null, priority: 5 }),
    );
    const again = await planOpenAgain(store, id);
    if (again === 0) return;
    this.needs.log.info({ intents: again }, 'catalog or SOPs changed: planning open intents again');
  }
}

/** A symlink and a file may share a blob: what counts as unchanged includes the kind. */
function blobOf(file: CommittedFile): string {
  return file.kind === 'file' ? file.oid : `${file.kind}:${file.oid}`;
}

function goneFrom(known: KnownIntents, files: readonly CommittedFile[]): readonly IntentIndexEntry[] {
  const present = new Set(files.map((file) => file.path));
  return known.all().filter((entry) => !present.has(entry.path));
}

/** Two files must not claim one name: the one that was there first keeps it. */
function nameTaken(known: KnownIntents, path: string, record: IntentRecord): IntentRecord {
  const owner = record.state === 'broken' ? null : known.otherOwner(record.name, path);
  if (owner === null) return record;
  const problem: Problem = {
    file: path,
    line: null,
    field: 'metadata.name',
    message: `The name "${record.name}" is taken by ${owner}`,
    fix: 'Give this intent a name of its own',
  };
  return { ...record, revision: null, document: null, state: 'broken', detail: describeProblems([problem]) };
}

async function audit(
  tx: Transaction,
  repository: GitOpsRepository,
  record: IntentRecord,
  action: string,
): Promise<void> {
  const { author } = await repository.commit(record.commit);
  await tx.write.audit({
    actor: `git:${author.name}`,
    action,
    subject: `intent:${record.name}`,
    digest: record.revision,
    reason: record.detail.join(' ') || `${record.path} at ${record.commit.slice(0, 12)}`,
    data: { repository: repository.id, path: record.path, commit: record.commit, state: record.state },
  });
}
