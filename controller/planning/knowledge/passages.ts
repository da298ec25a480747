import { canonicalJson, sha256 } from '../../domain/json.js';
import type { Passage } from '../../domain/passage.js';
import type { Sop } from '../../domain/sop.js';
import { piecesOf } from './pieces.js';
import { type Section, sectionsOf } from './sections.js';

/** Sections of one SOP that are passages of their own; what is after them is cut by its length only. */
const MOST_SECTIONS = 2000;
/** Of the headings above a passage: a document may nest thousands of words in them. */
const HEADING_PATH = 6;
/** They are repeated in each passage. */
const TITLE_LENGTH = 200;
const CONTEXT_WORDS = 50;
const CONTEXT_LENGTH = 500;

/** The passages of an SOP in their order, each a literal part of its body. */
export function passagesOf(repository: string, sop: Sop): readonly Passage[] {
  const body = storableText(sop.body);
  const { id, path } = sop;
  const named = storableText(sop.title.slice(0, TITLE_LENGTH));
  const found = texts(body, /\.txt$/i.test(path));
  const beginning = beginningOf(found[0]?.text ?? '');
  return found.map(({ headings, text }, index) => {
    const context = index === 0 ? '' : beginning;
    const about = { repository, sop: id, path, title: named, headings, text, index };
    const identity = context === '' ? about : { ...about, context };
    return { id: sha256(canonicalJson(identity)), ...about, context };
  });
}

function beginningOf(text: string): string {
  const words = text
    .slice(0, CONTEXT_LENGTH * 2)
    .split(/\s+/)
    .slice(0, CONTEXT_WORDS);
  return storableText(words.join(' ').slice(0, CONTEXT_LENGTH).trim());
}

interface Text {
  readonly headings: readonly string[];
  readonly text: string;
}

function texts(body: string, plain: boolean): readonly Text[] {
  const sections = sectionsOf(body, plain);
  const kept = sections.slice(0, MOST_SECTIONS);
  const rest = sections[MOST_SECTIONS];
  const found = kept.flatMap((section) => textsOf(body, section));
  if (rest === undefined) return found;
  return [...found, ...textsOf(body, { ...rest, end: body.length })];
}

function textsOf(body: string, section: Section): readonly Text[] {
  const headings = section.headings.slice(-HEADING_PATH);
  const pieces = piecesOf(body, section);
  const heading = headings.at(-1);
  // "## Never deploy on Fridays" with nothing below says something.
  if (pieces.length === 0 && section.leaf && heading !== undefined) return [{ headings, text: heading }];
  return pieces.map(({ start, end }) => ({ headings, text: body.slice(start, end) }));
}

/** Postgres has no NUL character and no half characters: ids are of what can be stored. Offsets stay the same. */
function storableText(text: string): string {
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8');
}
