import { isPunct, isWord, type Token } from './token.js';
import { verbOf, verbsOf } from './verbs.js';
import { POLITE, words } from './words.js';

/** What people say before an order. `!` marks those that take it back, `~` those that only muse, `=` those that only lead over. */
const OPENINGS = `
can you|could you|would you|will you|can we|could we|can someone|could someone|can somebody|could somebody|can anyone|could anyone|can you guys|would somebody|would someone
would you mind|do you mind|mind|would it be possible to|is it possible to|it would be possible to|i want you to|i need you to|we need you to|we want you to|i'd like you to|we'd like you to|i would like you to|we would like you to
i want to|we want to|i need to|we need to|i'd like to|we'd like to|i would like to|we would like to|i'd love to|we'd love to|you need to|you should|you must|you can|you may|you have to|you could|we should|we must|we have to|we've got to|we gotta|i have to|we can
let's|let us|go ahead and|go ahead with|go and|make sure to|make sure you|make sure that you|make sure we|make sure that we|be sure to|don't forget to|do not forget to|remember to|try to|feel free to|it's time to|it is time to|time to|it's time for|it is time for|time for|i'm asking you to|i ask you to|we ask you to|i kindly ask you to|we kindly ask you to|we're asking you to
you are to|you're to|your job is to|your task is to|the task is to|the plan is to|plan is to|plan:|the goal is to|goal is to|the idea is to|idea is to|need to|have to|want to|help me to|help us to|help me|help us|would love to|any chance you could|any chance we could
=any chance of|is there any chance you could|do me a favor and|do me a favour and|do us a favor and|request to|requesting to|asking to|looking to|we are looking to|we're looking to|i'm looking to|i am looking to|we wish to|i wish to|wish to|i request you to
what i need from you|what we need from you|what i need|what we need|all i need|all we need|i request|we request|requesting|you could|you can|we're ready to|we are ready to|ready to|i am ready to|we're good to|good to|we are good to|clear to|start by|begin by|go on and|=as discussed|=as agreed|=as planned
=in order to|need you to|i was hoping you could|i hope you can|hoping you could|=for me|=per my request|=when ready|approved to|cleared to|=after that|=at your earliest convenience|=if possible|we would appreciate|i'd appreciate|we'd appreciate|i would appreciate|=moving on|=with that|this is a request to|this is to request|request for|this is a request for|your mission is to
do please|=first of all|=to start|=to begin|=on behalf of the team|=from now on|=by the way|=btw|=as soon as possible|=so as discussed|=as mentioned|=as per|=like we said|=as requested|=as promised|=as always|=as usual|=one more thing|also need to|we also need to|you also need to|would be great to|it would be great to|it'd be great to|would be nice to|it would be nice to|i'd like|i would like|we'd like|we would like|i want|we want|i need|we need|need|want|i'd love|we'd love|we agreed to|we decided to|we've decided to|we have decided to|we've agreed to|it was decided to|i was asked to|i've been asked to|we were asked to
=don't forget|=do not forget|=don't forget about|=do not forget about|=remember|!don't|!do not|!never|!please don't|!no need to|!there is no need to|!there's no need to|!we should not|!we shouldn't|!you should not|!you must not|!you shouldn't|!we must not|!must not|!should not|!shouldn't|!we don't want to|!i don't want to|!we do not want to|!i do not want to|!i don't want you to|!we don't need to|!you don't need to|!you don't have to|!you need not|!need not|!not to|!refrain from|!avoid|!hold off on|!i'd rather not|!under no circumstances|!by no means|!we can't|!we cannot|!you can't|!can't|!we won't|!won't|!without|!no|!not
~maybe|~perhaps|~might|~we might|~we could|~we should probably|~we should maybe|~probably|~i think we should maybe|~should we|~shall we|~thinking about|~i'm thinking about|~we're thinking about|~we are thinking about|~considering|~we are considering|~we're considering|~consider|~what if we|~how about|~what about|~not sure if we should|~i wonder if we should|~wondering if we should|~may want to|~we may want to|~might want to|~we might want to|~you might want to|~would it make sense to|~does it make sense to|~is it safe to|~is it ok to|~is it okay to|~should i|~can i|~could i|~may i|~do we need to|~do i need to|~do you think we should|~shouldn't we|~we'll|~we will|~i'll|~i will|~we're going to|~we are going to|~i'm going to|~i am going to|~we plan to|~we're planning to|~we are planning to|~planning to|~going to|~about to|~we're about to|~we are about to|~we intend to|~hoping to|~we hope to|~i hope to|~we would|~someday|~eventually|~one day`;

type Stance = 'asks' | 'forbids' | 'muses' | 'leads';
interface Opening {
  readonly words: readonly string[];
  readonly stance: Stance;
}

