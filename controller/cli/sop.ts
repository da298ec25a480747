import { resolve } from 'node:path';
import type { SopFolder } from '../app/sop-folder.js';
import { formatProblem } from '../domain/problem.js';
import { redact } from '../domain/redact.js';
import { silentLog } from '../ports/log.js';
import { type CliContext, CliError, print } from './context.js';
import { checkedText, passageText, scopeText } from './sop-output.js';
import { safe, table } from './table.js';

export interface SopOptions {
  /** Folder of the repository; by default the working folder. */
  readonly repo?: string;
}

/** Searches the SOPs of a folder: by words, and by meaning where an embedder is configured. Needs no controller. */
export async function searchSop(
  context: CliContext,
  question: string,
  options: SopOptions & { readonly limit: number },
): Promise<number> {
  if (options.limit < 1 || options.limit > 100) throw new CliError('--limit has to be from 1 to 100', 2);
  const { sops, problems } = await readFolder(context, options.repo);
  warn(context, problems);
  const { searchSops } = await import('../app/sop-folder.js');
  const { assembleModels } = await import('../app/models.js');
  const { embedder } = await assembleModels({ ...context.config().models, chat: [] }, { log: silentLog });
  if (embedder !== null)
    context.err(
      `${sops.length} SOPs are embedded with ${safe(embedder.name)}, which the controller would do once …`,
    );
  const signal = new AbortController().signal;
  const search = await searchSops(sops, embedder, question, options.limit, signal);
  for (const each of search.without) context.err(`warning: without ${safe(each)}`);
  print(context, search, ({ found }) =>
    found.length === 0
      ? 'Nothing was found.'
      : found.map((each, at) => passageText(each, at + 1)).join('\n\n'),
  );
  return 0;
}

/** One line for each SOP. */
export async function listSops(context: CliContext, options: SopOptions): Promise<number> {
  const { sops, problems } = await readFolder(context, options.repo);
  warn(context, problems);
  const rows = sops.map(({ id, title, path, severity, scope, controls, advice }) => ({
    id,
    title,
    path,
    severity,
    scope,
    controls: controls.length,
    advice: advice.length,
  }));
  print(context, { sops: rows, problems: problems.map(told) }, ({ sops: each }) =>
    each.length === 0
      ? 'There are no SOPs here.'
      : table(
          ['ID', 'SEVERITY', 'FOR', 'CHECKED', 'ADVICE', 'PATH', 'TITLE'],
          each.map((row) => [
            safe(row.id),
            row.severity,
            scopeText(row.scope),
            String(row.controls),
            String(row.advice),
            safe(row.path),
            safe(row.title),
          ]),
        ),
  );
  return 0;
}

/** What the controller would make of the SOPs of a folder; exit code 1 when something of them cannot be read. */
export async function checkSops(
  context: CliContext,
  folder: string | undefined,
  options: SopOptions,
): Promise<number> {
  const { sops, problems } = await readFolder(context, folder ?? options.repo);
  const checked = sops.map(({ body: _, ...sop }) => sop);
  print(context, { sops: checked, problems: problems.map(told) }, () =>
    sops.length === 0 ? 'There are no SOPs here.' : sops.map(checkedText).join('\n\n'),
  );
  if (!context.json) for (const problem of problems) context.err(`problem: ${told(problem)}`);
  return problems.length === 0 ? 0 : 1;
}

async function readFolder(context: CliContext, folder: string | undefined): Promise<SopFolder> {
  const { readSopFolder } = await import('../app/sop-folder.js');
  return readSopFolder(resolve(context.cwd, folder ?? '.'));
}

function warn(context: CliContext, problems: SopFolder['problems']): void {
  for (const problem of problems) context.err(`warning: ${told(problem)}`);
}

/** A problem quotes what was written, and that may be a secret. */
function told(problem: SopFolder['problems'][number]): string {
  return safe(redact(formatProblem(problem)));
}
