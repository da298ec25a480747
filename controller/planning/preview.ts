import { INTENT_FOLDER } from '../domain/intent.js';
import { sha256 } from '../domain/json.js';
import type { IntentPreview } from '../domain/records.js';
import type { ChangedFile } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import { INTENT_FILE_BYTES, parseIntent } from './documents/intent.js';
import { planText, planTitle } from './plan-body.js';
import type { Planner, PlanningResult } from './planner.js';
import { describeQuestion } from './reconcile.js';
import { CATALOG_FILE, describeProblems, SOP_FOLDER, type WorldReader } from './world.js';

export interface PreviewNeeds {
  readonly worlds: WorldReader;
  readonly planner: Planner;
}

/** One byte over the limit is enough for the parser to say that it is too large. */
const TOO_LARGE = new Uint8Array(INTENT_FILE_BYTES + 1).fill(0x20);

/**
 * What the intents that a pull request changes would come to. Their text is all that is taken from the pull request: catalog
 * and SOPs are those of the protected branch, and nothing is recorded or run.
 */
export async function previewIntents(
  needs: PreviewNeeds,
  repository: GitOpsRepository,
  files: readonly ChangedFile[],
): Promise<readonly IntentPreview[]> {
  const head = await repository.head();
  if (head === null) return [];
  const previews: IntentPreview[] = [];
  for (const file of files.filter(({ change }) => change !== 'deleted'))
    previews.push(await previewIntent(needs, repository, head, file));
  return previews;
}

/** What a preview depends on besides the pull request itself: when it changes, previews are made anew. */
export async function surroundingsOf(repository: GitOpsRepository, head: string): Promise<string> {
  const catalog = await repository.entry(head, CATALOG_FILE);
  const sops = await repository.list(head, SOP_FOLDER);
  return sha256(`${catalog?.oid ?? ''} ${sops.map(({ path, oid }) => `${path} ${oid}`).join(' ')}`).slice(
    0,
    16,
  );
}

async function previewIntent(
  { worlds, planner }: PreviewNeeds,
  repository: GitOpsRepository,
  head: string,
  { path, kind, change, bytes }: ChangedFile,
): Promise<IntentPreview> {
  const fileName = path.slice(INTENT_FOLDER.length + 1);
  if (change === 'not-read') {
    const detail = [
      'there are too many intents in this pull request to look at this one before it is merged',
    ];
    return { path, name: fileName, outcome: 'waiting', detail, plan: null };
  }
  const parsed = parseIntent({ path, kind, bytes: change === 'too-large' ? TOO_LARGE : bytes });
  if (!parsed.ok)
    return { path, name: fileName, outcome: 'broken', detail: describeProblems(parsed.problems), plan: null };
  const { document } = parsed;
  const common = { path, name: document.name };
  if (document.spec.suspend)
    return { ...common, outcome: 'suspended', detail: ['it is on hold by its author'], plan: null };
  const read = await worlds.read(repository, head);
  if (!read.ok) return { ...common, outcome: 'waiting', detail: describeProblems(read.problems), plan: null };
  const source = { repository: repository.id, path, commit: head };
  const result = await planner({ document, source, world: read.world, edited: null });
  return { ...common, ...outcomeOf(result) };
}

function outcomeOf(result: PlanningResult): Pick<IntentPreview, 'outcome' | 'detail' | 'plan'> {
  switch (result.kind) {
    case 'plan':
      return { outcome: 'plan', detail: [planTitle(result.plan)], plan: planText(result.plan) };
    case 'blocked':
      return { outcome: 'blocked', detail: result.reasons, plan: planText(result.plan) };
    case 'question':
      return { outcome: 'question', detail: result.questions.map(describeQuestion), plan: null };
    case 'refused':
    case 'waiting':
      return { outcome: result.kind, detail: [result.reason], plan: null };
  }
}
