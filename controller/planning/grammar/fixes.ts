import type { Token } from './token.js';

/** "the token refresh fix", "the login page change": a thing that was made, not a thing to be changed. */
export function isFixOf(tokens: readonly Token[], at: number): boolean {
  if (/-(?:hot)?(?:fix|fixes|patch|feature|branch|release|bug|page)$/.test(tokens[at]?.text ?? ''))
    return true;
  for (let step = 1; step <= 3; step += 1) {
    const token = tokens[at + step];
    if (token === undefined || token.kind !== 'word') return false;
    if (
      [
        'fix',
        'fixes',
        'bug',
        'bugs',
        'bugfix',
        'hotfix',
        'patch',
        'change',
        'changes',
        'page',
        'feature',
        'improvement',
        'improvements',
        'work',
        'refactor',
        'refactoring',
        'support',
        'release',
        'version',
        'update',
        'issue',
        'regression',
        'bugfixes',
        'button',
        'screen',
        'endpoint',
        'form',
      ].includes(token.text)
    )
      return true;
  }
  return false;
}
