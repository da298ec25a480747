import { quantile } from '../watchdog-statistics/run.js';
import type { BenchRow } from './row.js';

/** A row of a figure on its own; `beside` puts a peer next to it. */
export function figure(name: string, unit: string, values: readonly number[], note = ''): BenchRow {
  return {
    name,
    unit,
    median: quantile(values, 0.5),
    p99: quantile(values, 0.99),
    n: values.length,
    peer: null,
    peerMedian: null,
    ratio: null,
    note,
  };
}

/** The row beside another one of the same run. */
export function beside(row: BenchRow, peer: BenchRow, note = row.note): BenchRow {
  return { ...row, peer: peer.name, peerMedian: peer.median, ratio: row.median / peer.median, note };
}
