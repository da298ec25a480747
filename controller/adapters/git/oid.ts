const OID = /^[0-9a-f]{40}$/;

export const ZERO_OID = '0'.repeat(40);

export function isOid(text: string): boolean {
  return OID.test(text);
}

/** Nothing but a full object id ever reaches git in the place of one. */
export function assertOid(text: string): string {
  if (!isOid(text))
    throw new TypeError(`Not a git object id (40 hex digits): ${JSON.stringify(text.slice(0, 80))}`);
  return text;
}

/** The part of git's rules for branch names that keeps a name inside refs/heads (git-check-ref-format). */
export function isBranchName(name: string): boolean {
  if (name === '' || name.length > 250 || /[\u0000-\u0020\u007f~^:?*[\\]/.test(name)) return false;
  if (name.includes('..') || name.includes('@{') || name.endsWith('.') || name === '@') return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/** `refs/heads/<name>`; throws for what git would not take as a branch name. */
export function branchRef(name: string): string {
  if (!isBranchName(name)) throw new TypeError(`Not a branch name: ${JSON.stringify(name.slice(0, 80))}`);
  return `refs/heads/${name}`;
}
