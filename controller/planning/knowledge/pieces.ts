/** About how many characters a passage has at most: some 300 tokens, which every embedder takes whole. */
export const PASSAGE_LENGTH = 1200;
/** Fenced code is kept whole up to here. */
const CODE_LENGTH = 4 * PASSAGE_LENGTH;

/** Offsets into a text. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts a part of a text into pieces of at most about PASSAGE_LENGTH characters: between paragraphs, where one is too long
 * between sentences, then between words, and in the end anywhere. Nothing is lost but white space at the cuts.
 */
export function piecesOf(text: string, whole: Piece): readonly Piece[] {
  const trimmed = trim(text, whole);
  if (trimmed.end <= trimmed.start) return [];
  if (trimmed.end - trimmed.start <= PASSAGE_LENGTH) return [trimmed];
  return packed(blocksOf(text, trimmed).flatMap((block) => cut(text, block)))
    .map((piece) => trim(text, piece))
    .filter(({ start, end }) => end > start);
}

interface Block extends Piece {
  readonly code: boolean;
}

/** Paragraphs, and fenced code with the blank lines in it. */
function blocksOf(text: string, { start, end }: Piece): readonly Block[] {
  const blocks: Block[] = [];
  let from = start;
  let fence: string | null = null;
  const close = (to: number, code: boolean) => {
    if (to > from) blocks.push({ start: from, end: to, code });
    from = to;
  };
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 || newline >= end ? end : newline + 1;
    const line = text.slice(at, Math.min(next, at + 200));
    const mark: string | null = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence === null && mark !== null) {
      close(at, false);
      fence = mark;
    } else if (fence !== null && mark?.startsWith(fence) === true && line.trim() === mark) {
      fence = null;
      close(next, true);
    } else if (fence === null && line.trim() === '' && next - at <= 200) close(next, false);
    at = next;
  }
  close(end, fence !== null);
  return blocks;
}

function cut(text: string, block: Block): readonly Piece[] {
  const { start, end, code } = block;
  if (end - start <= (code ? CODE_LENGTH : PASSAGE_LENGTH)) return [block];
  const bounds = code ? /\n/g : /[.!?]["')\]]?\s/g;
  return betweenBounds(text, block, bounds).flatMap((piece) => hardCut(text, piece));
}

function betweenBounds(text: string, { start, end }: Piece, bounds: RegExp): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  bounds.lastIndex = start;
  for (let match = bounds.exec(text); match !== null && match.index < end; match = bounds.exec(text)) {
    const to = Math.min(match.index + match[0].length, end);
    pieces.push({ start: from, end: to });
    from = to;
  }
  if (from < end) pieces.push({ start: from, end });
  return pieces;
}

/** At white space where there is some, and never within a character of two code units. */
function hardCut(text: string, { start, end }: Piece): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = start;
  while (end - from > PASSAGE_LENGTH) {
    const limit = from + PASSAGE_LENGTH;
    const space = text.slice(from, limit).search(/\s\S*$/);
    const to = space > PASSAGE_LENGTH / 2 ? from + space + 1 : limit - (isLowSurrogate(text, limit) ? 1 : 0);
    pieces.push({ start: from, end: to });
    from = to;
  }
  pieces.push({ start: from, end });
  return pieces;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Neighbours together for as long as they fit. */
function packed(pieces: readonly Piece[]): readonly Piece[] {
  const together: Piece[] = [];
  for (const piece of pieces) {
    const last = together.at(-1);
    if (last === undefined || piece.end - last.start > PASSAGE_LENGTH) together.push(piece);
    else together[together.length - 1] = { start: last.start, end: piece.end };
  }
  return together;
}

function trim(text: string, { start, end }: Piece): Piece {
  let from = start;
  let to = end;
  while (from < to && isSpace(text, from)) from += 1;
  while (to > from && isSpace(text, to - 1)) to -= 1;
  return { start: from, end: to };
}

function isSpace(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at));
}
