import type { Action, PostStep } from '../../domain/intent.js';
import type {
  Evidence,
  EvidenceByField,
  EvidenceField,
  Interpretation,
  Question,
} from '../../domain/interpretation.js';
import { findBounds } from './bounds.js';
import { findOpenPoint } from './conditions.js';
import { type Gathered, gather } from './gather.js';
import type { NameIndex } from './names.js';
import { withNominal } from './nominal.js';
import type { Reading } from './reading.js';
import { type StepMention, scanSteps } from './steps.js';
import { findSubject } from './subject.js';
import { findTargets, type Targets } from './targets.js';
import { isWord, type Token } from './token.js';
import { countsBack, findVersion, isLower } from './version-choice.js';

/** From readings without objection to a request, or to the questions that stand in its way. */
export function decide(readings: readonly Reading[], index: NameIndex, original: string): Interpretation {
  const gathered = withNominal(gather(readings, index), readings, index);
  const questions: Question[] = [];
  const action = findAction(gathered, questions);
  if (action === null) return { outcome: 'clarify', questions, evidence: {} };
  const subject = findSubject(gathered, readings, index.serviceNames);
  if (subject.problem !== 'none')
    questions.push(subjectQuestion(subject.problem, subject.word, subject.choices));
  const version = findVersion(gathered, readings);
  if (version.several.length > 0)
    questions.push({
      field: 'version',
      question: `Which version is meant: ${version.several.join(' or ')}?`,
      choices: version.several,
    });
  if (version.version === null && countsBack(gathered) !== null)
    questions.push(ask('version', 'Which version is to be put back? I do not count versions back.'));
  const isBack =
    version.older !== null ||
    (version.version !== null && version.leaves !== null && isLower(version.version, version.leaves));
  const final: Action = action === 'deploy' && isBack ? 'rollback' : action;
  const targets = findTargets(gathered, readings, index);
  const needsPlace = final !== 'build';
  if (targets.problem !== 'none' && (needsPlace || targets.problem === 'unknown'))
    questions.push(placeQuestion(targets, final));
  const doubt = readings.find(
    (reading) =>
      (isUnsure(reading) && !reading.clause.told) ||
      (reading.mood === 'muse' &&
        reading.verb === null &&
        reading.tokens.some(
          (token) => token.kind === 'version' || token.environments.length > 0 || token.services.length > 0,
        )),
  );
  if (doubt !== undefined)
    questions.push(
      ask(
        'text',
        `Is "${doubt.tokens
          .map((token) => token.raw)
          .slice(0, 8)
          .join(' ')}" meant or not?`,
      ),
    );
  const elsewhere = waitsElsewhere(readings, targets);
  if (elsewhere !== null)
    questions.push(
      ask(
        'environments',
        `Is "${elsewhere.raw}" to come first, or does it only have to be there already? I cannot wait for it otherwise.`,
      ),
    );
  const open = findOpenPoint(gathered, readings);
  if (open !== null) questions.push(open);
  const bounds = findBounds(readings);
  if (bounds.question !== null) questions.push(bounds.question);
  if (questions.length > 0 || subject.service === null)
    return { outcome: 'clarify', questions, evidence: {} };
  const steps = findSteps(readings, gathered, final);
  const spans = new Map<EvidenceField, Token[]>();
  spans.set(
    'action',
    [actionToken(gathered, version.older, final !== action)].filter((token) => token !== undefined),
  );
  if (subject.token !== null) spans.set('service', [subject.token]);
  if (version.token !== null) spans.set('version', [version.token]);
  if (needsPlace) spans.set('environments', [...targets.tokens]);
  if (steps.length > 0)
    spans.set(
      'postSteps',
      steps.map((step) => step.token),
    );
  for (const [field, mention] of bounds.values) spans.set(field, [mention.token]);
  const promoted = final === 'deploy' && version.version === null ? targets.source : null;
  return {
    outcome: 'plan',
    request: {
      ...(promoted === null ? {} : { promotedFrom: promoted }),
      action: final,
      service: subject.service,
      version: version.version,
      environments: needsPlace ? targets.environments : [],
      postSteps: steps.map((step) => step.step),
      guards: {
        errorRate: bounds.values.get('errorRate')?.value ?? null,
        latencyP95Ms: bounds.values.get('latencyP95Ms')?.value ?? null,
        watchMinutes: bounds.values.get('watchMinutes')?.value ?? null,
      },
    },
    evidence: evidenceOf(spans, original),
  };
}

