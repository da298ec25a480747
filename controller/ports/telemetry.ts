import type { Lane, Verdict } from '../domain/release.js';

/** What the watchdog tells the metrics endpoint. */
export interface WatchdogTelemetry {
  verdict(lane: Lane, verdict: Verdict): void;
  incidentOpened(lane: Lane): void;
  drift(lane: Lane): void;
  tick(seconds: number, watches: number): void;
}
