import { posix } from 'node:path';

/** A symbolic link in a tree: where it is, and what it points to, as committed. */
export interface Symlink {
  readonly path: string;
  readonly target: string;
}

const MAX_STEPS = 40;

/**
 * The links that lead out of the tree when they are followed as the kernel would (every "..", absolute targets, links
 * through other links, loops). A link to nothing inside the tree stays.
 */
export function linksLeavingTree(links: readonly Symlink[]): readonly string[] {
  const targets = new Map(links.map(({ path, target }) => [path, target]));
  return links.filter(({ path }) => leaves(path, targets)).map(({ path }) => path);
}

function leaves(path: string, targets: ReadonlyMap<string, string>): boolean {
  const rest = path.split('/');
  const at: string[] = [];
  let steps = 0;
  while (rest.length > 0) {
    const part = rest.shift();
    if (part === undefined || part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return true;
      continue;
    }
    at.push(part);
    const target = targets.get(at.join('/'));
    if (target === undefined) continue;
    if (posix.isAbsolute(target) || ++steps > MAX_STEPS) return true;
    at.pop();
    rest.unshift(...target.split('/'));
  }
  return false;
}
