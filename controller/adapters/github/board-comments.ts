import { cut } from '../../domain/cut.js';
import type { ForgeBoard, LineReport } from '../../ports/forge-board.js';
import type { BoardOptions } from './board.js';
import { once, oneLine } from './board-notes.js';
import { hasStatus } from './failures.js';

/** First line of each comment of ours, by which it is found again. */
export const COMMENT_MARKER = '<!-- commander:status -->';
const COMMENT_LIMIT = 60_000;
const TITLE_LIMIT = 250;
const ISSUE_MARKER = /^<!-- commander:issue (\S+) -->/;

type Comments = Pick<ForgeBoard, 'comment' | 'issue' | 'react'> & {
  /** The one comment of ours on a commit. */
  onCommit(key: string, report: Pick<LineReport, 'commit' | 'summary'>): Promise<void>;
};

export function createComments({ client, notes }: BoardOptions): Comments {
  const at = { owner: client.owner, repo: client.repo };

  /** Made by us before, and not remembered: we were stopped in between, or the answer was lost. */
  async function findComment(pull: number): Promise<number | null> {
    const octokit = await client.octokit();
    const { login } = await client.actor();
    const asked = { ...at, issue_number: pull, per_page: 100 };
    const comments = await octokit.paginate(octokit.rest.issues.listComments, asked);
    const ours = comments.filter(
      ({ body, user }) => user?.login === login && (body ?? '').startsWith(COMMENT_MARKER),
    );
    return ours[0]?.id ?? null;
  }

  async function edit(comment_id: number, body: string): Promise<boolean> {
    const { issues } = await client.rest();
    return isThere(issues.updateComment({ ...at, comment_id, body }));
  }

  async function findOnCommit(commit_sha: string): Promise<number | null> {
    const octokit = await client.octokit();
    const { login } = await client.actor();
    const asked = { ...at, commit_sha, per_page: 100 };
    const there = await octokit.paginate(octokit.rest.repos.listCommentsForCommit, asked);
    const ours = there.find(({ body, user }) => user?.login === login && body.startsWith(COMMENT_MARKER));
    return ours?.id ?? null;
  }

  async function findIssue(key: string, label: string): Promise<number | null> {
    const octokit = await client.octokit();
    const { login } = await client.actor();
    const asked = { ...at, labels: label, state: 'all' as const, per_page: 100 };
    const issues = await octokit.paginate(octokit.rest.issues.listForRepo, asked);
    const ours = issues.find(
      ({ body, user, pull_request }) =>
        pull_request === undefined && user?.login === login && ISSUE_MARKER.exec(body ?? '')?.[1] === key,
    );
    return ours?.number ?? null;
  }

  return {
    onCommit: async (key, { commit, summary }) => {
      const body = `${COMMENT_MARKER}\n${cut(summary, COMMENT_LIMIT)}`;
      await once(notes, key, body, async (known) => {
        const { repos } = await client.rest();
        const there = known === null ? await findOnCommit(commit) : Number(known);
        if (there !== null && (await isThere(repos.updateCommitComment({ ...at, comment_id: there, body }))))
          return String(there);
        return String((await repos.createCommitComment({ ...at, commit_sha: commit, body })).data.id);
      });
    },
    comment: async (pull, text) => {
      const body = `${COMMENT_MARKER}\n${cut(text, COMMENT_LIMIT)}`;
      await once(notes, `comment:${pull}`, body, async (known) => {
        const there = known === null ? await findComment(pull) : Number(known);
        if (there !== null && (await edit(there, body))) return String(there);
        const { data } = await (await client.rest()).issues.createComment({
          ...at,
          issue_number: pull,
          body,
        });
        return String(data.id);
      });
    },
    issue: async (key, title, text, label) => {
      const known = (await notes.get(`issue:${key}`)) ?? null;
      if (known !== null) return Number(known.remoteId);
      const there = await findIssue(key, label);
      const { issues } = await client.rest();
      const body = `<!-- commander:issue ${key} -->\n${cut(text, COMMENT_LIMIT)}`;
      const number =
        there ??
        (await issues.create({ ...at, title: oneLine(title, TITLE_LIMIT), body, labels: [label] })).data
          .number;
      await notes.put(`issue:${key}`, { remoteId: String(number), content: '' });
      return number;
    },
    react: async (comment_id, content) => {
      const { reactions } = await client.rest();
      await reactions.createForIssueComment({ ...at, comment_id, content }).catch((error: unknown) => {
        // The comment was deleted meanwhile, or the pull request is locked.
        if (!hasStatus(error, 403, 404)) throw error;
      });
    },
  };
}

/** false when what was to be changed has been deleted. */
async function isThere(change: Promise<unknown>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}
