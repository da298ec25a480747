import { FileTooLarge, type GitOpsRepository } from './repositories.js';

/** Is there, at a commit, a file that is exactly this text? */
export async function hasFile(
  repository: Pick<GitOpsRepository, 'entry' | 'read'>,
  commit: string,
  path: string,
  text: string,
): Promise<boolean> {
  const entry = await repository.entry(commit, path);
  if (entry?.kind !== 'file') return false;
  const expected = Buffer.from(text);
  try {
    return expected.equals(await repository.read(entry.oid, expected.length));
  } catch (error) {
    if (error instanceof FileTooLarge) return false;
    throw error;
  }
}
