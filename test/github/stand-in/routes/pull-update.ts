import { atLeast, roleOf } from '../access.js';
import { actorOf } from '../caller.js';
import { choiceField, textField } from '../fields.js';
import { pullOf } from '../numbers.js';
import { announcePull, closePull, shownPull } from '../pulls.js';
import { branchTip } from '../refs.js';
import { reopen } from '../reopening.js';
import { invalid, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import type { PullIssue } from '../state.js';
import { now } from '../world.js';

export const pullUpdateRoutes = [
  repositoryRoute('PATCH /pulls/{number}', 'read', ['pull_requests=write'], updatePull),
];

async function updatePull(call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const pull = pullOf(call);
  const account = actorOf(call.caller);
  requireAuthorOrWriter(call, pull);
  const state = choiceField(call.body, 'state', ['open', 'closed']);
  const changes = await edit(call, pull);
  if (Object.keys(changes).length > 0) {
    pull.updatedAt = now();
    await announcePull(call, repository, pull, 'edited', account, { changes });
  }
  if (state === 'closed' && pull.state === 'open') await closePull(call, repository, pull, account);
  if (state === 'open' && pull.state === 'closed') await reopen(call, repository, pull, account);
  return ok(await shownPull(call, repository, pull));
}

function requireAuthorOrWriter(call: RepositoryCall, pull: PullIssue): void {
  if (call.caller.kind === 'installation') return;
  const account = actorOf(call.caller);
  if (pull.user.id === account.id || atLeast(roleOf(call.repository, account.login), 'triage')) return;
  throw refuse(403, 'Must have admin rights to Repository.');
}

async function edit(call: RepositoryCall, issue: PullIssue): Promise<Record<string, unknown>> {
  const changes: Record<string, unknown> = {};
  const title = textField(call.body, 'title');
  if (title !== undefined && title !== issue.title) {
    changes.title = { from: issue.title };
    issue.title = title;
  }
  const body = textField(call.body, 'body');
  if (body !== undefined && body !== issue.body) {
    changes.body = { from: issue.body ?? '' };
    issue.body = body;
  }
  const base = textField(call.body, 'base');
  if (base !== undefined && base !== issue.pull.baseRef) {
    const sha = await branchTip(call.repository.gitDir, base);
    if (sha === undefined) throw invalid('PullRequest', { field: 'base', code: 'invalid' });
    changes.base = { ref: { from: issue.pull.baseRef }, sha: { from: issue.pull.baseSha } };
    issue.pull.baseRef = base;
    issue.pull.baseSha = sha;
  }
  return changes;
}
