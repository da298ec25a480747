/** A sentence of a Markdown text, exactly as written, and the heading it stands under (null: none). */
export interface Sentence {
  readonly text: string;
  readonly section: string | null;
}

/** A sentence with what a reader needs to know about the place it stands at. */
export interface Statement {
  readonly text: string;
  /** From the outermost to the nearest. */
  readonly headings: readonly string[];
  /** What introduces the list that it is an item of: a sentence that ends with ":", or a heading; null: nothing. */
  readonly introduction: string | null;
  /** It stands in a quotation. */
  readonly quoted: boolean;
  /** Of a cell of a table: the head of its column, and the other cells of its row. */
  readonly beside: string;
  /** The same for all sentences of a paragraph, or of the paragraph and its list. */
  readonly paragraph: number;
}

export interface Headings {
  readonly first: string | null;
  readonly all: readonly string[];
}

export function headingsOf(body: string): Headings {
  const all = textLines(body).flatMap(({ line }) => headingOf(line)?.text ?? []);
  return { first: all[0] ?? null, all };
}

/** The sentences of paragraphs, list items, quotes and table rows; not those of headings, code blocks and comments. */
export function sentencesOf(body: string): readonly Sentence[] {
  return blocksOf(body).flatMap(({ start, end, headings }) =>
    split(body.slice(start, end)).map((text) => ({ text, section: headings.at(-1)?.text ?? null })),
  );
}

/** The same sentences, with the place of each. */
export function statementsOf(body: string): readonly Statement[] {
  const introductions: { readonly indent: number; readonly text: string }[] = [];
  let paragraph = 0;
  return blocksOf(body).flatMap((block) => {
    const text = body.slice(block.start, block.end);
    while ((introductions.at(-1)?.indent ?? -1) >= block.indent) introductions.pop();
    if (!block.item) {
      introductions.length = 0;
      paragraph += 1;
    }
    const headings = block.headings.map((heading) => heading.text);
    const introduction = block.item ? (introductions.at(-1)?.text ?? headingThatSays(headings)) : null;
    const sentences = split(text);
    const last = sentences.at(-1);
    if (last?.endsWith(':') === true)
      introductions.push({ indent: block.item ? block.indent : -1, text: last });
    return sentences
      .filter((sentence) => !sentence.endsWith(':'))
      .map((sentence) => ({
        text: sentence,
        headings,
        introduction,
        quoted: block.quoted,
        beside: block.beside,
        paragraph,
      }));
  });
}

/** "Never", "What must not happen": a heading that makes rules of the items under it. */
function headingThatSays(headings: readonly string[]): string | null {
  const nearest = headings.at(-1);
  return nearest !== undefined && /\b(?:must|shall|never|should|always|forbidden|prohibited)\b/i.test(nearest)
    ? nearest
    : null;
}

interface Block {
  readonly start: number;
  end: number;
  readonly headings: readonly Heading[];
  readonly item: boolean;
  readonly indent: number;
  readonly quoted: boolean;
  readonly beside: string;
}

interface Heading {
  readonly level: number;
  readonly text: string;
}

/** Lines that belong together, without the marks of list items and quotes. */
function blocksOf(body: string): readonly Block[] {
  const blocks: Block[] = [];
  let headings: readonly Heading[] = [];
  let open: Block | null = null;
  let header: readonly string[] = [];
  const lines = textLines(body);
  for (const [at, { line, start }] of lines.entries()) {
    const heading = headingOf(line);
    const marker = MARKER.exec(line)?.[0] ?? '';
    if (heading === null && isRow(line)) {
      open = null;
      if (!isRow(lines[at - 1]?.line ?? '')) header = [];
      if (isRule(lines[at + 1]?.line ?? '')) header = cellsOf(line).map(({ text }) => text);
      else if (!isRule(line)) blocks.push(...rowBlocks(line, start, header, headings));
      continue;
    }
    if (heading !== null) headings = [...headings.filter(({ level }) => level < heading.level), heading];
    if (heading !== null || line.trim() === '') {
      open = null;
      continue;
    }
    if (open === null || marker !== '') {
      const indent = marker.length - marker.trimStart().length;
      const item = /[-*+\d]/.test(marker);
      open = {
        start: start + marker.length,
        end: 0,
        headings,
        item,
        indent,
        quoted: marker.includes('>'),
        beside: '',
      };
      blocks.push(open);
    }
    open.end = start + line.length;
  }
  return blocks;
}

