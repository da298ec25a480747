import type { DeploymentView, ForgeBoard } from '../../ports/forge-board.js';
import type { BoardOptions } from './board.js';
import { once, oneLine } from './board-notes.js';
import { GitHubFailure } from './failures.js';

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

  return {
    deployment: async (view) => {
      const id = await once(notes, `deployment:${view.key}`, 'made', async () =>
        String((await find(view)) ?? (await create(view))),
      );
      const body = {
        state: view.state,
        description: oneLine(view.description, DESCRIPTION_LIMIT),
        ...(view.url === null ? {} : { environment_url: view.url }),
      };
      await once(notes, `deployment-status:${view.key}`, body, async () => {
        const { repos } = await client.rest();
        const { data } = await repos.createDeploymentStatus({ ...at, deployment_id: Number(id), ...body });
        return String(data.id);
      });
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
