import { sha256 } from '../../../domain/json.js';
import type { Lane } from '../../../domain/release.js';
import type { BuildRequest, StartRequest } from '../../../ports/runtime.js';

const PREFIX = 'devopscommander.io/';

export const LABEL = {
  managed: `${PREFIX}managed`,
  /** Which data folder's controller it belongs to: others on the same engine leave it alone. */
  scope: `${PREFIX}scope`,
  service: `${PREFIX}service`,
  environment: `${PREFIX}environment`,
  release: `${PREFIX}release`,
  commit: `${PREFIX}commit`,
  version: `${PREFIX}version`,
} as const;

type Labels = Readonly<Record<string, string>>;

export function imageName(request: BuildRequest): string {
  return `commander/${request.service.name.toLowerCase()}:${request.tag}`;
}

export function imageLabels(request: BuildRequest): Record<string, string> {
  return {
    [LABEL.managed]: 'true',
    [LABEL.service]: request.service.name,
    [LABEL.commit]: request.commit,
  };
}

export function containerLabels(request: StartRequest, scope: string): Record<string, string> {
  return {
    [LABEL.managed]: 'true',
    [LABEL.scope]: scope,
    [LABEL.service]: request.lane.service,
    [LABEL.environment]: request.lane.environment,
    [LABEL.release]: request.id,
    [LABEL.commit]: request.commit,
    [LABEL.version]: request.version,
  };
}

export function containerName(id: string, scope: string): string {
  const readable = id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  const unique = sha256(`${scope}\n${id}`).slice(0, 12);
  return `commander-${readable}-${unique}`;
}

/** Null when the labels are not those of an instance. */
export function identityFrom(labels: Labels): { readonly id: string; readonly lane: Lane } | null {
  const id = labels[LABEL.release];
  const service = labels[LABEL.service];
  const environment = labels[LABEL.environment];
  if (id === undefined || service === undefined || environment === undefined) return null;
  return { id, lane: { service, environment } };
}
