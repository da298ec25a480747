import type { IntentState } from '../domain/intent.js';
import type { IntentPreview, IntentRecord, PlanRecord } from '../domain/records.js';
import { redact } from '../domain/redact.js';
import type { Annotation, CommitStatus, LineReport } from '../ports/forge-board.js';

/** An intent with the plan that stands for it. */
export interface ShownIntent {
  readonly intent: Pick<IntentRecord, 'name' | 'path' | 'state' | 'detail'>;
  readonly plan: Pick<PlanRecord, 'body' | 'status' | 'proposal'> | null;
}

type StatusState = CommitStatus['state'];

const STATES: Readonly<Record<IntentState | IntentPreview['outcome'], StatusState>> = {
  pending: 'pending',
  waiting: 'pending',
  planned: 'success',
  plan: 'success',
  suspended: 'success',
  withdrawn: 'success',
  broken: 'failure',
  question: 'failure',
  refused: 'failure',
  blocked: 'failure',
  rejected: 'failure',
};

const WORST: readonly StatusState[] = ['failure', 'error', 'pending', 'success'];

/** Smaller needs somebody sooner. */
export function urgencyOf(state: IntentState): number {
  return WORST.indexOf(STATES[state]);
}

/** `commander/intent` of a commit, for all intents that it brings; `shown` has the worst of them. */
export function intentVerdict(
  shown: readonly ShownIntent[],
  total = shown.length,
): Pick<CommitStatus, 'state' | 'description'> {
  const states = shown.map(({ intent }) => STATES[intent.state]);
  const state = WORST.find((candidate) => states.includes(candidate)) ?? 'success';
  const [only] = shown;
  if (only === undefined) return { state: 'success', description: 'no intent is changed' };
  if (total === 1) return { state, description: describe(only) };
  const wrong = shown.find(({ intent }) => STATES[intent.state] === state && state !== 'success');
  const counts = `${total} intents`;
  return {
    state,
    description:
      wrong === undefined
        ? `${counts}, each with its plan`
        : `${counts}; ${wrong.intent.name}: ${describe(wrong)}`,
  };
}

function describe({ intent, plan }: ShownIntent): string {
  if (intent.state === 'planned' && plan !== null) {
    const number = plan.proposal?.number == null ? '' : ` in #${plan.proposal.number}`;
    return `planned${number}: ${plan.body.split('\n', 1)[0] ?? ''}`;
  }
  const detail = redact(intent.detail.join(' '));
  return detail === '' ? intent.state : `${intent.state}: ${detail}`;
}

/** The same verdict before the merge. */
export function previewVerdict(
  intents: readonly IntentPreview[],
): Pick<CommitStatus, 'state' | 'description'> {
  const [only] = intents;
  if (only === undefined) return { state: 'success', description: 'no intent is changed' };
  const wrong = intents.find(({ outcome }) => STATES[outcome] === 'failure');
  const pending = intents.find(({ outcome }) => STATES[outcome] === 'pending');
  const telling = wrong ?? pending ?? only;
  const count = intents.length === 1 ? '' : `${intents.length} intents; ${telling.name}: `;
  return {
    state: STATES[telling.outcome],
    description: `${count}${telling.outcome === 'plan' ? 'would be planned' : telling.outcome}: ${redact(telling.detail.join(' '))}`,
  };
}

const PLACE = /^(?<path>\S+?):(?<line>\d+):/;
const FIRST_LINE = 1;

/** What is wrong, on the line of the file that it is about (the first where a problem names none). */
export function annotations(
  shown: readonly { readonly path: string; readonly bad: boolean; readonly detail: readonly string[] }[],
): readonly Annotation[] {
  return shown
    .filter(({ bad }) => bad)
    .flatMap(({ path, detail }) =>
      detail.map((message) => {
        const place = PLACE.exec(message)?.groups;
        const line = place?.path === path ? Number(place.line) : FIRST_LINE;
        return { path, line, message: redact(message) };
      }),
    );
}

export function isBad(state: IntentState | IntentPreview['outcome']): boolean {
  return STATES[state] === 'failure';
}

/** The same verdict as a report on lines. */
export function lineVerdict({
  state,
  description,
}: Pick<CommitStatus, 'state' | 'description'>): Pick<LineReport, 'name' | 'conclusion' | 'title'> {
  const conclusion = state === 'failure' || state === 'success' ? state : 'neutral';
  return { name: 'commander/intent lines', conclusion, title: description };
}
