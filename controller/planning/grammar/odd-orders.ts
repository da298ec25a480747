import type { Reading } from './reading.js';
import { isPunct } from './token.js';
import { isBase } from './verbs.js';
import { DETERMINERS, words } from './words.js';

const NO_ORDER = words(
  'heads sorry for in on after with about from not re regarding given of all because per see thanks thank thx cheers only just both also including plus same such what half once best kind warm many ciao over under by at to into onto as via during since until before no yes hi hey dear sorry oh ah so well and or but then now here there also that this these those if when while where during around considering following concerning pending minus without up down off out back new old next last first second',
);

const PARTICLES = words('up down off out away');

const OBJECTS_OF_ORDERS = words('it them everything all this that these those');

/** "yeet the database", "spin up two nodes": a word nobody knows, used like an order. */
export function soundsLikeOrder(reading: Reading): boolean {
  const { tokens, at, mood } = reading;
  const [head, next, later] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (
    mood !== 'name' ||
    head === undefined ||
    next === undefined ||
    head.kind !== 'word' ||
    next.kind !== 'word'
  )
    return false;
  if (
    head.services.length > 0 ||
    head.environments.length > 0 ||
    NO_ORDER.has(head.text) ||
    isBase(head.text) ||
    /(?:ly|ing|ed)$/.test(head.text)
  )
    return false;
  if (DETERMINERS.has(next.text)) return later !== undefined;
  return (PARTICLES.has(next.text) || OBJECTS_OF_ORDERS.has(next.text)) && !isPunct(later, ':');
}
