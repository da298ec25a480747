import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPortPicker } from '../../controller/adapters/runtime/control/free-port.js';
import {
  type GitHubServer,
  newPrivateKey,
  startGitHubServer,
} from '../../controller/cli/demo/github-server.js';
import { git } from '../../controller/cli/git.js';
import { IDENTITY, intentFile } from './intents.js';

const REPOSITORY = 'acme/gitops';
const PERMISSIONS = {
  checks: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  statuses: 'write',
};

/** The stand-in for GitHub in a process of its own, and two people who work there. */
export interface GitHubPeople {
  /** For the stage: pushes the repository, and says how the controller follows it. */
  publish(gitops: string): Promise<Readonly<Record<string, string>>>;
  commitIntent(gitops: string, name: string, text: string): Promise<void>;
  approveAndMerge(number: number): Promise<void>;
  merge(number: number): Promise<void>;
  /** What the controller asked so far: how many requests, and how many of them counted against its limit. */
  asked(): Promise<{ readonly all: number; readonly counted: number }>;
  close(): Promise<void>;
}

export async function gitHubPeople(): Promise<GitHubPeople> {
  const folder = await mkdtemp(join(tmpdir(), 'commander-bench-github-'));
  const server = await startGitHubServer(folder);
  const privateKey = newPrivateKey();
  const secret = randomBytes(16).toString('hex');
  const port = await createPortPicker().pick();
  const [ada, grace] = [await addUser(server, 'ada'), await addUser(server, 'grace')];
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${server.url}/repos/${REPOSITORY}${path}`, {
      method,
      headers: { authorization: `Bearer ${grace}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const people: GitHubPeople = {
    publish: async (gitops) => {
      await server.arrange('createRepository', REPOSITORY, { private: true });
      for (const login of ['ada', 'grace']) await server.arrange('setPermission', REPOSITORY, login, 'write');
      await server.arrange('addApp', {
        slug: 'commander',
        appId: 1,
        privateKey,
        permissions: PERMISSIONS,
        events: [],
      });
      await server.arrange('installApp', 1, REPOSITORY);
      const url = `http://127.0.0.1:${port}/webhooks/github`;
      await server.arrange('addWebhook', REPOSITORY, { url, secret });
      const remote = new URL(`${server.webUrl}/${REPOSITORY}.git`);
      remote.username = 'ada';
      remote.password = ada;
      await git(gitops, 'remote', 'add', 'origin', remote.href);
      await git(gitops, 'push', '--quiet', 'origin', 'main');
      return {
        GITOPS_REPOSITORIES: '',
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_API_URL: server.url,
        GITHUB_APP_ID: '1',
        GITHUB_APP_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n'),
        GITHUB_WEBHOOK_SECRET: secret,
        COMMANDER_PORT: String(port),
      };
    },
    commitIntent: async (gitops, name, text) => {
      await git(gitops, 'pull', '--quiet', '--ff-only', 'origin', 'main');
      await mkdir(join(gitops, 'intents'), { recursive: true });
      await writeFile(join(gitops, 'intents', `${name}.yaml`), intentFile(name, text));
      await git(gitops, 'add', '--', `intents/${name}.yaml`);
      await git(gitops, ...IDENTITY, 'commit', '--quiet', '--message', `Intent ${name}`);
      await git(gitops, 'push', '--quiet', 'origin', 'main');
    },
    approveAndMerge: async (number) => {
      await ask('POST', `/pulls/${number}/reviews`, { event: 'APPROVE' });
      await people.merge(number);
    },
    merge: async (number) => {
      await ask('PUT', `/pulls/${number}/merge`, { merge_method: 'merge' });
    },
    asked: async () => {
      const requests = await server.arrange<readonly { login?: string; counted: boolean }[]>('requests');
      const ours = requests.filter(({ login }) => login?.startsWith('commander') === true);
      return { all: ours.length, counted: ours.filter(({ counted }) => counted).length };
    },
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return people;
}

async function addUser(server: GitHubServer, login: string): Promise<string> {
  const { token } = await server.arrange<{ token: string }>('addUser', login, {
    email: `${login}@example.com`,
  });
  return token;
}
