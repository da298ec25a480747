import { RepositoryUnavailable } from '../../ports/repositories.js';
import { GitFailed, GitStopped } from './program.js';
import { lastWords, stripCredentials } from './redact.js';

interface Known {
  readonly sign: RegExp;
  readonly reason: string;
  readonly fix: string;
}

/** What git says, and what it means to a person. The first match counts. */
const KNOWN: readonly Known[] = [
  {
    sign: /dubious ownership/i,
    reason: 'its folder belongs to another user, and git does not trust it',
    fix: 'Run "git config --global --add safe.directory <its path>" as the user that runs the controller, or change the owner.',
  },
  {
    sign: /no space left on device|disk quota exceeded/i,
    reason: 'the disk is full',
    fix: 'Free some space in the data folder; it will be tried again.',
  },
  {
    sign: /permission denied \(publickey|host key verification failed/i,
    reason: 'ssh was not let in',
    fix: 'Give the controller a key that may read the repository, and add the host to known_hosts.',
  },
  {
    sign: /authentication failed|could not read (?:username|password)|terminal prompts disabled|HTTP (?:Basic|401|403)|error: 40[13]/i,
    reason: 'the server wants credentials, or does not take the ones it got',
    fix: 'Set up a git credential helper for the user that runs the controller, or use an ssh URL.',
  },
  {
    sign: /transport '.*' not allowed/i,
    reason: 'its protocol is not allowed',
    fix: 'Use https, http, ssh, file or a path.',
  },
  {
    sign: /permission denied|EACCES/i,
    reason: 'its files may not be read or written',
    fix: 'Let the user that runs the controller read it (and write it, if it is the GitOps repository).',
  },
  {
    sign: /could not resolve host|connection (?:refused|timed out|reset)|failed to connect|network is unreachable|operation too slow|unable to access/i,
    reason: 'the server cannot be reached',
    fix: 'Check the URL and the network; it will be tried again.',
  },
  {
    sign: /not a git repository|does not appear to be a git repository|repository .* (?:not found|does not exist)|not found|no such file or directory|cannot change to/i,
    reason: 'there is no git repository there (any more)',
    fix: 'Check the path or URL, and that it has not been moved or deleted.',
  },
];

/** Turns what a git run threw into RepositoryUnavailable, with the reason and what to do. `id` has no credentials. */
export function unavailable(id: string, error: unknown): RepositoryUnavailable {
  if (error instanceof RepositoryUnavailable) return error;
  if (error instanceof GitStopped)
    return new RepositoryUnavailable(stoppedMessage(id, error), { cause: error });
  const said =
    error instanceof GitFailed ? error.stderr : error instanceof Error ? error.message : String(error);
  const known = KNOWN.find(({ sign }) => sign.test(said));
  const message =
    known === undefined
      ? `Repository ${id} cannot be used: git says "${lastWords(said)}". Mend that; it will be tried again.`
      : `Repository ${id} cannot be used: ${known.reason} (git says "${lastWords(said, 200)}"). ${known.fix}`;
  return new RepositoryUnavailable(message, { cause: error });
}

function stoppedMessage(id: string, error: GitStopped): string {
  switch (error.reason) {
    case 'timeout':
      return `Repository ${id} does not answer: ${error.message}. Check the network and the server; it will be tried again.`;
    case 'missing':
      return `Repository ${id} cannot be used: ${stripCredentials(error.message)}. Install git (2.31 or newer) and put it in PATH.`;
    case 'output':
      return `Repository ${id} cannot be used: ${error.message}. It is too large for the controller.`;
    case 'aborted':
      return `Repository ${id}: ${error.message}.`;
  }
}
