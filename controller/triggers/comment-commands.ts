import { CommandRefused, type Person } from '../domain/command.js';
import { foremost } from '../domain/intent.js';
import type { ForgeCommandRecord, PlanRecord } from '../domain/records.js';
import type { ForgeBoard, Reaction } from '../ports/forge-board.js';
import type { ForgeInbox } from '../ports/forge-inbox.js';
import type { Log } from '../ports/log.js';
import { MergeRefused } from '../ports/repositories.js';
import { pullSubject, reportJob } from '../reporting/subjects.js';
import type { Operations } from './api/operations.js';

export interface CommandNeeds {
  readonly operations: Operations;
  readonly inboxes: ReadonlyMap<string, ForgeInbox>;
  readonly boards: ReadonlyMap<string, ForgeBoard>;
  readonly log: Log;
}

/**
 * Carries out one command of a comment: asks who may, does it, answers. `id`: `<repository>#<comment>`. It is done at most once: a
 * command that was cut off in the middle is answered with that, not begun again.
 */
export async function runCommentCommand(needs: CommandNeeds, id: string): Promise<void> {
  const [, repository = '', digits = ''] = /^(.*)#(\d+)$/.exec(id) ?? [];
  const inbox = needs.inboxes.get(repository);
  const board = needs.boards.get(repository);
  if (inbox === undefined || board === undefined)
    throw new Error(`This controller does not follow ${repository}`);
  const record = await needs.operations.store.forge.command(repository, Number(digits));
  if (record === null || (record.state !== 'taken' && record.state !== 'started')) return;
  const allowed = await inbox.mayWrite(record.person);
  const seen = allowed ? acknowledge(needs, board, record, 'eyes') : null;
  const answer = allowed ? await answerTo(needs, record) : DENIED;
  await recordAnswer(needs, record, answer);
  await seen;
  await acknowledge(needs, board, record, answer.state === 'done' ? 'rocket' : 'confused');
}

/** A reaction is a courtesy: that it cannot be given changes nothing of what was done. */
async function acknowledge(
  { log }: CommandNeeds,
  board: ForgeBoard,
  { commentId, pull }: ForgeCommandRecord,
  reaction: Reaction,
): Promise<void> {
  await board.react(commentId, reaction).catch((error: Error) => {
    log.warn({ pull, comment: commentId, problem: error.message }, 'a command could not be acknowledged');
  });
}

type Answer = { readonly state: 'done' | 'refused' | 'denied'; readonly text: string };
const DENIED: Answer = { state: 'denied', text: 'this takes write access to the repository' };
const refused = (text: string): Answer => ({ state: 'refused', text });

async function answerTo(needs: CommandNeeds, record: ForgeCommandRecord): Promise<Answer> {
  if (record.answer !== '') return refused(record.answer);
  // Whether it was done cannot be told, and a rollback that is done twice goes back twice.
  if (record.state === 'started')
    return refused('it was begun and cut off: look how things stand, and say it again if it is still wanted');
  const { store } = needs.operations;
  await store.transaction((tx) => tx.write.answerCommand(record.repository, record.commentId, 'started', ''));
  try {
    return { state: 'done', text: await obey(needs, record) };
  } catch (error) {
    if (error instanceof CommandRefused || error instanceof MergeRefused) return refused(error.message);
    throw error;
  }
}

async function obey({ operations }: CommandNeeds, record: ForgeCommandRecord): Promise<string> {
  const [verb = '', ...words] = record.command.split(/\s+/);
  const person: Person = { name: `github:${record.person}`, email: '' };
  const reason = words.join(' ') || `asked for in #${record.pull}`;
  if (verb === 'help') return `${VERBS.join(', ')}, help: see the list below`;
  if (!VERBS.includes(verb))
    throw new CommandRefused(`"${verb.slice(0, 40)}" is not a command: ${VERBS.join(', ')}, help`);
  if (verb === 'waive') return operations.waiveInPull(record, words.join(' '));
  if (verb === 'plan' && (await isOpenPreview(operations, record))) return previewAgain(operations, record);
  const plan = await planOf(operations, record);
  const intent = plan.plan.intent.name;
  if (verb !== 'rollback' && verb !== 'unlock') await assertCurrent(operations, plan, record);
  switch (verb) {
    case 'plan':
      return operations.plan(intent, person);
    case 'hold':
      return operations.hold(intent, person, reason);
    case 'resume':
      return operations.resume(intent, person);
    case 'cancel':
      return cancel(operations, plan, person, reason);
    case 'retry':
      return retry(operations, plan, person);
    case 'rollback':
      return inEnvironment(plan, words, 'rollback', async (lane, why) => {
        await assertServes(operations, plan, lane.environment);
        const execution = await operations.rollback(lane, person, why);
        return `${lane.environment} goes back to its last-known-good (execution ${String(execution)})`;
      });
    default:
      return inEnvironment(plan, words, 'unlock', async (lane, why) =>
        String(await operations.unlock(lane, person, why)),
      );
  }
}

const VERBS = ['plan', 'waive', 'hold', 'resume', 'cancel', 'retry', 'rollback', 'unlock'];

/** The plan that a pull request carries, or that came of the one intent that it brought. */
async function planOf({ store }: Operations, record: ForgeCommandRecord): Promise<PlanRecord> {
  const { repository, pull } = record;
  const direct = await store.plans.ofProposal(repository, pull);
  if (direct !== null) return direct;
  const names = await previewedNames(store, record);
  const [name] = names;
  if (names.length > 1)
    throw new CommandRefused(
      `#${pull} brings ${names.length} intents: say it under the pull request of a plan`,
    );
  if (name === undefined) throw new CommandRefused(`#${pull} has neither a plan nor an intent`);
  const intent = (await store.intents.byName(name)).find((claim) => claim.repository === repository);
  const plan = intent?.planDigest == null ? null : await store.plans.get(intent.planDigest);
  if (plan === null) throw new CommandRefused(`${name} has no plan yet`);
  return plan;
}

