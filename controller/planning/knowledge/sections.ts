/** What stands under one heading, up to the next one of any level. */
export interface Section {
  /** From the document's outermost heading to the one it stands under; empty before the first. */
  readonly headings: readonly string[];
  /** Offsets of its text in the document, without the heading itself. */
  readonly start: number;
  readonly end: number;
  /** Has it headings below it? One that has neither these nor text still says what its heading says. */
  readonly leaf: boolean;
}

interface Heading {
  readonly level: number;
  readonly text: string;
  /** Offset where its first line begins, and where what follows it does. */
  readonly start: number;
  readonly after: number;
}

/** Longer lines are no headings: they are text that begins with a number sign. */
const HEADING_LENGTH = 200;

/** The sections of a document in their order. `plain`: of a text without Markdown, where a heading is told by how it stands. */
export function sectionsOf(body: string, plain = false): readonly Section[] {
  const headings = headingsIn(body, plain);
  const path: Heading[] = [];
  const sections: Section[] = [
    { headings: [], start: 0, end: headings[0]?.start ?? body.length, leaf: false },
  ];
  for (const [at, heading] of headings.entries()) {
    const next = headings[at + 1];
    while ((path.at(-1)?.level ?? 0) >= heading.level) path.pop();
    path.push(heading);
    sections.push({
      headings: path.map(({ text }) => text).filter((text) => text !== ''),
      start: heading.after,
      end: next?.start ?? body.length,
      leaf: next === undefined || next.level <= heading.level,
    });
  }
  return sections;
}

/** Headings of CommonMark, both kinds; not those in fenced code and in HTML comments, which nobody sees as such. */
function headingsIn(body: string, plain: boolean): readonly Heading[] {
  const found: Heading[] = [];
  /** Where the paragraph that is being read began, for a heading that is underlined. */
  let paragraph: number | null = null;
  for (const line of proseLines(body)) {
    const heading =
      numberSigns(line) ?? underlined(body, line, paragraph) ?? (plain ? standingAlone(body, line) : null);
    if (heading !== null) found.push(heading);
    const isText =
      heading === null && line.text.trim() !== '' && !/^\s{0,3}(?:[-*+>|]|\d{1,9}[.)])\s/.test(line.text);
    if (!isText) paragraph = null;
    else paragraph ??= line.start;
  }
  return found;
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly after: number;
}

/** Lines outside of fenced code and HTML comments. */
function* proseLines(body: string): Generator<Line> {
  let fence: string | null = null;
  let comment = false;
  for (let start = 0; start < body.length; ) {
    const end = lineEnd(body, start);
    const line = {
      text: body.slice(start, end).replace(/\r$/, ''),
      start,
      after: Math.min(end + 1, body.length),
    };
    start = end + 1;
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line.text)?.[1] ?? null;
    if (fence !== null) {
      if (mark?.startsWith(fence) === true && line.text.trim() === mark) fence = null;
    } else if (comment) comment = !line.text.includes('-->');
    else if (mark !== null) fence = mark;
    else {
      comment = /^ {0,3}<!--/.test(line.text) && !line.text.includes('-->');
      if (!comment) yield line;
    }
  }
}

function lineEnd(body: string, from: number): number {
  const end = body.indexOf('\n', from);
  return end === -1 ? body.length : end;
}

/** `## Title ##` */
function numberSigns({ text, start, after }: Line): Heading | null {
  const signs = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(text);
  if (signs?.[1] === undefined) return null;
  const title = text.slice(signs[0].length).trim();
  if (title.length > HEADING_LENGTH) return null;
  // The closing signs are no part of it.
  const closing = /^#+$/.test(title) ? title : (/(?<=[ \t])#+$/.exec(title)?.[0] ?? '');
  return { level: signs[1].length, text: title.slice(0, title.length - closing.length).trim(), start, after };
}

/** A paragraph over a line of `=` (level 1) or `-` (level 2). */
function underlined(body: string, { text, start, after }: Line, paragraph: number | null): Heading | null {
  if (paragraph === null || start - paragraph > HEADING_LENGTH) return null;
  if (!/^ {0,3}(?:=+|-+)$/.test(text.trimEnd())) return null;
  const title = body.slice(paragraph, start).replace(/\s+/g, ' ').trim();
  return { level: text.trim().startsWith('=') ? 1 : 2, text: title, start: paragraph, after };
}

const NUMBERED = /^(\d{1,2}(?:\.\d{1,2}){0,4})[.)]? {1,4}\p{Lu}/u;

/** In plain text: a short line by itself that is in capitals or numbered, and no sentence. */
function standingAlone(body: string, { text, start, after }: Line): Heading | null {
  const title = text.trim();
  if (title === '' || title.length > 80 || /[.:;,!?]$/.test(title)) return null;
  const above = start < 2 || /^\s*$/.test(body.slice(body.lastIndexOf('\n', start - 2) + 1, start));
  if (!above) return null;
  const numbered = NUMBERED.exec(title)?.[1];
  const below = body.slice(after, lineEnd(body, after)).trim() === '';
  if (numbered !== undefined && below)
    return { level: numbered.split('.').length, text: title, start, after };
  const capitals = /\p{Lu}.*\p{Lu}.*\p{Lu}/u.test(title) && !/\p{Ll}/u.test(title);
  return capitals ? { level: 1, text: title, start, after } : null;
}
