import { INCIDENT_FOLDER, incidentMarkdown, incidentPath } from '../domain/incident.js';
import { RefMoved } from '../ports/repositories.js';
import type { ApprovalNeeds } from './settle.js';

/** Writes an incident to its repository, on a branch of its own for merging. Repeating it brings the same branch up to date. */
export async function writeIncident(
  needs: Pick<ApprovalNeeds, 'store' | 'repositories' | 'log'>,
  id: string,
): Promise<void> {
  const incident = await needs.store.incidents.get(Number(id));
  const bad = incident === null ? null : await needs.store.releases.get(incident.releaseId);
  if (incident === null || bad === null) return;
  const repository = needs.repositories.get(incident.repository);
  const head = await repository?.head();
  if (repository === undefined || !head)
    return needs.log.warn(
      { incident: id, repository: incident.repository },
      'no repository to write the incident to',
    );
  const branch = `commander/incident-${incident.id}`;
  const there = await repository.head(branch);
  if (there !== null && there !== incident.writtenCommit)
    return needs.log.warn(
      { incident: id, branch },
      'the incident branch has commits of a person: left alone',
    );
  const taken = (await repository.list(head, INCIDENT_FOLDER)).map((file) => file.path);
  const path = incidentPath(incident, taken);
  try {
    const commit = await repository.writeBranch({
      branch,
      expected: there,
      parents: [head],
      files: { [path]: incidentMarkdown(incident, bad) },
      message: `Incident ${incident.id}: ${incident.service} ${incident.version} in ${incident.environment}\n\n${incident.reason}\n`,
    });
    await needs.store.transaction((tx) =>
      tx.write.patchIncident(incident.id, { writtenCommit: commit, branch }),
    );
    needs.log.info({ incident: incident.id, branch, path }, 'incident written');
  } catch (error) {
    if (!(error instanceof RefMoved)) throw error;
    needs.log.warn({ incident: id, branch }, 'the incident branch moved: left alone');
  }
}
