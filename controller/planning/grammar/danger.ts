import { isFixOf } from './fixes.js';
import { injected } from './injections.js';
import { meaningOf } from './meaning.js';
import { type Objection, objection } from './objection.js';
import { soundsLikeOrder } from './odd-orders.js';
import { hitsAt } from './patterns.js';
import { spoken } from './phrases.js';
import type { Reading } from './reading.js';
import { isWord, type Token } from './token.js';
import { verbOf } from './verbs.js';
import { ACCESS, FOREIGN, RULES } from './vocabulary.js';
import { words } from './words.js';

const INFRASTRUCTURE = words(
  `replicas replica instances pods pod nodes database databases db dbs table tables schema schemas firewall dns iam permissions permission privileges bucket buckets volume volumes namespace namespaces cronjob cronjobs
  ingress loadbalancer load-balancer configmap configmaps certificate certificates vm vms server servers daemonset statefulset autoscaler hpa secrets secret passwords password credentials`,
);

/** The first thing a text asks for that must be refused; null when there is none. */
export function findObjection(tokens: readonly Token[], readings: readonly Reading[]): Objection | null {
  return ordered(readings) ?? spoken(tokens, readings) ?? injected(tokens) ?? sensitive(readings);
}

/** Orders whose verb is not one of ours. */
function ordered(readings: readonly Reading[]): Objection | null {
  const orders = readings.filter((reading) => reading.mood === 'order');
  const sentences = new Set(orders.map((reading) => reading.clause.sentence));
  const deploys = orders.some((reading) => meaningAction(reading) === 'deploy');
  for (const reading of readings) {
    const head = reading.tokens[reading.at];
    if (reading.mood === 'order' || reading.mood === 'muse') {
      const meaning = meaningOf(reading);
      const lists =
        meaning.kind === 'unknown' ? [ACCESS, FOREIGN, RULES] : meaning.kind === 'part' ? [ACCESS] : [];
      if (reading.mood === 'order' && namesAnyOf(reading, lists))
        return objection('it asks for something else than a release', reading, reading.at);
      if (meaning.kind === 'beyond')
        return objection(
          `"${head?.text ?? ''}" is not something that this controller does`,
          reading,
          reading.at,
        );
    } else if (quotesOrder(reading) || gerundOrder(reading, sentences) || oddVerb(reading)) {
      return objection(
        `"${head?.fold ?? ''}" is not something that this controller does`,
        reading,
        reading.at,
      );
    } else if (forbidsWatch(reading, deploys))
      return objection('it asks to act without what protects releases', reading, reading.at);
  }
  return null;
}

/** An order nobody here understands, or one to tell something, about what is not ours. */
function namesAnyOf(reading: Reading, lists: readonly ReadonlySet<string>[]): boolean {
  return reading.tokens.some(
    (token, at) =>
      at > reading.at &&
      token.kind === 'word' &&
      token.services.length === 0 &&
      lists.some((list) => list.has(token.fold)) &&
      !isFixOf(reading.tokens, at),
  );
}

function quotesOrder(reading: Reading): boolean {
  const { clause, tokens, at, verb } = reading;
  return (
    clause.lead === 'aside' &&
    clause.told &&
    clause.word !== '(' &&
    verb?.class === 'other' &&
    verb.form === 'base' &&
    tokens[at + 1] !== undefined
  );
}

/** "after deleting the cache", "by restarting …" in a sentence that gives orders. */
function gerundOrder(reading: Reading, sentences: ReadonlySet<number>): boolean {
  if (reading.clause.lead !== 'time' && reading.clause.lead !== 'condition') return false;
  const word = reading.tokens[0]?.text ?? '';
  return verbOf(word, 'other')?.form === 'gerund' && sentences.has(reading.clause.sentence);
}

/** A look-alike spelling of a verb that is not ours. */
function oddVerb(reading: Reading): boolean {
  return reading.tokens.some(
    (token) =>
      token.odd && (verbOf(token.fold, 'other') !== undefined || hitsAt([{ ...token }], 0).length > 0),
  );
}

const PROTECTING = words(
  'watch watching monitor monitoring observe guard guards guarding audit log rollback record',
);

function forbidsWatch(reading: Reading, deploys: boolean): boolean {
  if (reading.mood !== 'forbid') return false;
  const head = reading.tokens[reading.at];
  if (reading.verb?.class === 'watch' && !isWord(head, 'wait', 'hold', 'sit', 'track')) return true;
  if (head !== undefined && PROTECTING.has(head.text) && reading.verb?.class !== 'rollback') return true;
  const back =
    reading.verb?.class === 'rollback' ||
    (isWord(head, 'roll') && isWord(reading.tokens[reading.at + 1], 'back'));
  return back && deploys;
}

function meaningAction(reading: Reading): string {
  const meaning = meaningOf(reading);
  return meaning.kind === 'act' ? meaning.action : meaning.kind;
}

const MUST = words('should must need needs has have want wants ought');

/** "deploy it with 5 replicas", "the users table has to go", "yeet the database": things that are not ours to touch. */
function sensitive(readings: readonly Reading[]): Objection | null {
  for (const reading of readings) {
    if (!touches(reading)) continue;
    for (let at = 0; at < reading.tokens.length; at += 1) {
      const token = reading.tokens[at];
      if (
        token === undefined ||
        token.kind !== 'word' ||
        token.services.length > 0 ||
        !INFRASTRUCTURE.has(token.fold) ||
        isFixOf(reading.tokens, at)
      )
        continue;
      if (isWord(reading.tokens[at + 1], 'team', 'folks', 'admins', 'people')) continue;
      return { what: `it asks to touch "${token.fold}", which this controller does not`, tokens: [token] };
    }
  }
  return null;
}

function touches(reading: Reading): boolean {
  const { mood, tokens, verb } = reading;
  if (mood === 'order' || mood === 'muse')
    return verb === null || ['deploy', 'rollback', 'move', 'build', 'run', 'tell'].includes(verb.class);
  if (mood === 'state')
    return (
      tokens.some((token) => token.kind === 'word' && MUST.has(token.text)) &&
      !tokens.some((token) => isWord(token, 'been', 'had', 'was'))
    );
  return soundsLikeOrder(reading);
}
