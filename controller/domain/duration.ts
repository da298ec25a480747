const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of "500ms", "30s", "10m", "24h", "7d"; null when it is not of that form. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) return null;
  return Number((Number(match[1]) * (UNIT_SECONDS[match[2] ?? ''] ?? Number.NaN)).toPrecision(12));
}

/** "1h 5m", "12m", "3.2s", "250ms": the two largest units that matter. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 60) return `${Number(seconds.toFixed(1))}s`;
  const units: [number, string][] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ];
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, name] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
  }
  return parts.slice(0, 2).join(' ');
}

/** Fraction of "2%", "0.5 %" or a number between 0 and 1; null when it is neither. */
export function parseRate(value: string | number): number | null {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : null;
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim());
  if (match === null) return null;
  const rate = Number((Number(match[1]) / 100).toPrecision(12));
  return rate <= 1 ? rate : null;
}
