import type { IncidentRecord, ReleaseRecord } from './records.js';

/** The folder of incident files in a GitOps repository. */
export const INCIDENT_FOLDER = 'incidents';

/** `incidents/<date>-<service>.md`; the number keeps two incidents of one day apart. */
export function incidentPath(
  incident: Pick<IncidentRecord, 'openedAt' | 'service' | 'id'>,
  taken: readonly string[],
): string {
  const base = `${INCIDENT_FOLDER}/${incident.openedAt.toISOString().slice(0, 10)}-${incident.service}`;
  return taken.includes(`${base}.md`) ? `${base}-${incident.id}.md` : `${base}.md`;
}

/** The record of a rollback for people: what was seen, when, what was done. */
export function incidentMarkdown(incident: IncidentRecord, bad: ReleaseRecord): string {
  return [
    `# ${incident.service} ${incident.version} in ${incident.environment}: ${STATE_WORDS[incident.state]}`,
    '',
    `- Incident: ${incident.id}`,
    `- Release: ${bad.id}, commit ${incident.commit}`,
    `- Plan: ${bad.planDigest}`,
    `- Opened: ${incident.openedAt.toISOString()}`,
    `- Closed: ${incident.closedAt?.toISOString() ?? 'not yet'}`,
    `- Why: ${incident.reason}`,
    '',
    '## What was seen',
    '',
    '```json',
    JSON.stringify(incident.evidence, null, 2),
    '```',
    '',
    '## Timeline',
    '',
    ...incident.timeline.map((entry) => `- ${entry.at} ${entry.event}`),
    '',
    `${incident.service} ${incident.version} is quarantined. A person lifts that with \`commander quarantine lift\` once it is mended.`,
    '',
  ].join('\n');
}

const STATE_WORDS: Readonly<Record<IncidentRecord['state'], string>> = {
  rolling_back: 'rolling back',
  resolved: 'rolled back',
  stuck: 'rollback stuck',
};
