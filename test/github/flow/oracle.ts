import { done, fileAt } from './deeds.js';
import { type GitHubSite, type PullOf, REPOSITORY } from './site.js';

/** A plan that people approved, and the commit that brought it to main. */
export interface Approved {
  readonly digest: string;
  readonly commit: string;
  readonly pull: number;
}

/**
 * Says which plans may run, from nothing but what is on GitHub when somebody merges: the file at the head, the reviews of that
 * head, and who wrote what.
 */
export interface Oracle {
  readonly approved: readonly Approved[];
  /** A person made that commit on a plan's branch; `content`: of the plan's file, null where it is left alone. */
  wrote(commit: string, login: string, content: string | null): void;
  /** To be asked right before the merge of exactly that head; the commit is told after it. */
  ask(pull: PullOf): Promise<(commit: string) => void>;
}

interface Review {
  readonly user: { readonly login: string };
  readonly state: string;
  readonly commit_id: string;
}

/** May write, and wrote no intent. */
const REVIEWERS = ['rae', 'olga'];

export function oracleOf(at: GitHubSite): Oracle {
  const approved: Approved[] = [];
  const contents = new Set<string>();
  const editors = new Map<string, string>();
  return {
    approved,
    wrote: (commit, login, content) => {
      editors.set(commit, login);
      if (content !== null) contents.add(content);
    },
    ask: async (pull) => {
      const { ref: branch, sha } = pull.head;
      const file = await fileAt(at, sha, `plans/${branch.replace('commander/', '')}.yaml`);
      const reviews = await reviewsOf(at, pull.number);
      const digest = /^digest: ["']?(sha256:[0-9a-f]{64})/m.exec(file ?? '')?.[1];
      const ofController = file !== null && !contents.has(file);
      const counts = isApproved(reviews, sha, await editorsOf(at, pull.number, editors));
      return (commit) => {
        if (digest !== undefined && ofController && counts && pull.base.ref === 'main')
          approved.push({ digest, commit, pull: pull.number });
      };
    },
  };
}

async function reviewsOf(at: GitHubSite, number: number): Promise<readonly Review[]> {
  const path = `/repos/${REPOSITORY}/pulls/${number}/reviews?per_page=100`;
  return (await done(at.as('olga')(`GET ${path}`))).body;
}

/** Who of us made commits that are in a pull request. */
async function editorsOf(
  at: GitHubSite,
  number: number,
  known: ReadonlyMap<string, string>,
): Promise<ReadonlySet<string>> {
  const { body } = await done(at.as('olga')(`GET /repos/${REPOSITORY}/pulls/${number}/commits?per_page=100`));
  const logins = (body as { sha: string }[]).map(({ sha }) => known.get(sha));
  return new Set(logins.filter((login) => login !== undefined));
}

function isApproved(reviews: readonly Review[], head: string, editors: ReadonlySet<string>): boolean {
  const words = new Map<string, Review>();
  for (const review of reviews)
    if (review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED')
      words.set(review.user.login, review);
  const last = [...words.values()];
  if (last.some(({ state }) => state === 'CHANGES_REQUESTED')) return false;
  return last.some(
    ({ user, state, commit_id }) =>
      state === 'APPROVED' &&
      commit_id === head &&
      REVIEWERS.includes(user.login) &&
      !editors.has(user.login),
  );
}
