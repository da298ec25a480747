import type { ReleaseRecord } from '../domain/records.js';
import type { Lane } from '../domain/release.js';
import type { Reader } from './store.js';

const TRIED = 5;

/**
 * The releases that a lane can go back to from a bad one, best first: the newest that passed its watch here. What was rolled back
 * here is left out; what was rolled back in another environment comes last, since it did pass its watch in this one.
 */
export async function rollbackTargets(
  store: Pick<Reader, 'releases' | 'quarantine' | 'incidents'>,
  lane: Lane,
  bad: Pick<ReleaseRecord, 'id' | 'commit'>,
): Promise<readonly ReleaseRecord[]> {
  const here = new Set<string>([bad.commit]);
  const elsewhere = new Set<string>();
  for (const { commit, incidentId } of await store.quarantine.active(lane.service)) {
    const incident = incidentId === null ? null : await store.incidents.get(incidentId);
    (incident === null || incident.environment === lane.environment ? here : elsewhere).add(commit);
  }
  const good = await store.releases.good(lane, TRIED * 4);
  const possible = good.filter(({ id, commit }) => id !== bad.id && !here.has(commit));
  const first = possible.filter(({ commit }) => !elsewhere.has(commit));
  return [...first, ...possible.filter(({ commit }) => elsewhere.has(commit))].slice(0, TRIED);
}
