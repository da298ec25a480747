import { createGitHubBoard } from '../../../controller/adapters/github/board.js';
import type { GitHubClient } from '../../../controller/adapters/github/client.js';
import type { ForgeNote } from '../../../controller/domain/records.js';
import type { ForgeBoard } from '../../../controller/ports/forge-board.js';
import { branchWith } from '../stand-in/support.js';
import { openSite, REPOSITORY, type Site } from './site.js';

const at = `/repos/${REPOSITORY}`;

/** A request that changes something, as it arrived. */
export interface Written {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The product's board on the stand-in, and what people see and do there. */
export interface BoardSite {
  readonly site: Site;
  readonly board: ForgeBoard;
  /** What was remembered; clearing it is a lost database. */
  readonly notes: Map<string, ForgeNote>;
  /** A board of another identity, with its own notes. */
  boardOf(client: GitHubClient, notes?: Map<string, ForgeNote>): ForgeBoard;
  /** A new open pull request of olga. */
  pull(): Promise<{ readonly number: number; readonly head: string }>;
  head(): Promise<string>;
  /** Lists below the repository, as olga sees them. */
  list<T>(path: string): Promise<readonly T[]>;
  /** What was written since the last call. */
  written(): readonly Written[];
  close(): Promise<void>;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

export async function openBoard(): Promise<BoardSite> {
  const site = await openSite();
  const { olga, github } = site;
  const notes = new Map<string, ForgeNote>();
  const boardOf = (client: GitHubClient, memory = new Map<string, ForgeNote>()) =>
    createGitHubBoard({
      client,
      webUrl: `${github.webUrl}/${REPOSITORY}`,
      notes: {
        get: async (key) => memory.get(key) ?? null,
        put: async (key, note) => void memory.set(key, note),
      },
    });
  let pulls = 0;
  let seen = 0;
  return {
    site,
    board: boardOf(site.app(), notes),
    notes,
    boardOf,
    pull: async () => {
      pulls += 1;
      const branch = `change-${pulls}`;
      const head = await branchWith(olga, REPOSITORY, branch, { [`${branch}.txt`]: 'x\n' });
      const { body } = await olga(`POST ${at}/pulls`, { title: branch, head: branch, base: 'main' });
      return { number: body.number as number, head };
    },
    head: async () => (await olga(`GET ${at}/git/ref/heads/main`)).body.object.sha,
    list: async <T>(path: string) => (await olga(`GET ${at}/${path}`)).body as readonly T[],
    written: () => {
      const fresh = github.requests.slice(seen);
      seen = github.requests.length;
      return fresh
        .filter(({ method, login }) => method !== 'GET' && login !== 'olga' && login !== 'commander-app')
        .map(({ method, path, body }) => ({
          method,
          path: path.replace(at, ''),
          body: (body ?? {}) as Written['body'],
        }));
    },
    close: () => site.close(),
  };
}
