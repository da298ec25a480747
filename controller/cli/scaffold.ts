import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { programRoot } from '../config.js';
import { CliError } from './context.js';
import { commitAll, git } from './git.js';

const SAMPLES = join(programRoot(), 'infra', 'samples');

/** Makes a GitOps repository with one commit on main. Throws when the folder is not empty. */
export async function scaffoldGitOps(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const present = (await readdir(folder)).filter((name) => name !== '.git');
  if (present.length > 0)
    throw new CliError(`${folder} is not empty (${present.slice(0, 3).join(', ')} …): name a new folder`);
  await cp(join(SAMPLES, 'gitops'), folder, { recursive: true });
  await writeFile(join(folder, '.gitignore'), '.commander/\n');
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  await commitAll(folder, 'A GitOps repository for AI DevOps Commander');
}

/** What a version of the sample service does. */
export interface SampleVersion {
  readonly tag: string;
  readonly failShare?: number;
  readonly slowMilliseconds?: number;
  readonly crash?: boolean;
}

export const SAMPLE_VERSIONS: readonly SampleVersion[] = [
  { tag: 'v1.0.0' },
  { tag: 'v1.1.0' },
  { tag: 'v1.2.0', failShare: 0.2 },
  { tag: 'v1.3.0', slowMilliseconds: 900 },
  { tag: 'v1.4.0', crash: true },
];

/** Makes the sample service's repository, a commit and a tag for each version. `extra` files go into every version. */
export async function scaffoldService(
  folder: string,
  versions: readonly SampleVersion[],
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new CliError(`${folder} is not empty: name a new folder`);
  await cp(join(SAMPLES, 'checkout'), folder, { recursive: true });
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify({ name: 'checkout', private: true, type: 'module', scripts: { test: 'node --check server.js' } }, null, 2)}\n`,
  );
  for (const [name, content] of Object.entries(extra)) await writeFile(join(folder, name), content);
  await git(folder, 'init', '--quiet', '--initial-branch', 'main');
  for (const { tag, ...behaviour } of versions) {
    await writeFile(
      join(folder, 'release.json'),
      `${JSON.stringify({ version: tag, ...behaviour }, null, 2)}\n`,
    );
    await commitAll(folder, `checkout ${tag}`);
    await git(folder, 'tag', tag);
  }
}
