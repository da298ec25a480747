import { RequestError } from '@octokit/request-error';
import { ForgeUnavailable } from '../../ports/forge.js';

const BRIEF: Readonly<Record<number, string>> = {
  401: 'GitHub does not take the credentials',
  403: 'GitHub does not allow what has to be asked (commander doctor)',
  404: 'GitHub does not know what has to be asked for',
  429: 'GitHub asks for a pause',
};

/** What GitHub answered instead of what was asked for. `status` is the HTTP status; 0 when there was no answer. */
export class GitHubFailure extends ForgeUnavailable {
  constructor(
    message: string,
    readonly status: number,
    cause: unknown,
  ) {
    super(message, {
      cause,
      brief: BRIEF[status] ?? (status === 0 ? 'GitHub does not answer' : `GitHub answers ${status}`),
    });
  }
}

export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof GitHubFailure && statuses.includes(error.status);
}

/** A server of another age does not have what is asked for: it answers one of these. */
export function isUnknownThere(error: unknown): boolean {
  return hasStatus(error, 404, 405, 410, 501);
}

/** In words: what was asked, what GitHub said, what to do. Never headers or bodies of ours, where the token is. */
export function translate(error: unknown, repository: string): Error {
  if (error instanceof ForgeUnavailable) return error;
  if (!(error instanceof RequestError)) {
    const said = error instanceof Error ? error.message : String(error);
    return new GitHubFailure(`GitHub cannot be asked about ${repository}: ${said}`, 0, undefined);
  }
  const { method, url } = error.request;
  const where = `${method} ${pathOf(url)}`;
  return new GitHubFailure(
    `GitHub (${where}) ${wordsFor(error, repository)}`,
    error.response?.status ?? 0,
    undefined,
  );
}

function wordsFor(error: RequestError, repository: string): string {
  const { response } = error;
  const said = saidBy(error);
  if (response === undefined) return `does not answer: ${said}. It will be tried again`;
  switch (response.status) {
    case 401:
      return `does not take the credentials: ${said}. Renew GITHUB_TOKEN, or check GITHUB_APP_ID and its private key (expired, revoked or rotated?)`;
    case 403:
    case 429:
      return forbidden(error, repository, said);
    case 404:
      return `knows nothing there: ${said}. Check GITHUB_REPOSITORY (${repository}), that the App is installed on it or the token may see it, and "commander doctor"`;
    case 409:
    case 422:
      return `refuses: ${said}`;
    default:
      return `answered ${response.status}: ${said}. It will be tried again`;
  }
}

function forbidden(error: RequestError, repository: string, said: string): string {
  const headers = error.response?.headers ?? {};
  if (/archived/i.test(said)) return `refuses, for ${repository} is archived and read-only: unarchive it`;
  if (/rate limit|abuse/i.test(said) || headers['x-ratelimit-remaining'] === '0')
    return `asks for a pause: ${said}`;
  const wanted = headers['x-accepted-github-permissions'];
  const permission = wanted === undefined ? '' : ` It takes the permission ${String(wanted)}.`;
  return `does not allow it: ${said}.${permission} Grant it to the App (and accept the change in the installation) or to the token; "commander doctor" lists what is missing`;
}

/** GitHub's message with the details of a validation error, on one short line. */
function saidBy(error: RequestError): string {
  return error.message
    .replace(/ - https:\/\/docs\.github\.com\S*/g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url.replace(/\?.*$/, '');
}
