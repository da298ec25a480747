import type { Question } from '../../domain/interpretation.js';
import { type Gathered, isCourtesy } from './gather.js';
import type { Reading } from './reading.js';
import { isWord, type Token } from './token.js';
import { isOurWord } from './vocabulary.js';
import { words } from './words.js';

const DAYS = words(
  'monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun',
);
const LATER = words('tomorrow tonight overnight');
const OWN = words(
  `there test tests smoke healthy green stable pass passes passed ok okay fine good well errors error rate fail fails failed failing failure wrong problem problems issue issues approved merged approval done finished through build builds built
  ci pipeline checks check watch soak bake complete completes completed happy clean successful successfully succeeds succeeded success succeed works working healthy deployed released live up running health quiet calm alright everything anything nothing something all
  that p95 latency slow verified looks look trouble badly bad worse unhealthy broken breaks regression regressions drops exceed exceeds goes crash crashes crashing restarts restart threshold thresholds spike spikes alert alerts alarms lgtm rollout deploy deployment`,
);
const APPOINTMENT = words(
  'lunch meeting hours midnight noon standup stand-up weekend holiday holidays window signs sign-off signoff confirms approves confirmation call demo sprint retro work break peak eod cob freeze dinner breakfast launch campaign sale release-party q1 q2 q3 q4',
);

const PROTECTING = words(
  'guard guards test tests check checks alarm alarms alert alerts error errors fail fails failing red unhealthy watchdog monitoring trip trips',
);

/** What a deploy waits for that nobody here can know or wait for: a time of day, somebody's word. Null when all is clear. */
export function findOpenPoint(gathered: Gathered, readings: readonly Reading[]): Question | null {
  for (const act of gathered.acts) {
    const when = scheduledAt(act.reading.tokens, act.reading.at);
    if (when !== null) return laterQuestion(when);
  }
  const waiting = readings.filter(
    (reading) => reading.mood === 'order' && isWord(reading.tokens[reading.at], 'wait', 'hold'),
  );
  const somebodys = waiting.find(({ tokens, at }) => awaitsOther(tokens, at));
  if (somebodys !== undefined)
    return {
      field: 'text',
      question: `I cannot know or wait for "${somebodys.tokens
        .slice(somebodys.at)
        .map((token) => token.raw)
        .join(' ')}". Should it happen now, or not at all?`,
      choices: ['now', 'not at all'],
    };
  const sentences = new Set([
    ...[...gathered.acts.map((act) => act.reading), ...waiting].map((reading) => reading.clause.sentence),
    ...openedByCondition(readings),
  ]);
  for (const [at, reading] of readings.entries()) {
    if (servesOther(readings[at - 1], reading, gathered)) continue;
    if (
      reading.mood === 'name' &&
      !reading.clause.told &&
      sentences.size > 0 &&
      isAppointment(reading.tokens)
    )
      return laterQuestion(reading.tokens[0] as Token);
    if (reading.mood !== 'condition' || !sentences.has(reading.clause.sentence) || isCourtesy(reading))
      continue;
    const question = conditionQuestion(reading, gathered);
    if (question !== null) return question;
  }
  return null;
}

/** "if the doctors are happy with it, clinical as well": whatever follows the condition, it is no report. */
function openedByCondition(readings: readonly Reading[]): readonly number[] {
  const tell = new Set(
    readings
      .filter(({ mood, clause }) => clause.told || mood === 'state' || mood === 'ask' || mood === 'muse')
      .map(({ clause }) => clause.sentence),
  );
  return readings.flatMap(({ clause }, at) => {
    const opens = clause.lead === 'condition' && readings[at - 1]?.clause.sentence !== clause.sentence;
    return opens && !tell.has(clause.sentence) ? [clause.sentence] : [];
  });
}

/** "tell us if …": the condition is on the telling. */
function servesOther(before: Reading | undefined, reading: Reading, gathered: Gathered): boolean {
  if (
    reading.mood !== 'condition' ||
    before === undefined ||
    before.clause.sentence !== reading.clause.sentence
  )
    return false;
  return before.mood === 'order' && !gathered.byReading.has(before) && before.verb?.class === 'tell';
}

function laterQuestion(token: Token): Question {
  return {
    field: 'text',
    question: `Nothing can be planned for later ("${token.raw}"): commit the intent when it should happen. Should it happen now?`,
    choices: ['now'],
  };
}

function isAppointment(tokens: readonly Token[]): boolean {
  const first = tokens[0];
  return (
    first !== undefined &&
    tokens.length <= 4 &&
    scheduledAt(tokens, -1) !== null &&
    !isWord(first, 'by', 'before')
  );
}

