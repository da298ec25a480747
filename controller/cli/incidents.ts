import colors from 'picocolors';
import { connect } from './client.js';
import { type CliContext, print } from './context.js';
import { safe, state } from './table.js';

interface IncidentView {
  readonly id: number;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
  readonly openedAt: string;
  readonly file: string | null;
  readonly timeline: readonly { readonly at: string; readonly event: string }[];
}

export async function incidents(context: CliContext, options: { readonly limit: number }): Promise<number> {
  const client = await connect(context);
  const list = await client.get<readonly IncidentView[]>(`/v1/incidents?limit=${options.limit}`);
  print(context, list, () => (list.length === 0 ? 'No incidents.' : list.map(describe).join('\n\n')));
  return 0;
}

function describe(incident: IncidentView): string {
  return [
    `${colors.bold(`#${incident.id}`)} ${safe(`${incident.service} ${incident.version} in ${incident.environment}`)} ${state(incident.state)} ${colors.dim(incident.openedAt)}`,
    `  ${safe(incident.reason)}`,
    ...incident.timeline.map((entry) => `  ${colors.dim(entry.at)} ${safe(entry.event)}`),
    ...(incident.file === null ? [] : [`  written to ${safe(incident.file)}`]),
  ].join('\n');
}
