import type { Lane, Verdict } from '../domain/release.js';
import type { ModelUsage } from './model.js';

/** What the watchdog tells the metrics endpoint. */
export interface WatchdogTelemetry {
  verdict(lane: Lane, verdict: Verdict): void;
  incidentOpened(lane: Lane): void;
  drift(lane: Lane): void;
  tick(seconds: number, watches: number): void;
}

/** What models cost in time, tokens and money. */
export interface ModelTelemetry {
  modelAnswered(answer: {
    readonly purpose: string;
    /** `<provider>/<model>` */
    readonly model: string;
    /** `repaired`: it had to be told what was wrong with its first answer. */
    readonly outcome: 'ok' | 'cached' | 'repaired' | 'failed';
    readonly seconds: number;
    readonly usage: ModelUsage;
  }): void;
}
