import { INTENT_FOLDER, intentId } from '../domain/intent.js';
import type { IntentRecord } from '../domain/records.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import { attemptAll } from './attempt-all.js';
import { mergedComment } from './intent-comment.js';
import {
  annotations,
  intentVerdict,
  isBad,
  lineVerdict,
  type ShownIntent,
  urgencyOf,
} from './intent-view.js';
import type { ReportingNeeds } from './needs.js';

/** Intents of older commits are not shown there: a repository that is followed for the first time brings many. */
const FRESH_MS = 7 * 24 * 3600 * 1000;
/** Of a commit that brings many, those that need somebody come first. */
const SHOWN = 50;
const COMMANDS = 5;

/** Shows on the commit that brought an intent, and under the pull request that it came with, how it stands. */
export async function reportIntent(needs: ReportingNeeds, name: string): Promise<void> {
  for (const intent of await needs.store.intents.byName(name)) {
    const board = needs.boards.get(intent.repository);
    const repository = needs.repositories.get(intent.repository);
    if (board === undefined || repository === undefined || intent.state === 'withdrawn') continue;
    await reportOne(needs, board, repository, intent);
  }
}

async function reportOne(
  needs: ReportingNeeds,
  board: ForgeBoard,
  repository: GitOpsRepository,
  intent: IntentRecord,
): Promise<void> {
  const head = await repository.head();
  const brought = head === null ? null : await repository.introducedBy(head, intent.path);
  if (brought === null) return;
  if (needs.clock.now().getTime() - Date.parse(brought.committedAt) > FRESH_MS) return;
  const { shown, total } = await broughtBy(needs, repository, brought.oid, brought.parents[0] ?? null);
  const verdict = intentVerdict(shown, total);
  // It is being planned or proposed: what comes of it is said in a moment.
  if (
    shown.every(({ intent: { state }, plan }) => state === 'pending' || (plan !== null && isOnItsWay(plan)))
  )
    return;
  const plan = shown.length === 1 ? (shown[0]?.plan?.proposal?.number ?? null) : null;
  const place = annotationsOf(shown);
  const url =
    plan === null
      ? board.fileUrl(brought.oid, intent.path, place[0]?.path === intent.path ? place[0].line : null)
      : board.pullUrl(plan);
  const pull = await board.pullThatBrought(brought.oid);
  const commands = pull === null ? [] : await needs.store.forge.commandsOf(intent.repository, pull, COMMANDS);
  const comment = mergedComment(shown, board, commands, total);
  await attemptAll([
    () => board.status({ commit: brought.oid, context: 'commander/intent', url, ...verdict }),
    () =>
      board.lines({
        commit: brought.oid,
        ...lineVerdict(verdict),
        summary: comment,
        annotations: place,
        commented: pull !== null,
      }),
    async () => {
      if (pull !== null) await board.comment(pull, comment);
    },
  ]);
}

function isOnItsWay({ status, proposal }: NonNullable<ShownIntent['plan']>): boolean {
  return status === 'pending_approval' && proposal === null;
}

function annotationsOf(shown: readonly ShownIntent[]) {
  return annotations(
    shown.map(({ intent }) => ({ path: intent.path, bad: isBad(intent.state), detail: intent.detail })),
  );
}

interface Brought {
  readonly shown: readonly ShownIntent[];
  /** How many the commit brought in all. */
  readonly total: number;
}

/** The intents whose files a commit brought, as they stand now; the worst first. */
async function broughtBy(
  { store }: ReportingNeeds,
  repository: GitOpsRepository,
  commit: string,
  before: string | null,
): Promise<Brought> {
  const files = await repository.list(commit, INTENT_FOLDER);
  const earlier = before === null ? [] : await repository.list(before, INTENT_FOLDER);
  const known = new Map(earlier.map(({ path, oid, kind }) => [path, `${kind} ${oid}`]));
  const changed = files.filter(({ path, oid, kind }) => known.get(path) !== `${kind} ${oid}`);
  const states = new Map((await store.intents.index(repository.id)).map(({ id, state }) => [id, state]));
  const standing = changed
    .map(({ path }) => intentId(repository.id, path))
    .flatMap((id) => {
      const state = states.get(id);
      return state === undefined ? [] : [{ id, urgency: urgencyOf(state) }];
    })
    .sort((left, right) => left.urgency - right.urgency);
  const shown: ShownIntent[] = [];
  for (const { id } of standing.slice(0, SHOWN)) {
    const intent = await store.intents.get(id);
    if (intent === null || intent.state === 'withdrawn') continue;
    const plan = intent.planDigest === null ? null : await store.plans.get(intent.planDigest);
    shown.push({ intent, plan });
  }
  return { shown, total: standing.length };
}
