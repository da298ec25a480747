import type { RuntimeKind } from '../domain/catalog.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Monitor } from '../ports/monitor.js';
import type { Runtime } from '../ports/runtime.js';
import type { Store } from '../ports/store.js';
import type { WatchdogTelemetry } from '../ports/telemetry.js';
import type { JudgeSettings } from './judge.js';

export interface WatchdogNeeds {
  readonly store: Store;
  readonly runtimes: ReadonlyMap<RuntimeKind, Runtime>;
  readonly monitor: Monitor;
  readonly telemetry: WatchdogTelemetry;
  /** Settings for every watch; the baseline and what the service offers are filled in per release. */
  readonly judge: Omit<JudgeSettings, 'baseline' | 'latencyConfigured'>;
  readonly clock: Clock;
  readonly log: Log;
}
