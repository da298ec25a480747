import type { BenchRow } from './row.js';

export function printRows(rows: readonly BenchRow[]): void {
  for (const row of rows) {
    const peer = row.peer === null ? '' : `  |  ${row.peer}: ${shown(row.peerMedian)}`;
    const ratio = row.ratio === null ? '' : `  =  ${row.ratio.toFixed(2)} x`;
    const note = row.note === '' ? '' : `\n    ${row.note}`;
    const value = Number.isNaN(row.p99)
      ? `${shown(row.median)} (${row.unit})`
      : `median ${shown(row.median)} ${row.unit}, p99 ${shown(row.p99)} (n ${row.n})`;
    console.log(`${row.name}: ${value}${peer}${ratio}${note}`);
  }
}

function shown(value: number | null): string {
  return value === null ? '-' : String(Number(value.toPrecision(3)));
}
