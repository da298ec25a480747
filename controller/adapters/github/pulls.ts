import type { ProposalReference, ProposeRequest } from '../../ports/forge.js';
import type { GitHubClient } from './client.js';
import { GitHubFailure, hasStatus } from './failures.js';
import { proposalBody, proposalTitle, readProposalBody } from './pull-request-text.js';

export interface Pull {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly head: string;
  readonly base: string;
  readonly url: string;
}

export interface Pulls {
  get(number: number): Promise<Pull>;
  /** The one open pull request of a branch of ours, brought up to date; made when there is none. */
  open(branch: string, request: ProposeRequest): Promise<{ readonly number: number; readonly url: string }>;
  /** A plan's pull request that was merged or closed before anybody remembered it; null when there is none. */
  over(branch: string, digest: string): Promise<ProposalReference | null>;
  close(number: number): Promise<void>;
  /** `github:<login>` of whoever closed it. */
  closedBy(number: number): Promise<string>;
  /** One for a branch, found or made, as it is asked for: for what is no plan (incidents). */
  openPlain(
    branch: string,
    title: string,
    body: string,
  ): Promise<{ readonly number: number; readonly url: string }>;
}

export function createPulls(client: GitHubClient, base: string): Pulls {
  const { owner, repo } = client;
  const at = { owner, repo };

  async function ofBranch(branch: string, state: 'open' | 'all') {
    const asked = { ...at, head: `${owner}:${branch}`, state, per_page: 100 };
    const { data } = await (await client.rest()).pulls.list(asked);
    return data.filter(({ head, base: into }) => head.ref === branch && head.repo?.id === into.repo.id);
  }

  async function find(branch: string) {
    const ours = (await ofBranch(branch, 'open')).filter(({ state }) => state === 'open');
    return ours.find((pull) => pull.base.ref === base) ?? ours[0] ?? null;
  }

  async function ensure(branch: string, title: string, body: string) {
    const { pulls } = await client.rest();
    const there = await find(branch);
    if (there !== null) {
      // Not its base: who changed that meant something by it, and is told what it means.
      const same = there.title === title && there.body === body;
      if (!same) await pulls.update({ ...at, pull_number: there.number, title, body });
      return { number: there.number, url: there.html_url };
    }
    try {
      const { data } = await pulls.create({ ...at, head: branch, base, title, body });
      return { number: data.number, url: data.html_url };
    } catch (error) {
      // Somebody else made it, or the answer to our own request was lost.
      const made = hasStatus(error, 0, 422, 500, 502, 503, 504) ? await find(branch) : null;
      if (made === null) throw error;
      return { number: made.number, url: made.html_url };
    }
  }

  return {
    get: async (number) => {
      const { data } = await (await client.rest()).pulls.get({ ...at, pull_number: number });
      if (data.number !== number || typeof data.head?.sha !== 'string')
        throw new GitHubFailure(`GitHub's answer about pull request #${number} cannot be read`, 0, undefined);
      return {
        number,
        state: data.state,
        merged: data.merged === true,
        head: data.head.sha,
        base: data.base.ref,
        url: data.html_url,
      };
    },
    open: (branch, { plan, title, body }) => {
      const { name: intent } = plan.intent;
      // The body begins with the title, which a pull request has a place of its own for.
      const below = body.slice(title.length).trimStart();
      const text = { intent, digest: plan.digest, summary: title, body: below };
      return ensure(branch, proposalTitle(text), proposalBody(text));
    },
    over: async (branch, digest) => {
      const pull = (await ofBranch(branch, 'all')).find(
        ({ state, body }) => state === 'closed' && readProposalBody(body ?? '')?.digest === digest,
      );
      return pull === undefined
        ? null
        : { branch, head: pull.head.sha, number: pull.number, url: pull.html_url };
    },
    openPlain: ensure,
    close: async (number) => {
      await (await client.rest()).pulls.update({ ...at, pull_number: number, state: 'closed' });
    },
    closedBy: async (number) => {
      const { data } = await (await client.rest()).issues.get({ ...at, issue_number: number });
      return `github:${data.closed_by?.login ?? 'somebody'}`;
    },
  };
}
