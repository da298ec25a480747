/**
 * Does each of them though others fail, for a permission may be missing for one thing that is shown and not for another. The
 * first failure is thrown at the end, so that all of it is tried again.
 */
export async function attemptAll(parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
