import { type Commit, commitOf } from './objects.js';
import { pullCommits } from './pull-commits.js';
import type { PullIssue, Repository } from './state.js';
import { emailOf } from './world.js';

/** The message of a merge commit, as GitHub words it unless told otherwise. */
export function mergeMessage(issue: PullIssue, title: string | undefined, body: string | undefined): string {
  const { headOwner, headRef } = issue.pull;
  const first = title ?? `Merge pull request #${issue.number} from ${headOwner.login}/${headRef}`;
  return joined(first, body ?? issue.title);
}

/** The message of a squashed commit: that of the only commit, or the title and the list of messages. */
export async function squashMessage(
  repository: Repository,
  issue: PullIssue,
  title: string | undefined,
  body: string | undefined,
): Promise<string> {
  const shas = await pullCommits(repository, issue.pull);
  const commits = await Promise.all(shas.map((sha) => commitOf(repository, sha)));
  const only = commits.length === 1 ? commits[0] : undefined;
  const [subject = '', ...rest] = only?.message.split('\n') ?? [];
  const first = title ?? `${only === undefined ? issue.title : subject} (#${issue.number})`;
  if (body !== undefined) return joined(first, body);
  const listed = commits.map((commit) => `* ${commit.message}`).join('\n\n');
  const text = only === undefined ? listed : rest.join('\n').trim();
  return joined(first, [text, coAuthors(issue, commits)].filter((part) => part !== '').join('\n\n'));
}

function coAuthors(issue: PullIssue, commits: readonly Commit[]): string {
  const own = emailOf(issue.user).toLowerCase();
  const others = commits.filter((commit) => commit.author.email.toLowerCase() !== own);
  const lines = others.map((commit) => `Co-authored-by: ${commit.author.name} <${commit.author.email}>`);
  return [...new Set(lines)].join('\n');
}

function joined(title: string, body: string): string {
  return body === '' ? title : `${title}\n\n${body}`;
}