/** Of list items and quotes, numbers of clauses ("2.1"), and the answer's "A:". */
const MARKER =
  /^\s*(?:>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+|\d{1,3}(?:\.\d{1,3}){1,4}[.)]?\s+(?=\p{Lu})|\*{0,2}A(?:nswer)?:\*{0,2}\s+)+/u;

function isRow(line: string): boolean {
  return /^\s*\|/.test(line);
}

/** What stands between the head of a table and its rows. */
function isRule(line: string): boolean {
  return isRow(line) && /^[\s|:-]*$/.test(line);
}

/** The cells of a table's row. Its first one and the head of the column are headings of each; the others may hold what it depends on. */
function rowBlocks(
  line: string,
  start: number,
  header: readonly string[],
  headings: readonly Heading[],
): readonly Block[] {
  const cells = cellsOf(line);
  return cells.map((cell, column) => ({
    start: start + cell.start,
    end: start + cell.end,
    headings: [
      ...headings,
      ...[header[column], column > 0 ? cells[0]?.text : undefined].flatMap((text) =>
        text === undefined || text === '' ? [] : [{ level: DEEPEST, text }],
      ),
    ],
    item: false,
    indent: 0,
    quoted: false,
    beside: [header[column] ?? '', ...cells.filter((other) => other !== cell).map(({ text }) => text)]
      .map((text) => text.slice(0, BESIDE_LENGTH))
      .join('; '),
  }));
}

const DEEPEST = 7;

/** Of a row with more cells than a table has, the rest is one: it is too long to be a rule. */
function cellsOf(line: string): readonly Cell[] {
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map(({ index }) => index).slice(0, MOST_CELLS);
  return bars.flatMap((bar, column) => {
    const end = bars[column + 1] ?? line.trimEnd().replace(/\|$/, '').length;
    return end > bar + 1 ? [{ start: bar + 1, end, text: line.slice(bar + 1, end).trim() }] : [];
  });
}

interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const MOST_CELLS = 30;
const BESIDE_LENGTH = 300;

function headingOf(line: string): Heading | null {
  const [, marks, text] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
  return marks === undefined || text === undefined ? null : { level: marks.length, text };
}

/** Lines outside of fenced code and comments, with their offsets. */
function textLines(body: string): readonly { readonly line: string; readonly start: number }[] {
  const lines: { line: string; start: number }[] = [];
  let fence: string | null = null;
  let start = 0;
  for (const line of withoutComments(body).split('\n')) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1] ?? null;
    if (fence === null && mark === null) lines.push({ line, start });
    else if (fence === null) fence = mark;
    else if (fence === mark) fence = null;
    start += line.length + 1;
  }
  return lines;
}

/** Comments are not seen by those who approve an SOP; blanks keep all other offsets as they are. */
function withoutComments(body: string): string {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const start = body.indexOf('<!--', from);
    if (start < 0) return parts.join('') + body.slice(from);
    const close = body.indexOf('-->', start + 4);
    const end = close < 0 ? body.length : close + 3;
    parts.push(body.slice(from, start), body.slice(start, end).replace(/[^\n]/g, ' '));
    from = end;
  }
}

/** Sentences end with ".", "!" or "?" before white space, so that "2.5 %" and "v1.2" stay whole. */
function split(block: string): readonly string[] {
  return block
    .split(/(?<=[.!?])(?<!\b(?:e\.g|i\.e|a\.m|p\.m)\.)\s+(?=\S)/)
    .map((text) => text.trim())
    .filter((text) => /[\p{L}\p{N}]/u.test(text));
}
