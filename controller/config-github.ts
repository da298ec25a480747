import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { VariableName } from './config-variables.js';
import { parseDuration } from './domain/duration.js';
import type { GitHubCredentials } from './domain/github-credentials.js';

export interface GitHubConfig {
  readonly repositories: readonly { readonly owner: string; readonly name: string }[];
  readonly credentials: GitHubCredentials;
  readonly apiUrl: string;
  readonly cloneUrl: string | null;
  /** null: there is no webhook endpoint. */
  readonly webhookSecret: string | null;
  readonly incidentLabel: string | null;
  readonly timeoutMs: number;
  readonly writesPerMinute: number;
}

/** null when GITHUB_REPOSITORY is not set; what is wrong with it goes to `problems`. */
export function readGitHub(
  text: (name: VariableName) => string,
  problems: string[],
  cwd: string,
): GitHubConfig | null {
  const names = text('GITHUB_REPOSITORY')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return null;
  const repositories = names.flatMap((full) => {
    const [, owner, name] = /^([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))\/([A-Za-z0-9._-]{1,100})$/.exec(full) ?? [];
    if (owner !== undefined && name !== undefined) return [{ owner, name }];
    problems.push(`GITHUB_REPOSITORY="${full}" is not owner/name`);
    return [];
  });
  const credentials = readCredentials(text, problems, cwd);
  const apiUrl = text('GITHUB_API_URL').replace(/\/+$/, '');
  if (!isHttpAddress(apiUrl))
    problems.push('GITHUB_API_URL is not an https:// URL without credentials in it');
  const cloneUrl = text('GITHUB_CLONE_URL') || null;
  if (cloneUrl !== null && names.length > 1)
    problems.push('GITHUB_CLONE_URL is for one repository, and GITHUB_REPOSITORY names several');
  if (cloneUrl?.includes('://') && !isHttpAddress(cloneUrl))
    problems.push('GITHUB_CLONE_URL is not an https:// URL without credentials in it, or a path');
  const timeout = parseDuration(text('GITHUB_TIMEOUT'));
  if (timeout === null || timeout <= 0) problems.push('GITHUB_TIMEOUT is not a duration such as 10s');
  const writes = Number(text('GITHUB_WRITES_PER_MINUTE'));
  if (!Number.isInteger(writes) || writes < 1 || writes > 60_000)
    problems.push('GITHUB_WRITES_PER_MINUTE is not a number between 1 and 60000');
  if (credentials === null) return null;
  return {
    repositories,
    credentials,
    apiUrl,
    cloneUrl,
    webhookSecret: text('GITHUB_WEBHOOK_SECRET') || null,
    incidentLabel: text('GITHUB_INCIDENT_LABEL') || null,
    timeoutMs: Math.round((timeout ?? 0) * 1000),
    writesPerMinute: writes,
  };
}

function readCredentials(
  text: (name: VariableName) => string,
  problems: string[],
  cwd: string,
): GitHubCredentials | null {
  const appId = text('GITHUB_APP_ID');
  const token = text('GITHUB_TOKEN');
  if (appId === '') {
    if (token !== '') return { kind: 'token', token };
    problems.push(
      'GITHUB_REPOSITORY is set and there are no credentials: set GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY, or GITHUB_TOKEN',
    );
    return null;
  }
  const privateKey = readPrivateKey(text('GITHUB_APP_PRIVATE_KEY'), cwd);
  if (privateKey === null)
    problems.push('GITHUB_APP_PRIVATE_KEY is neither a PEM private key nor a file with one');
  const installation = text('GITHUB_APP_INSTALLATION_ID');
  if (installation !== '' && !/^\d{1,15}$/.test(installation))
    problems.push(`GITHUB_APP_INSTALLATION_ID="${installation}" is not a number`);
  return {
    kind: 'app',
    appId,
    privateKey: privateKey ?? '',
    installationId: installation === '' ? null : Number(installation),
  };
}

function readPrivateKey(value: string, cwd: string): string | null {
  const isKey = (pem: string) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem.trim());
  if (isKey(value)) return value.replaceAll('\\n', '\n');
  if (value === '') return null;
  try {
    const pem = readFileSync(resolve(cwd, value), 'utf8');
    return isKey(pem) ? pem : null;
  } catch {
    return null;
  }
}

function isHttpAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search } = new URL(value);
  return ['https:', 'http:'].includes(protocol) && username === '' && password === '' && search === '';
}
