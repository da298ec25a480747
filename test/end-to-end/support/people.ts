import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from '../../../controller/cli/git.js';

export type Files = Readonly<Record<string, string | Buffer | null>>;

/**
 * People at work in one clone of the GitOps repository. Scenarios that run side by side share its work tree, so what needs
 * more than one command takes its turn with `alone`.
 */
export class People {
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly folder: string) {}

  /** Runs work while nobody else of the test uses the work tree. Not to be nested. */
  alone<T>(work: (git: Git) => Promise<T>): Promise<T> {
    const turn = this.last.then(() => work(this.run));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  git(...args: readonly string[]): Promise<string> {
    return this.alone((run) => run(...args));
  }

  /** Commits files (null deletes) to main; nothing else of the work tree goes along. */
  commit(files: Files, message: string): Promise<string> {
    return this.alone(() => this.commitNow(files, message));
  }

  /** The same on a branch, then back to main. */
  commitOn(branch: string, files: Files, message: string): Promise<string> {
    return this.alone(async (run) => {
      await run('checkout', '--quiet', branch);
      try {
        return await this.commitNow(files, message);
      } finally {
        await run('checkout', '--quiet', 'main');
      }
    });
  }

  /** For use inside `alone`. */
  async commitNow(files: Files, message: string): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      await mkdir(dirname(file), { recursive: true });
      if (content === null) await rm(file, { force: true });
      else await writeFile(file, content);
    }
    await this.run('add', '--all', '--force', '--', ...Object.keys(files));
    await this.run('commit', '--quiet', '--allow-empty', '--message', message);
    return this.run('rev-parse', 'HEAD');
  }

  merge(branch: string): Promise<string> {
    return this.git('merge', '--quiet', '--no-ff', '--no-edit', branch);
  }

  private readonly run: Git = (...args) => git(this.folder, ...args);
}

export type Git = (...args: readonly string[]) => Promise<string>;
