const LONGEST_NAME = 64;

/** The names that are most like `wanted`, nearest first. */
export function nearestNames(wanted: string, names: readonly string[], most: number): readonly string[] {
  return names
    .map((name) => ({
      name,
      distance: editDistance(wanted.slice(0, LONGEST_NAME), name.slice(0, LONGEST_NAME)),
    }))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, most)
    .map(({ name }) => name.slice(0, 100));
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
