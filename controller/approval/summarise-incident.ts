import type { AuditRecord } from '../domain/audit.js';
import { modelLines } from '../domain/model-words.js';
import type { IncidentRecord, ReleaseRecord } from '../domain/records.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Model } from '../ports/model.js';
import type { Changes, ServiceRepository } from '../ports/repositories.js';
import type { Job, Store } from '../ports/store.js';
import { type IncidentEvidence, summaryRequest } from './incident-evidence.js';

export interface SummariseNeeds {
  readonly store: Store;
  readonly serviceRepositories: Pick<ServiceRepository, 'changes'>;
  /** null: none is configured, and there are no summaries. */
  readonly model: Model | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** After that long a model that is away is waited for no longer. */
const GIVE_UP_MS = 30 * 60_000;
const LENGTH = 1200;
const LINES = 20;

/**
 * Adds a model's explanation of the evidence to an incident that is over, or stuck. It decides nothing and nothing waits for
 * it. Throws ModelUnavailable, to be tried again, for half an hour after the incident; then there is no summary.
 */
export async function summariseIncident(
  needs: SummariseNeeds,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const { store, model, clock, log } = needs;
  const incident = await store.incidents.get(Number(id));
  if (model === null || incident === null) return;
  if (incident.summary !== null || incident.state === 'rolling_back') return;
  const since = incident.closedAt ?? incident.openedAt;
  if (clock.now().getTime() - since.getTime() > GIVE_UP_MS) {
    log.info({ incident: incident.id }, 'no model has summarised the incident, and none is asked any more');
    return;
  }
  const answer = await model.ask(summaryRequest(await gather(needs, incident, signal)), signal);
  const text = modelLines(summaryOf(answer.value), LENGTH, LINES).join('\n');
  if (text === '') {
    log.warn(
      { incident: incident.id, model: answer.model },
      'the model had nothing to say about the incident',
    );
    return;
  }
  await record(store, incident, { model: answer.model, text });
}

async function record(
  store: Store,
  { id }: IncidentRecord,
  summary: NonNullable<IncidentRecord['summary']>,
): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await tx.incidents.get(id))?.summary !== null) return;
    await tx.write.patchIncident(id, { summary });
    await tx.write.audit({
      actor: `model:${summary.model}`,
      action: 'incident.summarised',
      subject: `incident:${id}`,
      digest: null,
      reason: "a model's words were added; they decide nothing",
      data: { text: summary.text },
    });
    await tx.write.job({ task: 'write-incident', id: String(id), queue: null, runAt: null, priority: 0 });
  });
}

async function gather(
  needs: SummariseNeeds,
  incident: IncidentRecord,
  signal: AbortSignal,
): Promise<IncidentEvidence> {
  const bad = await needs.store.releases.get(incident.releaseId);
  const before = bad === null ? null : await servedBefore(needs.store, bad);
  const steps = bad === null ? [] : await needs.store.executions.steps(bad.executionId);
  const changes = bad === null || before === null ? null : await changesOf(needs, before, bad, signal);
  return { incident, before, changes, steps };
}

/** The newest good release of the lane: the one that serves again, or would. */
async function servedBefore(store: Store, bad: ReleaseRecord): Promise<ReleaseRecord | null> {
  const good = await store.releases.good({ service: bad.service, environment: bad.environment }, 5);
  return good.find((release) => release.id !== bad.id) ?? null;
}

/** A repository that is gone or broken takes nothing away but this. */
async function changesOf(
  { serviceRepositories, log }: SummariseNeeds,
  before: ReleaseRecord,
  bad: ReleaseRecord,
  signal: AbortSignal,
): Promise<Changes | null> {
  const { repository } = bad.spec;
  if (repository === null || before.commit === bad.commit) return null;
  try {
    return await serviceRepositories.changes(repository, before.commit, bad.commit, signal);
  } catch (error) {
    log.info({ release: bad.id, problem: String(error) }, 'the incident is summarised without what changed');
    return null;
  }
}

function summaryOf(value: unknown): string {
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, 'summary')) return '';
  const { summary } = value as { readonly summary?: unknown };
  return typeof summary === 'string' ? summary : '';
}

/** Jobs that follow from decisions in the audit trail, where a model is configured: an incident is over, or stuck. */
export function summaryJobs(records: readonly AuditRecord[]): readonly Job[] {
  return records.flatMap(({ action, data }): Job[] =>
    OVER.includes(action) && typeof data.incident === 'number'
      ? [{ task: 'summarise-incident', id: String(data.incident), queue: null, runAt: null, priority: 10 }]
      : [],
  );
}

const OVER: readonly string[] = ['release.rolled-back', 'rollback.stuck'];
