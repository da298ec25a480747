import type { CommitInfo } from '../../ports/repositories.js';

export interface Commit extends CommitInfo {
  readonly tree: string;
}

/** Reads a commit object (git's gitformat-commit): header lines, an empty line, the message. */
export function parseCommit(oid: string, content: Buffer): Commit {
  const text = content.toString('utf8');
  const gap = text.indexOf('\n\n');
  const header = gap < 0 ? text : text.slice(0, gap);
  const lines = header.split('\n');
  const tree = lines.find((line) => line.startsWith('tree '))?.slice(5);
  if (tree === undefined) throw new Error(`Commit ${oid} is damaged: it has no tree.`);
  const author = person(lines.find((line) => line.startsWith('author ')) ?? '');
  const committer = person(lines.find((line) => line.startsWith('committer ')) ?? '');
  return {
    oid,
    tree,
    parents: lines.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)),
    message: gap < 0 ? '' : text.slice(gap + 2),
    author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
    committedAt: new Date(committer.seconds * 1000).toISOString(),
  };
}

function person(line: string): { name: string; email: string; seconds: number } {
  const match = /^\w+ (.*?) ?<([^<>]*)> (\d{1,12})/.exec(line);
  return { name: match?.[1] ?? '', email: match?.[2] ?? '', seconds: Number(match?.[3] ?? 0) };
}
