import type { MetricsSpec } from '../../domain/catalog.js';
import type { LatencyBucket, Sampled } from '../../ports/monitor.js';
import { nameOf, parseLabels, parseNumber, parseSample, type SampleLine } from './exposition-line.js';
import type { LabelPattern } from './label-patterns.js';
import { nearestNames } from './near-names.js';

/** Takes an exposition piece by piece and keeps only sums: memory does not grow with what is not asked for. */
export interface ExpositionReader {
  /** A problem ends the reading. */
  push(chunk: string): string | null;
  end(at: number): Sampled;
}

export type ErrorLabels = ReadonlyMap<string, LabelPattern>;

const LONGEST_LINE = 64 * 1024;
const MOST_SERIES = 20_000;
const MOST_NAMES = 500;

/**
 * Reader of Prometheus' text format 0.0.4 and of OpenMetrics 1.0 text, for the request counter and the latency
 * histogram of one service. Every other family is skipped line by line. Time is linear in the size of the text.
 */
export function readExposition(metrics: MetricsSpec, errorLabels: ErrorLabels): ExpositionReader {
  const bucketName = metrics.latency === null ? null : `${metrics.latency}_bucket`;
  const sums: Sums = {
    requests: 0,
    errors: 0,
    declared: false,
    buckets: new Map(),
    seen: new Set(),
    names: new Set(),
  };
  let rest = '';
  let problem: string | null = null;

  const takeLine = (line: string): string | null => {
    if (line.startsWith('#')) return noteType(line, metrics.requests, sums);
    const name = nameOf(line);
    if (name === null) return line.trim() === '' ? null : `not in Prometheus' text format: ${excerpt(line)}`;
    if (sums.names.size < MOST_NAMES) sums.names.add(name);
    if (name !== metrics.requests && name !== bucketName) return null;
    const sample = parseSample(line, name);
    if (sample === null) return `a line that cannot be read: ${excerpt(line)}`;
    if (isDuplicate(sample, sums)) return null;
    if (sums.seen.size > MOST_SERIES) return `more than ${MOST_SERIES} series of ${name}`;
    return name === bucketName ? addBucket(sample, sums) : addRequests(sample, errorLabels, sums);
  };

  return {
    push(chunk) {
      const lines = chunk.split('\n');
      lines[0] = rest + (lines[0] ?? '');
      rest = lines.pop() ?? '';
      for (const line of lines) problem ??= takeLine(trimEnd(line));
      if (rest.length > LONGEST_LINE) problem ??= `a line of more than ${LONGEST_LINE} characters`;
      return problem;
    },
    end(at) {
      if (rest !== '') problem ??= takeLine(trimEnd(rest));
      if (problem !== null) return { ok: false, problem };
      return conclude(at, metrics, sums);
    },
  };
}

interface Sums {
  requests: number;
  errors: number;
  /** The counter is there, with or without series. */
  declared: boolean;
  readonly buckets: Map<number, number>;
  readonly seen: Set<string>;
  readonly names: Set<string>;
}

/** A counter with labels has no series before the first request, but many libraries declare its type. */
function noteType(line: string, requests: string, sums: Sums): null {
  const name = /^#[ \t]+TYPE[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)/.exec(line)?.[1];
  if (name === requests || (name !== undefined && `${name}_total` === requests)) sums.declared = true;
  return null;
}

/** A series given twice in one scrape counts once, the first time, as in Prometheus. */
function isDuplicate(sample: SampleLine, sums: Sums): boolean {
  const series = `${sample.name}{${sample.labels}}`;
  if (sums.seen.has(series)) return true;
  sums.seen.add(series);
  return false;
}

function addRequests(sample: SampleLine, errorLabels: ErrorLabels, sums: Sums): string | null {
  const labels = parseLabels(sample.labels);
  if (labels === null) return `labels that cannot be read: ${excerpt(sample.labels)}`;
  if (!isCount(sample.value)) return `${sample.name} is ${sample.value}: not a count`;
  sums.declared = true;
  sums.requests += sample.value;
  const isError = [...errorLabels].every(([name, matches]) => matches(labels.get(name) ?? ''));
  if (isError) sums.errors += sample.value;
  return null;
}

function addBucket(sample: SampleLine, sums: Sums): string | null {
  const bound = parseNumber(parseLabels(sample.labels)?.get('le') ?? '');
  if (bound === null || Number.isNaN(bound)) return `a bucket of ${sample.name} has no readable le label`;
  if (!isCount(sample.value)) return `${sample.name} is ${sample.value}: not a count`;
  sums.buckets.set(bound, (sums.buckets.get(bound) ?? 0) + sample.value);
  return null;
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function conclude(at: number, metrics: MetricsSpec, sums: Sums): Sampled {
  if (!sums.declared) return { ok: false, problem: missing(metrics.requests, sums.names) };
  const latency: LatencyBucket[] = [...sums.buckets]
    .map(([upperBound, count]) => ({ upperBound, count }))
    .sort((left, right) => (left.upperBound < right.upperBound ? -1 : 1));
  const { requests, errors } = sums;
  return { ok: true, sample: { at, requests, errors, latency: latency.length === 0 ? null : latency } };
}

function missing(name: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return `no series named ${name}: there are no series at all`;
  return `no series named ${name}; there are: ${nearestNames(name, [...names], 3).join(', ')}`;
}

function trimEnd(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function excerpt(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
