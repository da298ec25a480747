import type { Signature } from '../../ports/repositories.js';
import { isOid } from './oid.js';
import { GitFailed, type GitProgram } from './program.js';

const BLOCK = /^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$/m;

/**
 * Is a signature on the annotated tag `ref` that stands for the commit, or on the commit itself? Where git keeps them:
 * https://git-scm.com/docs/gitformat-signature. Nothing is verified: there are no keys here.
 */
export async function readSignature(
  git: GitProgram,
  gitDir: string,
  ref: string,
  commit: string,
): Promise<Signature> {
  if (!isOid(commit)) return 'unknown';
  const tag = await object(git, gitDir, 'tag', `refs/tags/${ref}`);
  if (tag?.startsWith(`object ${commit}\n`) === true && BLOCK.test(tag)) return 'present';
  const content = await object(git, gitDir, 'commit', commit);
  if (content === null) return 'unknown';
  const header = content.slice(0, content.indexOf('\n\n') + 1);
  return /^gpgsig(?:-sha256)? /m.test(header) ? 'present' : 'none';
}

/** null: there is no such object of this type. */
async function object(
  git: GitProgram,
  gitDir: string,
  type: 'tag' | 'commit',
  name: string,
): Promise<string | null> {
  try {
    return (await git.run([`--git-dir=${gitDir}`, 'cat-file', type, name])).toString('utf8');
  } catch (error) {
    if (error instanceof GitFailed) return null;
    throw error;
  }
}
