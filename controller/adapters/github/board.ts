import { cut } from '../../domain/cut.js';
import type { CommitStatus, ForgeBoard, ForgeNotes, LineReport } from '../../ports/forge-board.js';
import { createComments } from './board-comments.js';
import { createDeployments } from './board-deployments.js';
import { once, oneLine } from './board-notes.js';
import type { GitHubClient } from './client.js';
import { hasStatus } from './failures.js';
import { mergedPullsOf } from './merged-pulls.js';

export interface BoardOptions {
  readonly client: GitHubClient;
  readonly notes: ForgeNotes;
  /** Address of the repository for people, without a trailing slash. */
  readonly webUrl: string;
}

/** GitHub's limits: https://docs.github.com/en/rest/commits/statuses and https://docs.github.com/en/rest/checks/runs */
const DESCRIPTION_LIMIT = 140;
const ANNOTATION_LIMIT = 50;
const SUMMARY_LIMIT = 60_000;

/** What GitHub shows people. What was written is remembered by a hash, so that the same is not written again. */
export function createGitHubBoard(options: BoardOptions): ForgeBoard {
  const { client, notes, webUrl } = options;
  const at = { owner: client.owner, repo: client.repo };
  const comments = createComments(options);

  async function status({ commit, context, state, description, url }: CommitStatus): Promise<void> {
    const body = {
      context,
      state,
      description: oneLine(description, DESCRIPTION_LIMIT),
      ...(url === null ? {} : { target_url: url }),
    };
    await once(notes, `status:${commit}:${context}`, body, async () => {
      const { data } = await (await client.rest()).repos.createCommitStatus({ ...at, sha: commit, ...body });
      return String(data.id);
    });
  }

  async function lines(report: LineReport): Promise<void> {
    const isApp = (await client.actor()).kind === 'app';
    if (!isApp && report.commented) return;
    const key = `lines:${report.commit}:${report.name}`;
    // Nothing to show on a line, and nothing to take back.
    if (report.annotations.length === 0 && (await notes.get(key)) === null) return;
    await (isApp ? checkRun(key, report) : comments.onCommit(key, report));
  }

  async function checkRun(key: string, report: LineReport): Promise<void> {
    const output = {
      title: oneLine(report.title, DESCRIPTION_LIMIT),
      summary: cut(report.summary, SUMMARY_LIMIT),
      annotations: report.annotations.slice(0, ANNOTATION_LIMIT).map(({ path, line, message }) => ({
        path,
        start_line: line,
        end_line: line,
        annotation_level: 'failure' as const,
        message,
      })),
    };
    const body = { conclusion: report.conclusion, output };
    await once(notes, key, body, async () => {
      const { checks } = await client.rest();
      const { data } = await checks.create({
        ...at,
        name: report.name,
        head_sha: report.commit,
        status: 'completed',
        ...body,
      });
      return String(data.id);
    });
  }

  async function labels(pull: number, wanted: readonly string[]): Promise<void> {
    const { issues } = await client.rest();
    const asked = { ...at, issue_number: pull };
    const { data } = await issues.listLabelsOnIssue({ ...asked, per_page: 100 });
    const there = data.map(({ name }) => name);
    // GitHub's labels keep the capitals of whoever made them, and do not tell them apart.
    const known = new Set(there.map((name) => name.toLowerCase()));
    const missing = wanted.filter((name) => !known.has(name.toLowerCase()));
    if (missing.length > 0) await issues.addLabels({ ...asked, labels: missing });
    for (const name of there.filter((label) => isOurs(label) && !wanted.includes(label.toLowerCase())))
      await issues.removeLabel({ ...asked, name }).catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      });
  }

  return {
    fileUrl: (commit, path, line) =>
      `${webUrl}/blob/${commit}/${path.split('/').map(encodeURIComponent).join('/')}${line === null ? '' : `#L${line}`}`,
    pullUrl: (number) => `${webUrl}/pull/${number}`,
    status,
    lines,
    labels,
    comment: comments.comment,
    issue: comments.issue,
    react: comments.react,
    ...createDeployments(options),
    pull: async (number) => {
      const { data } = await (await client.rest()).pulls.get({ ...at, pull_number: number });
      return {
        number,
        url: data.html_url,
        merged: data.merged === true,
        mergeCommit: data.merged === true ? data.merge_commit_sha : null,
        head: data.head.sha,
      };
    },
    pullThatBrought: async (commit) => (await mergedPullsOf(client, commit))[0]?.number ?? null,
  };
}

function isOurs(label: string): boolean {
  const name = label.toLowerCase();
  return name === 'commander' || name.startsWith('commander: ');
}
