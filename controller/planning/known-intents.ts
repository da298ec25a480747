import type { IntentIndexEntry } from '../ports/store.js';

/** What was read of a repository's intent files, by path, and whose each name is. */
export class KnownIntents {
  private readonly entries = new Map<string, IntentIndexEntry>();
  /** Path of the file that is not broken, by the name of its intent. */
  private readonly owners = new Map<string, string>();

  constructor(entries: readonly IntentIndexEntry[]) {
    for (const entry of entries) this.set(entry);
  }

  get size(): number {
    return this.entries.size;
  }

  get(path: string): IntentIndexEntry | undefined {
    return this.entries.get(path);
  }

  all(): readonly IntentIndexEntry[] {
    return [...this.entries.values()];
  }

  /** The file that has a name already, if it is another one than `path`. */
  otherOwner(name: string, path: string): string | null {
    const owner = this.owners.get(name);
    return owner === undefined || owner === path ? null : owner;
  }

  set(entry: IntentIndexEntry): void {
    this.delete(entry.path);
    this.entries.set(entry.path, entry);
    if (entry.state !== 'broken') this.owners.set(entry.name, entry.path);
  }

  delete(path: string): void {
    const entry = this.entries.get(path);
    if (entry !== undefined && this.owners.get(entry.name) === path) this.owners.delete(entry.name);
    this.entries.delete(path);
  }
}
