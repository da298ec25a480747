import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { git } from '../../controller/cli/git.js';
import type { Stage } from './stage.js';

export function intentFile(name: string, text: string, suspend = false): string {
  return `apiVersion: devopscommander.io/v1alpha1
kind: Intent
metadata: { name: ${name} }
spec:
  text: ${text}
${suspend ? '  suspend: true\n' : ''}`;
}

/** Commits one intent. Returns when the branch moved. */
export async function commitIntent(stage: Stage, name: string, text: string): Promise<number> {
  await mkdir(join(stage.gitops, 'intents'), { recursive: true });
  const path = join('intents', `${name}.yaml`);
  await writeFile(join(stage.gitops, path), intentFile(name, text));
  await git(stage.gitops, 'add', '--', path);
  await git(stage.gitops, ...IDENTITY, 'commit', '--quiet', '--message', `Intent ${name}`);
  return movedAt(stage, 'main');
}

export async function mergeProposal(stage: Stage, name: string): Promise<number> {
  const merge = ['merge', '--quiet', '--no-ff', '--no-edit', `commander/${name}`];
  await git(stage.gitops, ...IDENTITY, ...merge);
  return movedAt(stage, 'main');
}

/** Waits for the proposal of an intent. Returns when its branch came to be. */
export async function proposed(stage: Stage, name: string): Promise<number> {
  return eventually(`the proposal of ${name}`, () => movedAt(stage, `commander/${name}`).catch(() => null));
}

export const IDENTITY = ['-c', 'user.name=Bench', '-c', 'user.email=bench@localhost'] as const;

/** Milliseconds since 1970 at which a branch moved: git writes the ref's file anew each time. */
async function movedAt(stage: Stage, branch: string): Promise<number> {
  return (await stat(join(stage.gitops, '.git', 'refs', 'heads', branch))).mtimeMs;
}

const PATIENCE_MS = 120_000;

/** What `look` finds, as soon as it finds something. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null>,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > until) throw new Error(`Waited ${patienceMs / 1000} s in vain for ${what}`);
    await sleep(5);
  }
}
