import { isWrittenBy } from '../domain/commit-identity.js';
import { incidentMarkdown, incidentMessage, incidentPath } from '../domain/incident.js';
import type { IncidentRecord } from '../domain/records.js';
import { hasFile } from '../ports/has-file.js';
import { type GitOpsRepository, RefMoved } from '../ports/repositories.js';
import type { ApprovalNeeds } from './needs.js';

type IncidentNeeds = Pick<ApprovalNeeds, 'store' | 'repositories' | 'forges' | 'clock' | 'log' | 'identity'>;

/** Incidents of one day are among the last ones. */
const RECENT = 1000;

/** Writes an incident to its repository, on a branch of its own for merging. Repeating it brings the same branch up to date. */
export async function writeIncident(needs: IncidentNeeds, id: string): Promise<void> {
  const incident = await needs.store.incidents.get(Number(id));
  const bad = incident === null ? null : await needs.store.releases.get(incident.releaseId);
  if (incident === null || bad === null) return;
  const repository = needs.repositories.get(incident.repository);
  const head = await repository?.head();
  if (repository === undefined || !head)
    return tellOnce(needs, incident, `not written: ${incident.repository} is not followed or has no commit`);
  const branch = `commander/incident-${incident.id}`;
  const there = await repository.head(branch);
  if (there !== null && !(await isOurs(needs, repository, incident, there)))
    return tellOnce(
      needs,
      incident,
      `not written: the branch ${branch} has commits of a person and is left alone`,
    );
  const path = incidentPath(incident, await needs.store.incidents.list(RECENT));
  try {
    const file = incidentMarkdown(incident, bad);
    // Written before, and what follows from it failed: nothing is to be written again.
    const commit =
      there !== null && (await hasFile(repository, there, path, file))
        ? there
        : await repository.writeBranch({
            branch,
            expected: there,
            parents: [head],
            files: { [path]: file },
            message: incidentMessage(incident),
          });
    const pull = await needs.forges
      .get(incident.repository)
      ?.proposeBranch(branch, firstLine(incidentMessage(incident)), file);
    await needs.store.transaction(async (tx) => {
      await tx.write.patchIncident(incident.id, { writtenCommit: commit, branch });
      if (pull == null) return;
      const note = { remoteId: String(pull), content: '' };
      await tx.write.forgeNote(incident.repository, `incident-pull:${incident.id}`, note);
      await tx.write.audit({
        actor: 'controller',
        action: 'incident.written',
        subject: `incident:${incident.id}`,
        digest: bad.planDigest,
        reason: `#${pull} has its file`,
        data: { branch, commit, pull },
      });
    });
    needs.log.info({ incident: incident.id, branch, path }, 'incident written');
  } catch (error) {
    if (!(error instanceof RefMoved)) throw error;
    needs.log.warn({ incident: id, branch }, 'the incident branch moved: left alone');
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** As recorded; or written by us, and we were stopped before it was recorded. */
async function isOurs(
  { identity }: IncidentNeeds,
  repository: GitOpsRepository,
  { writtenCommit }: IncidentRecord,
  commit: string,
): Promise<boolean> {
  return commit === writtenCommit || isWrittenBy(await repository.commit(commit), identity);
}

/** An incident that is not written is looked at again at every poll: its timeline remembers what was said. */
async function tellOnce(
  needs: IncidentNeeds,
  { id, timeline }: IncidentRecord,
  event: string,
): Promise<void> {
  if (timeline.some((entry) => entry.event === event)) return;
  const at = needs.clock.now().toISOString();
  await needs.store.transaction((tx) => tx.write.appendTimeline(id, [{ at, event }]));
  needs.log.warn({ incident: id }, `incident ${event}`);
}
