import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CliError } from '../context.js';
import { commitAll, git } from '../git.js';
import { newPrivateKey, startGitHubServer } from './github-server.js';
import type { OpenPlan, Workplace } from './workplace.js';

const REPOSITORY = 'acme/gitops';
const APP_ID = 1;
const PERMISSIONS = {
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
};

interface Pull {
  readonly number: number;
  readonly title: string;
  readonly merge_commit_sha: string | null;
  readonly head: { readonly sha: string; readonly ref: string };
}

interface Status {
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/**
 * A repository on GitHub with people: ada writes intents, grace reviews and merges. Everything goes over HTTP: the REST API,
 * webhooks to the controller's port, clone and push.
 */
export async function gitHubWorkplace(folder: string, gitops: string, apiPort: number): Promise<Workplace> {
  const server = await startGitHubServer(join(folder, 'github'));
  const secret = randomBytes(20).toString('hex');
  const privateKey = newPrivateKey();
  const user = (login: string) =>
    server.arrange<{ token: string }>('addUser', login, { email: `${login}@example.com` });
  const [ada, grace] = [await user('ada'), await user('grace')];
  await user('acme');
  await server.arrange('createRepository', REPOSITORY, { private: true });
  for (const login of ['ada', 'grace']) await server.arrange('setPermission', REPOSITORY, login, 'write');
  const app = { slug: 'commander', appId: APP_ID, privateKey, permissions: PERMISSIONS, events: [] };
  await server.arrange('addApp', app);
  await server.arrange('installApp', APP_ID, REPOSITORY);
  const hook = { url: `http://127.0.0.1:${apiPort}/webhooks/github`, secret };
  await server.arrange('addWebhook', REPOSITORY, hook);
  const remote = new URL(`${server.webUrl}/${REPOSITORY}.git`);
  remote.username = 'ada';
  remote.password = ada.token;
  await git(gitops, 'remote', 'add', 'origin', remote.href);
  await git(gitops, 'config', 'user.name', 'ada');
  await git(gitops, 'config', 'user.email', 'ada@example.com');

  const ask = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
    const response = await fetch(`${server.url}/repos/${REPOSITORY}${path}`, {
      method,
      headers: { authorization: `Bearer ${grace.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new CliError(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const pulls = (state: string) => ask<readonly Pull[]>(`/pulls?state=${state}&per_page=100`);
  const pullOf = async (branch: string, state = 'open'): Promise<Pull> => {
    const found = (await pulls(state)).find(({ head }) => head.ref === branch);
    if (found === undefined) throw new CliError(`There is no ${state} pull request of ${branch}`);
    return found;
  };
  const statuses = async (commit: string): Promise<readonly string[]> => {
    const { statuses: seen } = await ask<{ statuses: readonly Status[] }>(`/commits/${commit}/status`);
    return seen.map(({ context, state, description }) => `${context} ${state}: ${description}`);
  };

  return {
    kind: 'github',
    env: {
      GITOPS_REPOSITORIES: '',
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_API_URL: server.url,
      GITHUB_TOKEN: '',
      GITHUB_CLONE_URL: '',
      GITHUB_APP_INSTALLATION_ID: '',
      GITHUB_APP_ID: String(APP_ID),
      GITHUB_APP_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
      GITHUB_WEBHOOK_SECRET: secret,
    },
    commit: async (message) => {
      await git(gitops, 'fetch', '--quiet', 'origin').catch(() => '');
      await git(gitops, 'rebase', '--quiet', '--autostash', 'origin/main').catch(() => '');
      await commitAll(gitops, message);
      await git(gitops, 'push', '--quiet', 'origin', 'HEAD:main');
    },
    planFile: async (plan, path) => {
      await git(gitops, 'fetch', '--quiet', 'origin');
      return git(gitops, 'show', `origin/${plan.branch}:${path}`);
    },
    proposal: async (plan) => {
      const pull = await pullOf(plan.branch);
      return [`#${pull.number} "${pull.title}"`];
    },
    approve: async (_intent, plan: OpenPlan, way) => {
      const pull = await pullOf(plan.branch);
      const merge_method = way === 'first' ? 'squash' : 'merge';
      await ask(`/pulls/${pull.number}/reviews`, 'POST', { event: 'APPROVE', commit_id: pull.head.sha });
      await ask(`/pulls/${pull.number}/merge`, 'PUT', { merge_method, sha: pull.head.sha });
      return `grace approves #${pull.number} and merges it (${merge_method})`;
    },
    outcome: async (intent) => {
      const pull = await pullOf(`commander/${intent}`, 'closed');
      return pull.merge_commit_sha === null ? [] : statuses(pull.merge_commit_sha);
    },
    incident: async (id) => {
      const found = (await pulls('open')).find(({ head }) => head.ref === `commander/incident-${id}`);
      return found === undefined ? null : `in #${found.number}`;
    },
    close: () => server.close(),
  };
}
