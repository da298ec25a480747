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
      .map((sentence) => ({ text: sentence, headings, introduction, quoted: block.quoted, paragraph }));
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
  for (const { line, start } of textLines(body)) {
    const heading = headingOf(line);
    const marker = /^\s*(?:>\s?|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)+/.exec(line)?.[0] ?? '';
    if (heading !== null) headings = [...headings.filter(({ level }) => level < heading.level), heading];
    if (heading !== null || line.trim() === '') {
      open = null;
      continue;
    }
    if (open === null || marker !== '') {
      const indent = marker.length - marker.trimStart().length;
      const item = /[-*+\d]/.test(marker);
      open = { start: start + marker.length, end: 0, headings, item, indent, quoted: marker.includes('>') };
      blocks.push(open);
    }
    open.end = start + line.length;
  }
  return blocks;
}

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