/** A time at which to act: "tomorrow", "at 17:00", "on Friday", "in 20 minutes". Deadlines ("by Friday") are not. */
export function scheduledAt(tokens: readonly Token[], from: number): Token | null {
  for (let at = Math.max(0, from + 1); at < tokens.length; at += 1) {
    const token = tokens[at];
    const before = isWord(tokens[at - 1], 'the', 'this', 'next') ? tokens[at - 2] : tokens[at - 1];
    if (
      token === undefined ||
      isWord(tokens[at + 1], "'s") ||
      isWord(before, 'by', 'before', 'until', 'since', 'from', 'of')
    )
      continue;
    if (token.kind === 'number' && isWord(tokens[at - 1], 'between')) return token;
    if (token.kind === 'word' && LATER.has(token.text)) return token;
    if (
      token.kind === 'word' &&
      DAYS.has(token.text) &&
      (isWord(before, 'on') ||
        isWord(tokens[at - 1], 'next', 'this', 'coming') ||
        tokens[at + 1] === undefined ||
        isWord(tokens[at + 1], 'morning', 'night', 'evening', 'afternoon', 'at'))
    )
      return token;
    if (
      isWord(tokens[at - 1], 'next') &&
      isWord(token, 'week', 'month', 'sprint', 'weekend', 'quarter', 'year')
    )
      return token;
    if (isWord(tokens[at - 1], 'this', 'the') && isWord(token, 'evening', 'afternoon', 'weekend'))
      return token;
    if (isWord(token, 'later') && isWord(tokens[at + 1], 'today', 'this', 'tonight')) return token;
    if (isWord(token, 'midnight', 'noon', 'eod') && isWord(before, 'at')) return token;
    if (
      (token.kind === 'time' || token.kind === 'date') &&
      isWord(before, 'at', 'on', 'after', 'from', 'around', 'today', 'tomorrow')
    )
      return token;
    if (token.kind === 'time' && /[ap]m$/.test(token.text)) return token;
    if (
      token.kind === 'number' &&
      isWord(before, 'at') &&
      isWord(tokens[at + 1], 'am', 'pm', "o'clock", 'utc')
    )
      return token;
    if (
      token.kind === 'duration' &&
      token.value >= 60 &&
      isWord(tokens[at - 1], 'in') &&
      !isWord(tokens[at + 1], 'or')
    )
      return token;
  }
  return null;
}

function conditionQuestion(reading: Reading, gathered: Gathered): Question | null {
  const { tokens, clause } = reading;
  const first = tokens[0];
  if (first === undefined || tokens.every((token) => token.kind === 'punct')) return null;
  const text = tokens
    .slice(0, 8)
    .map((token) => token.raw)
    .join(' ');
  const waits: Question = {
    field: 'text',
    question: `I cannot know or wait for "${clause.word} ${text}". Should it happen now, or not at all?`,
    choices: ['now', 'not at all'],
  };
  if (clause.lead === 'time') {
    if (clause.word === 'before') return null;
    if (isPending(reading)) return waits;
    return isLater(tokens) && !tokens.some((token) => isWord(token, 'yesterday', 'last')) ? waits : null;
  }
  if (clause.word === 'until' || clause.word === 'till')
    return isLater(tokens) || tokens.some((token) => token.kind === 'date') ? waits : null;
  if (clause.word === 'even')
    return tokens.some((token) => token.kind === 'word' && PROTECTING.has(token.text)) ? waits : null;
  if (isOfOthers(reading)) return waits;
  if (
    tokens.some(
      (token) =>
        token.kind === 'rate' ||
        token.kind === 'duration' ||
        token.environments.length > 0 ||
        (token.kind === 'word' && OWN.has(token.text) && !somebody(tokens)),
    )
  )
    return null;
  void gathered;
  return waits;
}

/** "as soon as the warehouse has finished its stocktake": a word in it is none of ours. */
function isOfOthers({ tokens, clause }: Reading): boolean {
  if (clause.lead !== 'condition' || tokens.some(({ kind }) => kind === 'rate' || kind === 'duration'))
    return false;
  return hasWordOfOthers(tokens);
}

function hasWordOfOthers(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token) =>
      token.kind === 'word' &&
      token.services.length === 0 &&
      token.environments.length === 0 &&
      !OWN.has(token.text) &&
      !isOurWord(token.text),
  );
}

/** "after Jo has proofread the imprint": not done yet, and by others. */
function isPending(reading: Reading): boolean {
  const perfect = reading.tokens.some((token) => isWord(token, 'has', 'have', 'is', 'are'));
  return perfect && hasWordOfOthers(reading.tokens);
}

/** "wait for Anna's go": not for a time, nor for our own steps. */
function awaitsOther(tokens: readonly Token[], at: number): boolean {
  const rest = tokens.slice(at + 1);
  if (!isWord(rest[0], 'for')) return false;
  return !rest.some(
    (token) =>
      token.kind === 'duration' ||
      token.environments.length > 0 ||
      (token.kind === 'word' && OWN.has(token.text)),
  );
}

function isLater(tokens: readonly Token[]): boolean {
  return tokens.some(
    (token) =>
      token.kind === 'time' ||
      (token.kind === 'word' &&
        (APPOINTMENT.has(token.text) || DAYS.has(token.text) || LATER.has(token.text))),
  );
}

/** "when Anna says it is fine": not our own steps. */
function somebody(tokens: readonly Token[]): boolean {
  return tokens.some((token) =>
    isWord(
      token,
      'says',
      'confirms',
      'approves',
      'agrees',
      'thinks',
      'gives',
      'signs',
      'agree',
      'confirm',
      'wants',
      'returns',
      'happy-with',
      'decides',
    ),
  );
}
