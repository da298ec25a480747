import type { Clock } from '../ports/clock.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { Log } from '../ports/log.js';
import type { GitOpsRepository } from '../ports/repositories.js';
import type { Store } from '../ports/store.js';

export interface ReportingNeeds {
  readonly store: Store;
  /** By repository id; repositories whose forge shows nothing have none. */
  readonly boards: ReadonlyMap<string, ForgeBoard>;
  readonly repositories: ReadonlyMap<string, GitOpsRepository>;
  /** Label of the issue that is opened for an incident; null: none is. */
  readonly incidentLabel: string | null;
  readonly clock: Clock;
  readonly log: Log;
}