const STANCES: Readonly<Record<string, Stance>> = { '!': 'forbids', '~': 'muses', '=': 'leads' };

function index(): Map<string, Opening[]> {
  const found = new Map<string, Opening[]>();
  for (const phrase of OPENINGS.split(/[|\n]/).map((part) => part.trim())) {
    if (phrase === '') continue;
    const stance = STANCES[phrase[0] ?? ''] ?? 'asks';
    const parts = phrase.replace(/^[!~=]/, '').split(' ');
    const first = parts[0] ?? '';
    found.set(
      first,
      [...(found.get(first) ?? []), { words: parts, stance }].sort(
        (left, right) => right.words.length - left.words.length,
      ),
    );
  }
  return found;
}

const BY_FIRST: ReadonlyMap<string, readonly Opening[]> = index();

export interface Opened {
  /** Index of the first token after all openings. */
  readonly at: number;
  readonly asks: boolean;
  readonly forbids: boolean;
  readonly muses: boolean;
}

/** Skips greetings, politeness, labels and list marks at the start of a clause. */
export function skipOpenings(tokens: readonly Token[], from = 0): Opened {
  let at = from;
  let [asks, forbids, muses] = [false, false, false];
  for (let steps = 0; steps < 40; steps += 1) {
    const opening = openingAt(tokens, at);
    if (opening !== undefined) {
      at = endOfOpening(tokens, at, opening);
      if (opening.stance === 'asks') asks = true;
      if (opening.stance === 'forbids') forbids = !forbids;
      if (opening.stance === 'muses') muses = true;
      continue;
    }
    if (!isFiller(tokens, at)) break;
    at += 1;
  }
  return { at, asks, forbids, muses };
}

function openingAt(tokens: readonly Token[], at: number): Opening | undefined {
  const first = tokens[at];
  if (first === undefined || first.kind !== 'word' || first.services.length > 0) return undefined;
  return BY_FIRST.get(first.text)?.find((opening) => endOfOpening(tokens, at, opening) > at);
}

/** Does an order open here in the first person, whatever stands before it: "… I'd like", "… we need to"? */
export function opensOrder(tokens: readonly Token[], at: number): boolean {
  if (!FIRST_PERSON.has(tokens[at]?.text ?? '')) return false;
  if (tokens[at]?.raw === 'lets' && at > 0 && tokens[at - 1]?.kind !== 'punct') return false;
  return openingAt(tokens, at)?.stance === 'asks';
}

const FIRST_PERSON = words("i we i'd we'd let's i'm we're we've");
const ADVERBS = words(
  'still also just now really kindly please then therefore urgently definitely absolutely very simply all both again actually first already',
);

/** Index after an opening, adverbs between its words let through; the same index when it is not there. */
function endOfOpening(tokens: readonly Token[], at: number, opening: Opening): number {
  let here = at;
  for (const [step, word] of opening.words.entries()) {
    if (step > 0 && tokens[here]?.text !== word && ADVERBS.has(tokens[here]?.text ?? '')) here += 1;
    if (tokens[here]?.text !== word) return at;
    here += 1;
  }
  return here;
}

/** "Do roll out seats". */
function insists(tokens: readonly Token[], at: number): boolean {
  const next = verbOf(tokens[at + 1]?.text ?? '', 'deploy', 'rollback', 'move', 'build');
  return at === 0 && tokens[at]?.text === 'do' && next?.form === 'base';
}

/** "Edit: 9.0.1", "Update 11:20: …": what is written later. */
function isLaterNote(tokens: readonly Token[], at: number): boolean {
  const colon = tokens[at + 1]?.kind === 'time' ? tokens[at + 2] : tokens[at + 1];
  return (
    at === 0 &&
    isWord(tokens[at], 'edit', 'edited', 'update', 'correction', 'addendum') &&
    isPunct(colon, ':')
  );
}

const REMARKS = words('note remember notice remark reminder warning caution attention');

function isFiller(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  if (insists(tokens, at) || isLaterNote(tokens, at)) return true;
  if (
    token.kind === 'mention' ||
    token.kind === 'ticket' ||
    token.kind === 'link' ||
    token.kind === 'channel' ||
    token.kind === 'arrow' ||
    token.kind === 'date' ||
    token.kind === 'time'
  )
    return true;
  if (token.kind === 'punct') return !isPunct(token, '>', '<');
  if (token.kind !== 'word' || token.services.length > 0) return false;
  const colon = isPunct(tokens[at + 1], ':') && token.environments.length === 0;
  if (colon && (verbsOf(token.text).length === 0 || REMARKS.has(token.text))) return true;
  return POLITE.has(token.text) && token.environments.length === 0;
}
