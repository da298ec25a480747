const REMEMBERED = 1000;

/** What `make` made for a key before; for keys that name their content, such as blob ids. Forgets all when there are too many. */
export async function remember<T>(known: Map<string, T>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = await make();
  if (known.size >= REMEMBERED) known.clear();
  known.set(key, made);
  return made;
}