/** Commands go by an intent's name: it has to mean this one, and this plan of it. */
async function assertCurrent(
  { store }: Operations,
  { intentId, digest, plan }: PlanRecord,
  { pull }: ForgeCommandRecord,
): Promise<void> {
  const { name } = plan.intent;
  const [intent, ...others] = foremost(await store.intents.byName(name));
  if (intent === undefined || intent.id !== intentId || others.length > 0)
    throw new CommandRefused(`${name} is another intent by now, or one of several: use the command line`);
  const current = intent.planDigest === null ? null : await store.plans.get(intent.planDigest);
  if (current === null || current.digest === digest) return;
  const where = current.proposal?.number == null ? '' : ` in #${current.proposal.number}`;
  throw new CommandRefused(`#${pull} carries an older plan of ${name}: say it under its newest${where}`);
}

/** Somebody else's release may serve by now; that one is not meant. */
async function assertServes(
  { store }: Operations,
  { digest, plan }: PlanRecord,
  environment: string,
): Promise<void> {
  const lane = await store.lanes.get({ service: plan.service.name, environment });
  const release = lane?.currentRelease == null ? null : await store.releases.get(lane.currentRelease);
  if (release === null || release.planDigest === digest) return;
  throw new CommandRefused(
    `${environment} serves ${plan.service.name} ${release.version}, which is not of this plan: say it under the pull request of that one`,
  );
}

async function previewedNames(
  store: Operations['store'],
  { repository, pull }: ForgeCommandRecord,
): Promise<readonly string[]> {
  const note = await store.forge.note(repository, `preview:${pull}`);
  if (note === null) return [];
  const { intents } = JSON.parse(note.content) as { readonly intents: readonly { readonly name: string }[] };
  return intents.map(({ name }) => name);
}

async function isOpenPreview({ store }: Operations, record: ForgeCommandRecord): Promise<boolean> {
  if ((await store.plans.ofProposal(record.repository, record.pull)) !== null) return false;
  const names = await previewedNames(store, record);
  const known = await Promise.all(names.map((name) => store.intents.byName(name)));
  return names.length > 0 && known.every((claims) => claims.length === 0);
}

async function previewAgain(
  { store }: Operations,
  { repository, pull }: ForgeCommandRecord,
): Promise<string> {
  const id = pullSubject(repository, pull);
  await store.transaction((tx) =>
    tx.write.job({ task: 'preview-pull-request', id, queue: null, runAt: null, priority: 0 }),
  );
  return 'read again';
}

async function cancel(
  operations: Operations,
  { plan, status, digest }: PlanRecord,
  person: Person,
  reason: string,
): Promise<string> {
  if (status === 'pending_approval') {
    await operations.reject(plan.intent.name, person, `cancelled by ${person.name}: ${reason}`);
    return `the plan of ${plan.intent.name} is rejected`;
  }
  const executions = await operations.store.executions.ofPlan(digest);
  const running = executions.find((execution) => execution.kind === 'plan' && execution.finishedAt === null);
  if (running === undefined)
    throw new CommandRefused(`The plan of ${plan.intent.name} is ${status}: there is nothing to cancel`);
  await operations.abort(running.id, person, reason);
  return `execution ${running.id} is asked to stop; what users reach stays`;
}

async function retry(operations: Operations, { plan, digest }: PlanRecord, person: Person): Promise<string> {
  const executions = await operations.store.executions.ofPlan(digest);
  const stuck = executions.find(({ status }) => status === 'stuck');
  const target = stuck === undefined ? plan.intent.name : String(stuck.id);
  return String(await operations.retry(target, person));
}

type Act = (lane: { readonly service: string; readonly environment: string }, why: string) => Promise<string>;

/** The environment may be left out where the plan has only one. */
async function inEnvironment(
  { plan }: PlanRecord,
  words: readonly string[],
  verb: string,
  act: Act,
): Promise<string> {
  const names = plan.environments.map(({ environment }) => environment);
  const [first = ''] = words;
  const named = names.includes(first);
  const environment = named ? first : names.length === 1 ? names[0] : undefined;
  if (environment === undefined)
    throw new CommandRefused(`Say where: ${names.map((name) => `/commander ${verb} ${name}`).join(' or ')}`);
  const why = (named ? words.slice(1) : words).join(' ') || 'asked for in the pull request';
  return act({ service: plan.service.name, environment }, why);
}

async function recordAnswer(
  { operations, log }: CommandNeeds,
  record: ForgeCommandRecord,
  { state, text }: Answer,
): Promise<void> {
  const { repository, commentId, pull, person, command } = record;
  await operations.store.transaction(async (tx) => {
    await tx.write.answerCommand(repository, commentId, state, text);
    await tx.write.audit({
      actor: `person:github:${person}`,
      action: `command.${state}`,
      subject: `command:${repository}#${pull}`,
      digest: null,
      reason: text,
      data: { command, comment: commentId, pull },
    });
    // Strangers get a reaction, and no say in what the comment shows.
    if (state !== 'denied') await tx.write.job(reportJob(pullSubject(repository, pull)));
  });
  log.info({ pull, person, command, state, answer: text }, 'command of a comment');
}
