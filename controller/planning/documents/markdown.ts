/** A sentence of a Markdown text, exactly as written, and the heading it stands under (null: none). */
export interface Sentence {
  readonly text: string;
  readonly section: string | null;
}

export interface Headings {
  readonly first: string | null;
  readonly all: readonly string[];
}

export function headingsOf(body: string): Headings {
  const all = textLines(body).flatMap(({ line }) => headingOf(line) ?? []);
  return { first: all[0] ?? null, all };
}

/** The sentences of paragraphs, list items, quotes and table rows; not those of headings and code blocks. */
export function sentencesOf(body: string): readonly Sentence[] {
  return blocksOf(body).flatMap(({ start, end, section }) => split(body.slice(start, end), section));
}

interface Block {
  readonly start: number;
  end: number;
  readonly section: string | null;
}

/** Lines that belong together, without the marks of list items and quotes. */
function blocksOf(body: string): readonly Block[] {
  const blocks: Block[] = [];
  let section: string | null = null;
  let open: Block | null = null;
  for (const { line, start } of textLines(body)) {
    const heading = headingOf(line);
    const marker = /^\s*(?:>\s?|[-*+]\s+|\d{1,9}[.)]\s+)+/.exec(line)?.[0] ?? '';
    if (heading !== null) section = heading;
    if (heading !== null || line.trim() === '') {
      open = null;
      continue;
    }
    if (open === null || marker !== '') {
      open = { start: start + marker.length, end: 0, section };
      blocks.push(open);
    }
    open.end = start + line.length;
  }
  return blocks;
}

function headingOf(line: string): string | null {
  return /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)?.[1] ?? null;
}

/** Lines outside of fenced code, with their offsets. */
function textLines(body: string): readonly { readonly line: string; readonly start: number }[] {
  const lines: { line: string; start: number }[] = [];
  let fence: string | null = null;
  let start = 0;
  for (const line of body.split('\n')) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1] ?? null;
    if (fence === null && mark === null) lines.push({ line, start });
    else if (fence === null) fence = mark;
    else if (fence === mark) fence = null;
    start += line.length + 1;
  }
  return lines;
}

/** Sentences end with ".", "!" or "?" before white space, so that "2.5 %" and "v1.2" stay whole. */
function split(block: string, section: string | null): readonly Sentence[] {
  return block
    .split(/(?<=[.!?])\s+(?=\S)/)
    .map((text) => text.trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text))
    .map((text) => ({ text, section }));
}
