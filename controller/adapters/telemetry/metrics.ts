import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Lane, Verdict } from '../../domain/release.js';
import type { ModelTelemetry, WatchdogTelemetry } from '../../ports/telemetry.js';
import { modelMetrics } from './models.js';

const TICK_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const VERDICT_VALUE: Readonly<Record<Verdict, number>> = { unhealthy: -1, unknown: 0, healthy: 1 };

/** Numbers that are read from the records when somebody asks for the metrics. */
export interface Counts {
  readonly intents: Readonly<Record<string, number>>;
  readonly plans: Readonly<Record<string, number>>;
  readonly executions: Readonly<Record<string, number>>;
  readonly incidents: Readonly<Record<string, number>>;
  readonly quarantined: number;
}

export interface Telemetry extends WatchdogTelemetry, ModelTelemetry {
  /** Requests that a forge still takes before its limit is reset. */
  forgeRemaining(of: { readonly resource: string; readonly remaining: number; readonly limit: number }): void;
  /** Prometheus text format. */
  render(): Promise<string>;
  readonly contentType: string;
}

export function createTelemetry(count: () => Promise<Counts>): Telemetry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const lane = ['service', 'environment'] as const;
  const verdict = new Gauge({
    name: 'commander_release_verdict',
    help: 'Last verdict of a watched release: 1 healthy, 0 unknown, -1 unhealthy',
    labelNames: lane,
    registers,
  });
  const incidents = new Counter({
    name: 'commander_incidents_opened_total',
    help: 'Releases judged bad',
    labelNames: lane,
    registers,
  });
  const drift = new Counter({
    name: 'commander_drift_total',
    help: 'Current releases found gone or replaced',
    labelNames: lane,
    registers,
  });
  const ticks = new Histogram({
    name: 'commander_watchdog_tick_duration_seconds',
    help: 'Time one look at all watched releases takes',
    buckets: TICK_BUCKETS,
    registers,
  });
  const watches = new Gauge({ name: 'commander_watches_active', help: 'Releases under watch', registers });
  const remaining = new Gauge({
    name: 'commander_github_requests_remaining',
    help: 'Requests that GitHub still takes before its rate limit is reset',
    labelNames: ['resource'],
    registers,
  });
  const limit = new Gauge({
    name: 'commander_github_requests_limit',
    help: 'Requests that GitHub takes in an hour',
    labelNames: ['resource'],
    registers,
  });
  const gauges = {
    intents: new Gauge({
      name: 'commander_intents',
      help: 'Intents by state',
      labelNames: ['state'],
      registers,
    }),
    plans: new Gauge({ name: 'commander_plans', help: 'Plans by status', labelNames: ['status'], registers }),
    executions: new Gauge({
      name: 'commander_executions',
      help: 'Executions by status',
      labelNames: ['status'],
      registers,
    }),
    incidents: new Gauge({
      name: 'commander_incidents',
      help: 'Incidents by state; stuck needs a person',
      labelNames: ['state'],
      registers,
    }),
    quarantined: new Gauge({
      name: 'commander_quarantined_versions',
      help: 'Versions that may not be deployed',
      registers,
    }),
  };
  return {
    ...modelMetrics(registry),
    verdict: (of, value) => verdict.set(labels(of), VERDICT_VALUE[value]),
    incidentOpened: (of) => incidents.inc(labels(of)),
    drift: (of) => drift.inc(labels(of)),
    tick: (seconds, active) => {
      ticks.observe(seconds);
      watches.set(active);
    },
    forgeRemaining: (of) => {
      remaining.set({ resource: of.resource }, of.remaining);
      limit.set({ resource: of.resource }, of.limit);
    },
    contentType: registry.contentType,
    render: async () => {
      const counts = await count();
      setAll(gauges.intents, 'state', counts.intents);
      setAll(gauges.plans, 'status', counts.plans);
      setAll(gauges.executions, 'status', counts.executions);
      setAll(gauges.incidents, 'state', counts.incidents);
      gauges.quarantined.set(counts.quarantined);
      return registry.metrics();
    },
  };
}

function labels({ service, environment }: Lane): { service: string; environment: string } {
  return { service, environment };
}

function setAll<L extends string>(gauge: Gauge<L>, label: L, counts: Readonly<Record<string, number>>): void {
  gauge.reset();
  for (const [value, number] of Object.entries(counts))
    gauge.set({ [label]: value } as Record<L, string>, number);
}
