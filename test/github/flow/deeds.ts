import { expect } from 'vitest';
import { type Answer, commitOn } from '../stand-in/support.js';
import { type GitHubSite, type PullOf, REPOSITORY, until } from './site.js';

type Login = Parameters<GitHubSite['as']>[0];
const AT = `/repos/${REPOSITORY}`;

/** The answer of a call that has to have worked. */
export async function done(answer: Promise<Answer>): Promise<Answer> {
  const { status, body, headers } = await answer;
  if (status >= 300) throw new Error(`GitHub answered ${status}: ${JSON.stringify(body)}`);
  return { status, body, headers };
}

export function setPull(at: GitHubSite, number: number, fields: object, login: Login = 'rae') {
  return done(at.as(login)(`PATCH ${AT}/pulls/${number}`, fields));
}

export async function openPull(
  at: GitHubSite,
  login: Login,
  fields: { readonly head: string; readonly base?: string; readonly title?: string; readonly body?: string },
): Promise<number> {
  const pull = { base: 'main', title: `Please take ${fields.head}`, ...fields };
  return (await done(at.as(login)(`POST ${AT}/pulls`, pull))).body.number;
}

export async function say(
  at: GitHubSite,
  number: number,
  body: string,
  login: Login = 'rae',
): Promise<number> {
  return (await done(at.as(login)(`POST ${AT}/issues/${number}/comments`, { body }))).body.id;
}

export function setStatus(at: GitHubSite, commit: string, context: string, state: string) {
  return done(at.as('olga')(`POST ${AT}/statuses/${commit}`, { context, state }));
}

export function deleteBranch(at: GitHubSite, branch: string, login: Login = 'rae') {
  return done(at.as(login)(`DELETE ${AT}/git/refs/heads/${branch}`));
}

export async function tipOf(at: GitHubSite, branch: string): Promise<string | null> {
  const { status, body } = await at.as('olga')(`GET ${AT}/git/ref/heads/${branch}`);
  return status === 200 ? body.object.sha : null;
}

export async function makeBranch(at: GitHubSite, branch: string, sha?: string): Promise<void> {
  const from = sha ?? (await tipOf(at, 'main'));
  await done(at.as('olga')(`POST ${AT}/git/refs`, { ref: `refs/heads/${branch}`, sha: from }));
}

export function moveBranch(at: GitHubSite, branch: string, sha: string, login: Login = 'rae') {
  return done(at.as(login)(`PATCH ${AT}/git/refs/heads/${branch}`, { sha, force: true }));
}

const TRIES = 10;

/** A commit of a person on top of a branch, made on GitHub itself; again when others were faster. */
export async function commitAs(
  at: GitHubSite,
  login: Login,
  branch: string,
  files: Record<string, string>,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const sha = await commitOn(at.as(login), REPOSITORY, (await tipOf(at, branch)) ?? '', files);
    const answer = await at.as(login)(`PATCH ${AT}/git/refs/heads/${branch}`, { sha });
    if (answer.status === 200) return sha;
    if (answer.status !== 422 || attempt === TRIES)
      throw new Error(`${branch} was not moved: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

export async function fileAt(at: GitHubSite, ref: string, path: string): Promise<string | null> {
  const { status, body } = await at.as('olga')(`GET ${AT}/contents/${path}?ref=${encodeURIComponent(ref)}`);
  return status === 200 ? Buffer.from(body.content, 'base64').toString() : null;
}

/** The file of an intent's plan, as it is on its branch. */
export async function planOn(
  at: GitHubSite,
  intent: string,
  branch = `commander/${intent}`,
): Promise<string> {
  const text = await fileAt(at, branch, `plans/${intent}.yaml`);
  if (text === null) throw new Error(`${branch} has no plan of ${intent}`);
  return text;
}

/** Merges, and answers with the pull request as it is then. */
export async function merged(
  at: GitHubSite,
  number: number,
  method = 'merge',
  login: 'rae' | 'olga' | 'pat' = 'rae',
): Promise<PullOf> {
  await done(at.merge(number, method, login));
  return at.pull(number);
}

export interface SeenStatus {
  readonly context: string;
  readonly state: string;
  readonly description: string;
  readonly target_url: string | null;
}

/** The latest status of each context. */
export async function statusesOf(at: GitHubSite, commit: string): Promise<readonly SeenStatus[]> {
  return (await at.as('olga')(`GET ${AT}/commits/${commit}/status?per_page=100`)).body.statuses;
}

/** Waits for a status in a state whose description has those words. */
export async function told(
  at: GitHubSite,
  commit: string,
  context: string,
  state: string,
  words: string | RegExp,
): Promise<SeenStatus> {
  let seen: readonly SeenStatus[] = [];
  try {
    return await until(`${context} of ${commit.slice(0, 7)} to be ${state}: ${words}`, async () => {
      seen = await statusesOf(at, commit);
      return seen.find(
        (one) =>
          one.context === context &&
          one.state === state &&
          (typeof words === 'string' ? one.description.includes(words) : words.test(one.description)),
      );
    });
  } catch (error) {
    throw new Error(`${String(error)}; there are ${JSON.stringify(seen)}`);
  }
}

export async function oursUnder(at: GitHubSite, number: number): Promise<readonly string[]> {
  return (await at.comments(number))
    .filter(({ user }) => user.login === at.controller)
    .map(({ body }) => body);
}

/** Waits for the one comment of the controller to have those words; says what it has when it does not. */
export async function commented(at: GitHubSite, number: number, words: string | RegExp): Promise<string> {
  let seen: readonly string[] = [];
  try {
    return await until(`the comment under #${number} to say ${words}`, async () => {
      seen = await oursUnder(at, number);
      expect(seen.length).toBeLessThan(2);
      const [body = ''] = seen;
      return (typeof words === 'string' ? body.includes(words) : words.test(body)) ? body : null;
    });
  } catch (error) {
    throw new Error(`${String(error)}; it says ${JSON.stringify(seen)}`);
  }
}

export async function allPulls(at: GitHubSite): Promise<readonly PullOf[]> {
  const pulls: PullOf[] = [];
  for (let page = 1; ; page += 1) {
    const { body } = await at.as('olga')(`GET ${AT}/pulls?state=all&per_page=100&page=${page}`);
    pulls.push(...body);
    if (body.length < 100) return pulls;
  }
}

/** Numbers of all pull requests that a branch ever had. */
export async function pullsOf(at: GitHubSite, branch: string): Promise<readonly number[]> {
  return (await allPulls(at)).filter(({ head }) => head.ref === branch).map(({ number }) => number);
}

/** Has the controller look at everything now; returns when it has. */
export async function looked(at: GitHubSite): Promise<void> {
  await at.site.client.post('/v1/look', {});
}

/** At most one open pull request into main of each branch of ours, and one comment of the controller under each. */
export async function expectNoDuplicates(at: GitHubSite): Promise<void> {
  const open = new Map<string, number[]>();
  for (const { number, state, head, base } of await allPulls(at)) {
    const ours = await oursUnder(at, number);
    expect(ours.length, `comments under #${number}`).toBeLessThan(2);
    if (state !== 'open' || base.ref !== 'main' || !head.ref.startsWith('commander/')) continue;
    open.set(head.ref, [...(open.get(head.ref) ?? []), number]);
  }
  for (const [branch, numbers] of open) expect(numbers, branch).toHaveLength(1);
}
