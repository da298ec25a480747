import { messageLine } from './commit-message.js';
import { fenced, plain } from './markdown.js';
import { modelLine, modelLines } from './model-words.js';
import type { IncidentRecord, ReleaseRecord } from './records.js';
import { redact } from './redact.js';

type Occasion = Pick<IncidentRecord, 'id' | 'repository' | 'service' | 'environment' | 'openedAt'>;

/**
 * `incidents/<date>-<service>.md` for the first incident of a service on a day, with environment and number for the later
 * ones. The records decide, so two incidents whose branches are not merged yet have two files, and each keeps its own.
 */
export function incidentPath(incident: Occasion, others: readonly Occasion[]): string {
  const base = `incidents/${day(incident)}-${incident.service}`;
  const later = others.some(
    (other) =>
      other.id < incident.id &&
      other.repository === incident.repository &&
      other.service === incident.service &&
      day(other) === day(incident),
  );
  return later ? `${base}-${incident.environment}-${incident.id}.md` : `${base}.md`;
}

function day({ openedAt }: Occasion): string {
  return openedAt.toISOString().slice(0, 10);
}

/** Of the commit that brings the file. The words before the reason keep it from being read as a trailer. */
export function incidentMessage(incident: IncidentRecord): string {
  const { id, service, version, environment, reason } = incident;
  return `${messageLine(`Incident ${id}: ${service} ${version} in ${environment}`)}\n\nWhat was seen: ${messageLine(redact(reason))}\n`;
}

/** The record of a rollback for people: what was seen, when, what was done. */
export function incidentMarkdown(incident: IncidentRecord, bad: ReleaseRecord): string {
  const version = plain(`${incident.service} ${incident.version}`);
  return [
    `# ${version} in ${plain(incident.environment)}: ${STATE_WORDS[incident.state]}`,
    '',
    `- Incident: ${incident.id}`,
    `- Release: ${bad.id}, commit ${incident.commit}`,
    `- Plan: ${bad.planDigest}`,
    `- Opened: ${incident.openedAt.toISOString()}`,
    `- Closed: ${incident.closedAt?.toISOString() ?? 'not yet'}`,
    `- Why: ${plain(redact(incident.reason))}`,
    '',
    '## What was seen',
    '',
    ...fenced('json', evidenceText(incident)),
    '',
    '## Timeline',
    '',
    ...incident.timeline.map(({ at, event }) => `- ${plain(at)} ${plain(redact(event))}`),
    '',
    ...summaryLines(incident),
    `${version} is quarantined. A person lifts that with \`commander quarantine lift\` once it is mended.`,
    '',
  ].join('\n');
}

const SUMMARY_LENGTH = 1200;
const SUMMARY_LINES = 20;

/** Quoted, line by line: none of it can be taken for ours. */
function summaryLines({ summary }: IncidentRecord): readonly string[] {
  if (summary === null) return [];
  const lines = modelLines(summary.text, SUMMARY_LENGTH, SUMMARY_LINES);
  return [
    `## In a model's words (${plain(modelLine(summary.model, 100))})`,
    '',
    'It decides nothing, and it may be wrong: what was seen is above.',
    '',
    ...lines.flatMap((line, index) => [...(index === 0 ? [] : ['>']), `> ${plain(line)}`]),
    '',
  ];
}

/** Each string by itself first: in JSON an escaped quote would end a secret too early. */
function evidenceText({ evidence }: IncidentRecord): string {
  const hide = (_key: string, value: unknown) => (typeof value === 'string' ? redact(value) : value);
  return redact(JSON.stringify(evidence, hide, 2));
}

const STATE_WORDS: Readonly<Record<IncidentRecord['state'], string>> = {
  rolling_back: 'rolling back',
  resolved: 'rolled back',
  stuck: 'rollback stuck',
};
