/** A run of characters as a PDF places it; `y` grows upwards. */
export interface PlacedText {
  readonly str: string;
  readonly y: number;
  readonly height: number;
  readonly fontSize: number;
  readonly hasEOL: boolean;
}

interface Line {
  readonly text: string;
  readonly size: number;
  readonly y: number;
}

/** By how much the letters of a heading are larger than those of the text. */
const LARGER = 1.15;
/** Smaller ones nobody can read, so nobody approved of what they say. */
const SMALLEST = 2;

/** The text of pages, line by line. Lines in larger letters become headings, the largest ones of level 1; a gap is a blank line. */
export function markdownOf(pages: readonly (readonly PlacedText[])[]): string {
  const lines = pages.map(linesOf);
  const body = commonSize(lines.flat());
  const sizes = [...new Set(lines.flat().map(({ size }) => size))]
    .filter((size) => size > body * LARGER)
    .sort((left, right) => right - left);
  return lines
    .flatMap((page) => page.map((line, at) => written(line, page[at - 1] ?? null, sizes)))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function linesOf(items: readonly PlacedText[]): readonly Line[] {
  const lines: Line[] = [];
  let [text, size] = ['', 0];
  // Of the first letters: what ends a line may be placed elsewhere.
  let y: number | null = null;
  for (const [at, item] of items.entries()) {
    const said = item.str.trim() !== '';
    if (!said || item.fontSize >= SMALLEST) text += item.str;
    if (said && item.fontSize >= SMALLEST) {
      size = Math.max(size, Math.round(item.fontSize * 2) / 2);
      y ??= item.y;
    }
    if (!item.hasEOL && at + 1 < items.length) continue;
    if (text.trim() !== '') lines.push({ text: text.trim(), size, y: y ?? item.y });
    [text, size, y] = ['', 0, null];
  }
  return lines;
}

/** The size that most characters have. */
function commonSize(lines: readonly Line[]): number {
  const characters = new Map<number, number>();
  for (const { text, size } of lines) characters.set(size, (characters.get(size) ?? 0) + text.length);
  return [...characters].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0])[0];
}

function written({ text, size, y }: Line, before: Line | null, sizes: readonly number[]): string {
  const level = sizes.indexOf(size) + 1;
  if (level > 0) return `\n${'#'.repeat(Math.min(level, 6))} ${text}\n`;
  // What a heading's sign would be, and is not one here.
  const plain = text.replace(/^(?=#{1,6}(?:\s|$))/, '\\');
  const gap = before === null || Math.abs(before.y - y) > 1.7 * Math.max(size, 1);
  return gap ? `\n${plain}` : plain;
}
