import type { CommitInfo } from '../../ports/repositories.js';
import { BoundedMap } from './bounded-map.js';
import { assertOid } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';
import type { Snapshots } from './snapshots.js';

/** Commits that are looked at here; beyond them git itself is asked, which is faster over long distances. */
const NEAR = 64;
const NEAR_REACHABLE = 256;

export interface History {
  contains(commit: string, ancestor: string): Promise<boolean>;
  introducedBy(head: string, path: string): Promise<CommitInfo | null>;
}

export function createHistory(git: GitProgram, gitDir: string, snapshots: Snapshots): History {
  const answers = new BoundedMap<string, boolean>(4096);
  /** Per ancestor, the last commit known not to contain it: a walk need not go past that one. */
  const without = new BoundedMap<string, string>(4096);

  /** true, false, or null when it is too far away to tell. */
  async function nearby(commit: string, ancestor: string): Promise<boolean | null> {
    const barren = without.get(ancestor);
    const queue = [commit];
    const seen = new Set(queue);
    for (let index = 0; index < queue.length; index++) {
      const at = queue[index] ?? '';
      if (at === ancestor) return true;
      if (at === barren) continue;
      if (index >= NEAR_REACHABLE) return null;
      for (const parent of (await snapshots.commit(at)).parents) {
        if (seen.has(parent)) continue;
        seen.add(parent);
        queue.push(parent);
      }
    }
    return false;
  }

  async function isAncestor(ancestor: string, commit: string): Promise<boolean> {
    try {
      await git.run([`--git-dir=${gitDir}`, 'merge-base', '--is-ancestor', ancestor, commit]);
      return true;
    } catch (error) {
      if (error instanceof GitFailed && error.exitCode === 1) return false;
      throw error;
    }
  }

  return {
    async contains(commit, ancestor) {
      const key = `${assertOid(commit)} ${assertOid(ancestor)}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      await snapshots.commit(ancestor);
      const answer = (await nearby(commit, ancestor)) ?? (await isAncestor(ancestor, commit));
      answers.set(key, answer);
      if (!answer) without.set(ancestor, commit);
      return answer;
    },
    async introducedBy(head, path) {
      const present = await snapshots.entry(head, path);
      if (present === null) return null;
      let at = await snapshots.commit(head);
      for (let step = 0; step < NEAR; step++) {
        const first = at.parents[0];
        if (first === undefined) return at;
        const before = await snapshots.entry(first, path);
        if (before === null || before.oid !== present.oid || before.kind !== present.kind) return at;
        at = await snapshots.commit(first);
      }
      const args = ['log', '--first-parent', '-1', '--format=%H', at.oid, '--', `:(top,literal)${path}`];
      const found = (await git.run([`--git-dir=${gitDir}`, ...args])).toString('utf8').trim();
      return found === '' ? null : snapshots.commit(assertOid(found));
    },
  };
}
