import { Agent } from 'node:http';
import type { MetricsSpec } from '../../domain/catalog.js';
import type { Monitor } from '../../ports/monitor.js';
import type { ErrorLabels } from './exposition.js';
import { compileLabelPattern, type LabelPattern } from './label-patterns.js';
import { probe } from './probe.js';
import { scrape } from './scrape.js';

export interface ScrapeMonitorOptions {
  /** Limit of a whole exchange, body included. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export const DEFAULT_SCRAPE_OPTIONS: ScrapeMonitorOptions = { timeoutMs: 2000, maxBytes: 4 * 1024 * 1024 };

/** A monitor that asks the service itself, over kept-alive connections. `close` drops those that are idle. */
export interface ScrapeMonitor extends Monitor {
  close(): void;
}

export function createScrapeMonitor(options: ScrapeMonitorOptions = DEFAULT_SCRAPE_OPTIONS): ScrapeMonitor {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 2 });
  const compiled = new WeakMap<MetricsSpec['errors'], CompiledLabels>();
  const labelsOf = (errors: MetricsSpec['errors']): CompiledLabels => {
    const labels = compiled.get(errors) ?? compileLabels(errors);
    compiled.set(errors, labels);
    return labels;
  };
  return {
    async sample(address, metrics) {
      const labels = labelsOf(metrics.errors);
      if (!labels.ok) return labels;
      return scrape(agent, address, metrics, labels.patterns, options);
    },
    probe: (address, path) => probe(agent, address, path, options.timeoutMs),
    close: () => agent.destroy(),
  };
}

type CompiledLabels =
  | { readonly ok: true; readonly patterns: ErrorLabels }
  | { readonly ok: false; readonly problem: string };

function compileLabels(errors: MetricsSpec['errors']): CompiledLabels {
  const patterns = new Map<string, LabelPattern>();
  for (const [name, source] of Object.entries(errors)) {
    const pattern = compileLabelPattern(source);
    if (!pattern.ok)
      return { ok: false, problem: `metrics.errors.${name} in the catalog: ${pattern.problem}` };
    patterns.set(name, pattern.matches);
  }
  if (patterns.size === 0)
    return {
      ok: false,
      problem: 'metrics.errors in the catalog names no label: nothing would tell an error',
    };
  return { ok: true, patterns };
}
