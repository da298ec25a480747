import { intentNamed } from '../approval/commands.js';
import { CommandRefused, type Person } from '../domain/command.js';
import { INTENT_FOLDER, intentId, intentRevision } from '../domain/intent.js';
import type { ForgeCommandRecord, IntentRecord, PlanRecord, PullPreview } from '../domain/records.js';
import { INTENT_FILE_BYTES, parseIntent } from '../planning/documents/intent.js';
import { type WaiveNeeds, waive } from '../planning/waive.js';
import { readWords, type WaiverSubject } from '../planning/waiver-request.js';
import type { ForgeInbox, KnownAuthors } from '../ports/forge-inbox.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Job } from '../ports/store.js';
import { previewKey } from '../reporting/report-pull.js';
import { pullSubject } from '../reporting/subjects.js';

export interface WaiverNeeds extends WaiveNeeds {
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  readonly inboxes: ReadonlyMap<string, ForgeInbox>;
}

/** `commander waive`: by whoever may use this controller's machine, whose login on a forge is not known. Throws CommandRefused. */
export async function waiveByName(
  needs: WaiverNeeds,
  intentName: string,
  sop: string,
  person: Person,
  reason: string,
): Promise<string> {
  const intent = await intentNamed(needs, intentName);
  const repository = needs.repositories.get(intent.repository);
  if (repository === undefined)
    throw new CommandRefused(`This controller does not follow ${intent.repository}`);
  const { path, document, commit, state, detail } = intent;
  if (document === null)
    throw new CommandRefused(`${intentName} is ${state}: change ${path}. ${detail.join(' ')}`.trim());
  const subject = { repository, path, document, commit, onMain: true, authors: null };
  return waive(needs, [subject], { person, login: null, read: () => ({ sop, reason }), followUps: [] });
}

export type WaiverComment = Pick<ForgeCommandRecord, 'repository' | 'pull' | 'person'>;

interface Place {
  readonly repository: GitOpsRepository;
  readonly inbox: ForgeInbox;
  readonly pull: number;
}

/** `/commander waive <sop> <why>` under a pull request, by somebody who may write. Throws CommandRefused. */
export async function waiveInPull(
  needs: WaiverNeeds,
  { repository: id, pull, person }: WaiverComment,
  words: string,
): Promise<string> {
  const repository = needs.repositories.get(id);
  const inbox = needs.inboxes.get(id);
  if (repository === undefined || inbox === undefined)
    throw new CommandRefused(`This controller does not follow ${id}`);
  const place = { repository, inbox, pull };
  const plan = await needs.store.plans.ofProposal(id, pull);
  const { subjects, followUps } =
    plan === null ? await broughtBy(needs, place) : await carriedBy(needs, place, plan);
  return waive(needs, subjects, {
    person: { name: `github:${person}`, email: '' },
    login: person,
    read: (sources) => readWords(words, sources),
    followUps,
  });
}

interface Meant {
  readonly subjects: readonly WaiverSubject[];
  readonly followUps: readonly Job[];
}

/** The intent of the plan that a pull request carries, unless it has come to say something else since. */
async function carriedBy(
  { store }: WaiveNeeds,
  place: Place,
  { plan, intentId: id }: PlanRecord,
): Promise<Meant> {
  const intent = await store.intents.get(id);
  if (intent === null || intent.revision !== plan.assumptions.intentRevision)
    throw new CommandRefused(`${plan.intent.name} says something else than the plan of #${place.pull}`);
  return { subjects: [onMain(place, intent)].flatMap((subject) => subject ?? []), followUps: [] };
}

/** The intents that a pull request brings, or has brought, as its comment shows them. */
async function broughtBy(needs: WaiveNeeds, place: Place): Promise<Meant> {
  const { repository, inbox, pull } = place;
  const note = await needs.store.forge.note(repository.id, previewKey(pull));
  const preview = note === null ? null : (JSON.parse(note.content) as PullPreview);
  if (preview === null || preview.intents.length === 0)
    throw new CommandRefused(`#${pull} has neither a plan nor an intent`);
  const open = (await inbox.openPulls()).find(({ number }) => number === pull);
  // What is waived is what people could read here.
  if (open !== undefined && open.head !== preview.head)
    throw new CommandRefused(`#${pull} was pushed to and is being read: look at it again, and say it again`);
  const files = await inbox.changedFiles(pull, preview.head, INTENT_FOLDER, INTENT_FILE_BYTES);
  const subjects: WaiverSubject[] = [];
  for (const { path, kind, change, bytes } of files) {
    const parsed = change === 'present' ? parseIntent({ path, kind, bytes }) : null;
    if (parsed === null || !parsed.ok) continue;
    const { document } = parsed;
    const known = await needs.store.intents.get(intentId(repository.id, path));
    const same = known !== null && known.revision === intentRevision(document) ? onMain(place, known) : null;
    if (open === undefined) subjects.push(...(same === null ? [] : [same]));
    else subjects.push({ ...inPull(place, same), path, document, commit: preview.head });
  }
  if (subjects.length === 0)
    throw new CommandRefused(
      `No intent on ${repository.branch} says what #${pull} brought, and so there is nothing to waive here`,
    );
  const id = pullSubject(repository.id, pull);
  const again: Job = { task: 'preview-pull-request', id, queue: null, runAt: null, priority: 0 };
  return { subjects, followUps: open === undefined ? [] : [again] };
}

function onMain({ repository, inbox }: Place, intent: IntentRecord): WaiverSubject | null {
  const { document, path, revision, commit } = intent;
  if (document === null || revision === null) return null;
  const authors = () => inbox.authorsOfIntent(path, revision);
  return { repository, path, document, commit, onMain: true, authors };
}

/** `same`: it says on the protected branch what it says here, and so is its authors' request there, too. */
function inPull(
  { repository, inbox, pull }: Place,
  same: WaiverSubject | null,
): Pick<WaiverSubject, 'repository' | 'onMain' | 'authors'> {
  const authors = async (): Promise<KnownAuthors> => {
    const there = await inbox.authorsOfPull(pull);
    const before = (await same?.authors?.()) ?? { logins: [], doubt: null };
    return { logins: [...there.logins, ...before.logins], doubt: there.doubt ?? before.doubt };
  };
  return { repository, onMain: false, authors };
}
