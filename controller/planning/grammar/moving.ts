import { isFixOf } from './fixes.js';
import { beyond, has, type Meaning, named, STEP_WORDS, stepsAlone } from './meanings.js';
import type { Reading } from './reading.js';
import { isPunct, isWord, type Token } from './token.js';
import { type Verb, verbsOf } from './verbs.js';
import { DETERMINERS, words } from './words.js';

const CARRIES = words(
  'push put get bring move take upgrade update bump switch set install advance progress roll go flip point change propagate land swap replace pull transition be run have make need want apply reset return fall reinstate drop stage restore send cut start kick continue proceed let trigger carry',
);

const ON = words('go continue proceed move advance progress carry follow step');

const CONFIGS = words(
  'config configs configuration var vars port ports timeout timeouts flag flags setting settings variable variables env-var envvar limit limits memory cpu replicas replica logs log logging level metrics status url hostname domain certificate cert certs database db table schema secret secrets key password token readme docs documentation wiki page dependency dependencies owner permissions dashboard ticket jira calendar spreadsheet confluence changelog',
);

export function moving(reading: Reading, verb: Verb): Meaning {
  const { tokens, at } = reading;
  const spelt =
    verbsOf(tokens[at]?.text ?? '').some((other) => other.lemma === verb.lemma) ||
    verb.form !== 'base' ||
    verb.lemma === 'be';
  const rest = tokens.slice(spelt ? at + 1 : at);
  if (!spelt && tokens.some((token) => token.environments.length > 0))
    return { kind: 'act', action: 'deploy', weak: !named(rest) };
  if (
    has(rest, STEP_WORDS) &&
    [
      'do',
      'perform',
      'execute',
      'trigger',
      'kick',
      'start',
      'begin',
      'have',
      'need',
      'get',
      'continue',
      'make',
      'want',
      'be',
      'run',
    ].includes(verb.lemma) &&
    !tokens.some((token) => token.kind === 'version')
  )
    return stepsAlone(reading);
  if (verb.lemma === 'let' || verb.lemma === 'have')
    return waits(rest)
      ? { kind: 'part' }
      : named(rest)
        ? { kind: 'act', action: 'deploy', weak: true }
        : { kind: 'unknown' };
  if (verb.lemma === 'give') return waits(rest) ? { kind: 'part' } : beyond(tokens, at);
  if (takesDown(rest, verb)) return beyond(tokens, at);
  const placed = rest.some((token) => token.environments.length > 0);
  const pronoun =
    isWord(rest[0], 'it', 'this', 'that', 'everything', 'them') ||
    isWord(rest[0], 'live', 'on', 'ahead', 'out', 'forward');
  if (ownsConfig(rest)) return beyond(tokens, at);
  if (ON.has(verb.lemma) && (placed || isWord(rest[0], 'live', 'ahead', 'on')))
    return { kind: 'act', action: 'deploy', weak: true };
  if (CARRIES.has(verb.lemma) && named(rest)) return { kind: 'act', action: 'deploy', weak: false };
  if (CARRIES.has(verb.lemma) && (named(tokens) || verb.lemma === 'be') && placed)
    return { kind: 'act', action: 'deploy', weak: false };
  if (CARRIES.has(verb.lemma) && pronoun && (placed || isWord(rest[0], 'live')))
    return { kind: 'act', action: 'deploy', weak: false };
  if (CARRIES.has(verb.lemma) && pronoun && isWord(rest[0], 'it') && isWord(rest[1], 'live', 'out'))
    return { kind: 'act', action: 'deploy', weak: false };
  if (
    CARRIES.has(verb.lemma) &&
    placed &&
    has(rest, words('version release build latest main master thing app application service hotfix fix'))
  )
    return { kind: 'act', action: 'deploy', weak: false };
  if (verb.lemma === 'roll' && isWord(rest[0], 'out', 'forward'))
    return { kind: 'act', action: 'deploy', weak: false };
  return vague(tokens, at, verb);
}

/** "take payments down", "pull it off": the opposite of putting it somewhere. */
function takesDown(rest: readonly Token[], verb: Verb): boolean {
  if (isWord(rest[0], 'down', 'offline') || rest.some((token) => isWord(token, 'offline', 'apart', 'aside')))
    return true;
  if (['kick', 'start', 'roll', 'step'].includes(verb.lemma)) return false;
  return rest.some(
    (token, at) =>
      isWord(token, 'down', 'off', 'away') && !isWord(rest[at + 1], 'to', 'main', 'master', 'the'),
  );
}

function waits(rest: readonly Token[]): boolean {
  return rest.some((token) => token.kind === 'duration') || has(rest, words('bake soak sit run settle cook'));
}

function ownsConfig(rest: readonly Token[]): boolean {
  for (let at = 0; at < rest.length; at += 1) {
    const token = rest[at];
    if (isPunct(token, ',') || isWord(token, 'with', 'which', 'for')) return false;
    if (
      token !== undefined &&
      token.kind === 'word' &&
      token.services.length === 0 &&
      CONFIGS.has(token.text) &&
      !isFixOf(rest, at)
    )
      return true;
  }
  return false;
}

const SYSTEMIC = words(
  'update set install change switch send apply start trigger execute pull point swap replace reset cut drop do push stage',
);

function vague(tokens: readonly Token[], at: number, verb: Verb): Meaning {
  const next = tokens[at + 1];
  if (tokens.slice(at).length <= 1) return ON.has(verb.lemma) ? { kind: 'benign' } : { kind: 'unknown' };
  if (['go', 'come', 'be', 'make', 'need', 'want'].includes(verb.lemma)) return { kind: 'unknown' };
  if (has(tokens.slice(at + 1, at + 5), words('version release one'))) return { kind: 'unknown' };
  const object =
    next !== undefined &&
    next.kind === 'word' &&
    (DETERMINERS.has(next.text) || next.environments.length === 0);
  return SYSTEMIC.has(verb.lemma) && object && !isWord(next, 'it', 'that', 'this', 'the')
    ? beyond(tokens, at)
    : SYSTEMIC.has(verb.lemma) &&
        isWord(next, 'the') &&
        !has(tokens.slice(at + 1), words('version release app application service build thing latest one'))
      ? beyond(tokens, at)
      : { kind: 'unknown' };
}
