import type { DeploymentView, ForgeBoard } from '../../ports/forge-board.js';
import type { BoardOptions } from './board.js';
import { once, oneLine } from './board-notes.js';
import { GitHubFailure, hasStatus } from './failures.js';

const DESCRIPTION_LIMIT = 140;
const TASK = 'commander';

/** https://docs.github.com/en/rest/deployments/deployments: one for each release, with the states that it goes through. */
export function createDeployments({ client, notes }: BoardOptions): Pick<ForgeBoard, 'deployment'> {
  const at = { owner: client.owner, repo: client.repo };

  async function find({ commit, environment, key }: DeploymentView): Promise<number | null> {
    const asked = { ...at, sha: commit, environment, task: TASK, per_page: 100 };
    const { data } = await (await client.rest()).repos.listDeployments(asked);
    return data.find(({ payload }) => keyIn(payload) === key)?.id ?? null;
  }

  async function create({ commit, environment, key, description }: DeploymentView): Promise<number> {
    const { data } = await (await client.rest()).repos.createDeployment({
      ...at,
      ref: commit,
      environment,
      task: TASK,
      auto_merge: false,
      // The plan was approved: GitHub is told of it, not asked.
      required_contexts: [],
      payload: { commander: key },
      description: oneLine(description, DESCRIPTION_LIMIT),
    });
    if (!('id' in data)) throw new GitHubFailure(`GitHub made no deployment of ${commit}`, 0, undefined);
    return data.id;
  }

  async function say(deployment_id: number, view: DeploymentView): Promise<string> {
    const { repos } = await client.rest();
    const { data } = await repos.createDeploymentStatus({
      ...at,
      deployment_id,
      state: view.state,
      description: oneLine(view.description, DESCRIPTION_LIMIT),
      ...(view.url === null ? {} : { environment_url: view.url }),
      // It would retire what other services have in the same environment.
      auto_inactive: false,
    });
    return String(data.id);
  }

  /** What served before it in its lane does not any more. */
  async function retirePredecessor({ lane }: DeploymentView, id: string): Promise<void> {
    const before = await notes.get(`deployed:${lane}`);
    if (before?.remoteId === id) return;
    if (before !== null) {
      const { repos } = await client.rest();
      const asked = { ...at, deployment_id: Number(before.remoteId), state: 'inactive' as const };
      await repos.createDeploymentStatus(asked).catch((error: unknown) => {
        // Somebody deleted it.
        if (!hasStatus(error, 404)) throw error;
      });
    }
    await notes.put(`deployed:${lane}`, { remoteId: id, content: '' });
  }

  return {
    deployment: async (view) => {
      const id = await once(notes, `deployment:${view.key}`, 'made', async () =>
        String((await find(view)) ?? (await create(view))),
      );
      const body = [view.state, view.description, view.url];
      const key = `deployment-status:${view.key}`;
      const before = await notes.get(key);
      const said = await once(notes, key, body, () => say(Number(id), view));
      if (view.state === 'success' && said !== before?.remoteId) await retirePredecessor(view, id);
    },
  };
}

function keyIn(payload: unknown): unknown {
  const value = typeof payload === 'string' ? safely(payload) : payload;
  return typeof value === 'object' && value !== null ? (value as { commander?: unknown }).commander : null;
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
