import { releaseOf } from './release-number.js';

const MOST = 5;

/** The tags whose numbers are closest to the one asked for, closest first. */
export function nearVersions(tags: readonly string[], asked: string): readonly string[] {
  const wanted = releaseOf(asked);
  if (wanted === null) return nearNames(tags, asked);
  const measured = tags.flatMap((tag) => {
    const release = releaseOf(tag);
    if (release === null) return [];
    const steps = [
      Math.abs(release.major - wanted.major),
      Math.abs(release.minor - wanted.minor),
      Math.abs(release.patch - wanted.patch),
      editDistance(release.prerelease.join('.'), wanted.prerelease.join('.')),
    ];
    return [{ tag, steps }];
  });
  measured.sort((left, right) => compareSteps(left.steps, right.steps));
  return measured.slice(0, MOST).map(({ tag }) => tag);
}

function compareSteps(left: readonly number[], right: readonly number[]): number {
  for (const [index, step] of left.entries()) {
    const difference = step - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The names that are a typing error or two away, closest first. */
export function nearNames(names: readonly string[], asked: string): readonly string[] {
  const wanted = asked.slice(0, 100).toLowerCase();
  const most = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .slice(0, 5000)
    .map((name) => ({ name, distance: nameDistance(name.slice(0, 100).toLowerCase(), wanted) }))
    .filter(({ distance }) => distance <= most)
    .sort((left, right) => left.distance - right.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

function nameDistance(name: string, wanted: string): number {
  return name.length > 2 && wanted.length > 2 && (name.includes(wanted) || wanted.includes(name))
    ? 1
    : editDistance(name, wanted);
}

/** Levenshtein distance, in one row. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const swap = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
