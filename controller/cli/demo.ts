import colors from 'picocolors';
import { type CliContext, CliError } from './context.js';
import { type Stage, setTheStage, stopAll, strike } from './demo/stage.js';
import { story } from './demo/story.js';
import { safe } from './table.js';

/** Plays the whole story; 0 only if every step really happened. */
export async function demo(
  context: CliContext,
  options: { readonly runtime: string; readonly forge: string; readonly keep?: boolean },
): Promise<number> {
  if (options.runtime !== 'process' && options.runtime !== 'docker')
    throw new CliError(`--runtime is process or docker, not ${options.runtime}`, 2);
  if (options.forge !== 'local' && options.forge !== 'github')
    throw new CliError(`--forge is local or github, not ${options.forge}`, 2);
  const began = performance.now();
  context.err(
    `Making two repositories and starting a controller (${options.runtime} runtime, ${options.forge === 'github' ? 'a stand-in for GitHub' : 'local forge'}) …`,
  );
  const stage = await setTheStage(context, options.runtime, options.forge);
  context.err(`It is up after ${elapsed(began)}.\n`);
  const told: { title: string; seconds: number; lines: readonly string[] }[] = [];
  try {
    for (const [index, chapter] of story(options.forge).entries()) {
      const start = performance.now();
      const lines = await chapter.play(stage);
      told.push({ title: chapter.title, seconds: (performance.now() - start) / 1000, lines });
      if (context.json) continue;
      context.out(
        `${colors.green(`${index + 1}.`)} ${colors.bold(chapter.title)} ${colors.dim(elapsed(start))}`,
      );
      for (const line of lines) context.out(`   ${safe(line)}`);
    }
  } catch (error) {
    await stopAll(stage);
    context.err(
      `\nEverything is stopped. What it was about is in ${stage.folder}, the log in controller.log.`,
    );
    throw error;
  }
  if (context.json)
    context.out(JSON.stringify({ runtime: options.runtime, forge: options.forge, chapters: told }, null, 2));
  await leave(context, stage, options.keep === true);
  context.err(`\nAll of it really happened, in ${elapsed(began)}.`);
  return 0;
}

async function leave(context: CliContext, stage: Stage, keep: boolean): Promise<void> {
  if (!keep) return strike(stage);
  context.err(
    `\nLeft running. Play with it:\n  cd ${stage.gitops} && export COMMANDER_DATA_DIR=${stage.folder}/data\n  commander status\nand stop it with: commander down`,
  );
}

function elapsed(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
