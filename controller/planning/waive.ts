import { CommandRefused } from '../domain/command.js';
import type { Finding } from '../domain/sop.js';
import { isReason, isWaivable, LONGEST_REASON, SHORTEST_REASON, waiverReason } from '../domain/waiver.js';
import type { Store } from '../ports/store.js';
import type { Planner, PlanningResult } from './planner.js';
import { recordWaivers } from './record-waivers.js';
import type { WaiverRequest, WaiverSubject } from './waiver-request.js';
import { describeProblems, type WorldReader } from './world.js';

export interface WaiveNeeds {
  readonly store: Store;
  readonly worlds: WorldReader;
  readonly planner: Planner;
}

/** What stands in the way of one intent, as it would be planned now. */
interface Survey {
  readonly subject: WaiverSubject;
  readonly blocking: readonly Finding[];
  readonly waived: readonly Finding[];
  /** Why there is no plan that anything could block; empty when there is one. */
  readonly without: string;
  readonly approvalByAuthor: boolean;
}

/**
 * A person lets everything pass that one SOP blocks, for the intents as they are: nothing else, and no other wording of either.
 * Throws CommandRefused. It is no approval: what comes of it is proposed, with the waived findings in it. Returns what was done.
 */
export async function waive(
  needs: WaiveNeeds,
  subjects: readonly WaiverSubject[],
  request: WaiverRequest,
): Promise<string> {
  const surveys: Survey[] = [];
  for (const subject of subjects) surveys.push(await survey(needs, subject));
  const sources = surveys.flatMap(({ blocking, waived }) =>
    [...blocking, ...waived].map(({ source }) => source),
  );
  const { sop, reason: words } = request.read([...new Set(sources)]);
  const reason = waiverReason(words);
  if (sop === '') throw new CommandRefused(`Say which SOP, and why: ${obstacles(surveys)}`);
  const meant = surveys.filter(({ blocking }) => blocking.some(({ source }) => source === sop));
  assertWaivable(sop, meant);
  if (meant.length === 0) return nothingToWaive(sop, surveys);
  if (!isReason(reason))
    throw new CommandRefused(
      `Say why, in ${SHORTEST_REASON} to ${LONGEST_REASON} characters: those who approve the plan read it`,
    );
  for (const { subject, approvalByAuthor } of meant)
    if (!approvalByAuthor) await assertNotOwn(subject, request);
  const grants = meant.map(({ subject, blocking }) => ({
    subject,
    quotes: [...new Set(blocking.filter(({ source }) => source === sop).map(({ quote }) => quote))],
  }));
  await recordWaivers(needs.store, grants, { ...request, sop, reason });
  return answer(sop, meant);
}

async function survey({ worlds, planner }: WaiveNeeds, subject: WaiverSubject): Promise<Survey> {
  const { repository, path, document, commit } = subject;
  const nothing = { subject, blocking: [], waived: [], approvalByAuthor: false };
  if (document.spec.suspend) return { ...nothing, without: 'it is on hold by its author' };
  const head = await repository.head();
  if (head === null) return { ...nothing, without: `${repository.branch} is gone` };
  const read = await worlds.read(repository, head);
  if (!read.ok) return { ...nothing, without: describeProblems(read.problems).join(' ') };
  const { approvalByAuthor } = read.world.catalog.policy;
  const source = { repository: repository.id, path, commit };
  const result = await planner({ document, source, world: read.world, edited: null });
  return { subject, approvalByAuthor, ...readingOf(result) };
}

function readingOf(result: PlanningResult): Pick<Survey, 'blocking' | 'waived' | 'without'> {
  switch (result.kind) {
    case 'plan':
    case 'blocked': {
      const waived = result.plan.findings.filter(({ verdict }) => verdict === 'waived');
      return { blocking: result.kind === 'plan' ? [] : result.blocking, waived, without: '' };
    }
    case 'question':
      return {
        blocking: [],
        waived: [],
        without: result.questions.map(({ question }) => question).join(' '),
      };
    case 'refused':
    case 'waiting':
      return { blocking: [], waived: [], without: result.reason };
  }
}

function assertWaivable(sop: string, meant: readonly Survey[]): void {
  const fixed = meant
    .flatMap(({ blocking }) => blocking)
    .find((finding) => finding.source === sop && !isWaivable(finding));
  if (fixed !== undefined)
    throw new CommandRefused(
      `Only what an SOP demands can be waived. ${fixed.source}: ${fixed.message}. ${fixed.fix}`,
    );
  if (!isWaivable({ source: sop, rule: '' }))
    throw new CommandRefused(`Only what an SOP demands can be waived, and what ${sop} says is no SOP`);
}

/** Saying it twice is no mistake; anything else that cannot be done is told with what could be. */
function nothingToWaive(sop: string, surveys: readonly Survey[]): string {
  const waived = surveys.flatMap((one) => one.waived).find(({ source }) => source === sop);
  if (waived?.waiver != null)
    return `${sop} is waived already, by ${waived.waiver.by}: ${waived.waiver.reason}`;
  throw new CommandRefused(`"${sop}" blocks nothing here. ${obstacles(surveys)}`);
}

function obstacles(surveys: readonly Survey[]): string {
  const lines = surveys.map(({ subject: { document }, blocking, without }) => {
    if (without !== '') return `${document.name} has no plan that an SOP could block: ${without}`;
    const sources = [...new Set(blocking.map(({ source }) => source))];
    return sources.length === 0
      ? `Nothing blocks ${document.name}`
      : `${document.name} is blocked by ${sources.join(', ')}`;
  });
  return lines.join('. ');
}

/** Who asks for something does not also let it pass, where the policy does not count an author's approval either. */
async function assertNotOwn({ document, authors }: WaiverSubject, { login }: WaiverRequest): Promise<void> {
  if (authors === null || login === null) return;
  const { logins, doubt } = await authors();
  if (logins.some((author) => author.toLowerCase() === login.toLowerCase()))
    throw new CommandRefused(
      `${login} is the author of ${document.name}: somebody else has to waive it, or policy.approvalByAuthor to be true`,
    );
  if (doubt !== null)
    throw new CommandRefused(`Whose request ${document.name} is has to be known to waive it: ${doubt}`);
}

function answer(sop: string, meant: readonly Survey[]): string {
  const names = meant.map(({ subject }) => subject.document.name).join(', ');
  const others = meant
    .flatMap(({ blocking }) => blocking.map(({ source }) => source))
    .filter((source) => source !== sop);
  const left = others.length === 0 ? '' : `, which ${[...new Set(others)].join(', ')} still blocks`;
  return `${sop} is waived for ${names} as it is${left}; it is no approval: the plan says so, and waits for one`;
}
