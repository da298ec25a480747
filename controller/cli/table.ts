import colors from 'picocolors';

/** Columns as wide as their widest cell; the last one is left as it is. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => visible(row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - visible(cell).length),
      )
      .join('  ')
      .trimEnd();
  return [colors.dim(line(heads)), ...rows.map(line)].join('\n');
}

const ANSI = /\u001b\[[0-9;]*m/g;

function visible(text: string): string {
  return text.replace(ANSI, '');
}

const GOOD = ['healthy', 'good', 'succeeded', 'resolved', 'approved', 'planned'];
const BAD = ['unhealthy', 'bad', 'failed', 'stuck', 'broken', 'refused', 'blocked', 'rolled_back'];

/** A state in its colour. */
export function state(text: string): string {
  if (GOOD.includes(text)) return colors.green(text);
  if (BAD.includes(text)) return colors.red(text);
  return colors.yellow(safe(text));
}

/** Text from outside for a terminal: no escape sequences, no control or direction-changing characters, one line. */
export function safe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** The same for text of several lines. */
export function safeLines(text: string): string {
  return text.split(/\r?\n/).map(safe).join('\n');
}
