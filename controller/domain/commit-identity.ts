export interface CommitIdentity {
  readonly name: string;
  readonly email: string;
}

/** Did an identity, and nobody else, write a commit? A person who amends or rebases ours is its committer. */
export function isWrittenBy(
  commit: { readonly author: CommitIdentity; readonly committer: CommitIdentity },
  { name, email }: CommitIdentity,
): boolean {
  return [commit.author, commit.committer].every((who) => who.name === name && who.email === email);
}