/** "to production once staging is done": an environment that is waited for and not asked for. */
function waitsElsewhere(readings: readonly Reading[], targets: Targets): Token | null {
  if (targets.environments.length === 0) return null;
  for (const { mood, clause, tokens } of readings) {
    if (mood !== 'condition' || clause.told || !['once', 'when', 'until'].includes(clause.word)) continue;
    const found = tokens.find(
      (token) =>
        token.environments.length === 1 &&
        token.environments.every((name) => !targets.environments.includes(name) && name !== targets.source),
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** "not sure": who asks does not know. */
function isUnsure(reading: Reading): boolean {
  return reading.tokens.some(
    (token, at) =>
      isWord(token, 'unsure', 'undecided') ||
      (isWord(token, 'sure', 'certain') &&
        reading.tokens
          .slice(Math.max(0, at - 3), at)
          .some((before) => isWord(before, 'not', "isn't", "aren't", "wasn't"))),
  );
}

function ask(field: Question['field'], question: string, choices: readonly string[] = []): Question {
  return { field, question, choices };
}

function findAction(gathered: Gathered, questions: Question[]): Action | null {
  const unclear = gathered.unknown[0];
  if (gathered.cancels !== null)
    questions.push(ask('text', 'The text takes something back. What should happen, if anything?'));
  if (unclear !== undefined)
    questions.push(
      ask(
        'text',
        `What is meant by "${unclear.tokens
          .slice(unclear.at, unclear.at + 6)
          .map((token) => token.raw)
          .join(' ')}"? It is not a deploy, rollback, test or build that I can read.`,
      ),
    );
  const strong = gathered.acts.filter((act) => !act.weak);
  const actions = new Set((strong.length > 0 ? strong : gathered.acts).map((act) => act.action));
  if (actions.size === 0) {
    questions.push(
      ask('action', 'Nothing is asked for. What should happen: deploy, rollback, test or build?', [
        'deploy',
        'rollback',
        'test',
        'build',
      ]),
    );
    return null;
  }
  if (questions.length > 0) return null;
  if (actions.has('deploy') && actions.has('rollback')) {
    questions.push(
      ask('action', 'Both a deploy and a rollback are asked for. Which one? One intent does one thing.', [
        'deploy',
        'rollback',
      ]),
    );
    return null;
  }
  for (const action of ['deploy', 'rollback', 'build', 'test'] as const)
    if (actions.has(action))
      return action === 'build' && actions.has('test') && hasPlace(gathered) ? 'test' : action;
  return null;
}

function hasPlace(gathered: Gathered): boolean {
  return gathered.acts.some((act) => act.action === 'test' && act.environments.mentions.length > 0);
}

function subjectQuestion(problem: string, word: string, choices: readonly string[]): Question {
  const list = choices.join(', ');
  if (problem === 'several')
    return ask(
      'service',
      `More than one service is named (${word}). Which one? One intent is about one service.`,
      choices,
    );
  if (problem === 'ambiguous')
    return { ...ask('service', `"${word}" may be any of ${list}. Which one?`, choices), cause: 'ambiguous' };
  if (problem === 'unknown')
    return ask('service', `The catalog has no service "${word}". Which one is meant: ${list}?`, choices);
  return { ...ask('service', `Which service: ${list}?`, choices), cause: 'missing' };
}

function placeQuestion(targets: Targets, action: Action): Question {
  const list = targets.choices.join(', ');
  if (targets.problem === 'unknown')
    return ask(
      'environments',
      `The catalog has no environment "${targets.word}". Which one is meant: ${list}?`,
      targets.choices,
    );
  if (targets.problem === 'ambiguous')
    return {
      ...ask('environments', `"${targets.word}" may be any of ${list}. Which one?`, targets.choices),
      cause: 'ambiguous',
    };
  if (targets.problem === 'alternatives')
    return ask(
      'environments',
      `The text leaves open which environment. Which one: ${list}?`,
      targets.choices,
    );
  if (targets.problem === 'excluded')
    return ask(
      'environments',
      `The text takes out every environment it names. Which one is meant: ${list}?`,
      targets.choices,
    );
  return {
    ...ask('environments', `In which environment is the ${action} to happen: ${list}?`, targets.choices),
    cause: 'missing',
  };
}

function findSteps(readings: readonly Reading[], gathered: Gathered, action: Action): StepMention[] {
  const wanted: StepMention[] = [];
  const dropped = new Set<PostStep>();
  let acted = false;
  for (const [at, reading] of readings.entries()) {
    for (const mention of scanSteps(reading, acted, readings[at + 1])) {
      if (!mention.wanted) dropped.add(mention.step);
      else if (!wanted.some((other) => other.step === mention.step)) wanted.push(mention);
    }
    acted ||= gathered.byReading.has(reading);
  }
  void action;
  return wanted.filter((mention) => !dropped.has(mention.step));
}

function actionToken(gathered: Gathered, older: Token | null, isBack: boolean): Token | undefined {
  const act = gathered.acts.find((other) => !other.weak) ?? gathered.acts[0];
  if (isBack && older !== null) return older;
  return act?.reading.tokens[act.reading.at] ?? act?.reading.tokens[0];
}

function evidenceOf(spans: ReadonlyMap<EvidenceField, readonly Token[]>, original: string): EvidenceByField {
  const out: Partial<Record<EvidenceField, readonly Evidence[]>> = {};
  for (const [field, tokens] of spans) {
    const seen = new Set<number>();
    out[field] = tokens
      .filter((token) => !seen.has(token.start) && seen.add(token.start))
      .map((token) => ({ start: token.start, end: token.end, text: original.slice(token.start, token.end) }));
  }
  return out;
}
