import { actorOf } from '../caller.js';
import { choiceField, requiredText, textField } from '../fields.js';
import { lastMergeability } from '../mergeability.js';
import { pullOf } from '../numbers.js';
import { objectType } from '../objects.js';
import { paged } from '../pages.js';
import { found, ok, type Reply, refuse } from '../reply.js';
import { type RepositoryCall, repositoryRoute } from '../router.js';
import { fullPull, reviewShape } from '../shapes/pull.js';
import type { PullIssue, Review, ReviewState } from '../state.js';
import { now } from '../world.js';

const reads = ['pull_requests=read'];
const writes = ['pull_requests=write'];

export const reviewRoutes = [
  repositoryRoute('GET /pulls/{number}/reviews', 'read', reads, listReviews),
  repositoryRoute('POST /pulls/{number}/reviews', 'read', writes, createReview),
  repositoryRoute('GET /pulls/{number}/reviews/{review}', 'read', reads, getReview),
  repositoryRoute('PUT /pulls/{number}/reviews/{review}', 'read', writes, updateReview),
  repositoryRoute('POST /pulls/{number}/reviews/{review}/events', 'read', writes, submitReview),
  repositoryRoute('PUT /pulls/{number}/reviews/{review}/dismissals', 'write', writes, dismissReview),
];

const verdicts = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'] as const;
type Verdict = (typeof verdicts)[number];

const states: Readonly<Record<Verdict, ReviewState>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

async function listReviews(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  return paged(call, pull.pull.reviews, (review) => reviewShape(call.world, call.repository, pull, review));
}

async function getReview(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  return show(call, pull, reviewOf(call, pull));
}

async function createReview(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  const user = actorOf(call.caller);
  const verdict = choiceField(call.body, 'event', verdicts);
  const body = textField(call.body, 'body') ?? '';
  const commitId = textField(call.body, 'commit_id') ?? pull.pull.headSha;
  if ((await objectType(call.repository, commitId)) !== 'commit') {
    throw refuse(
      422,
      'Unprocessable Entity',
      {},
      { errors: ['The commit_id is not part of the pull request'] },
    );
  }
  const review: Review = {
    id: call.world.nextId(),
    user,
    body,
    state: 'PENDING',
    commitId,
    submittedAt: null,
  };
  if (verdict !== undefined) checkVerdict(call, pull, verdict, body);
  pull.pull.reviews.push(review);
  if (verdict !== undefined) await submit(call, pull, review, verdict);
  return show(call, pull, review);
}

async function submitReview(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  const review = reviewOf(call, pull);
  const verdict = choiceField(call.body, 'event', verdicts);
  if (verdict === undefined || review.state !== 'PENDING') throw refuse(422, 'Unprocessable Entity');
  review.body = textField(call.body, 'body') ?? review.body;
  checkVerdict(call, pull, verdict, review.body);
  await submit(call, pull, review, verdict);
  return show(call, pull, review);
}

function checkVerdict(call: RepositoryCall, pull: PullIssue, verdict: Verdict, body: string): void {
  const own = pull.user.id === actorOf(call.caller).id;
  const problem = (text: string) => refuse(422, 'Unprocessable Entity', {}, { errors: [text] });
  if (own && verdict === 'APPROVE') throw problem('Can not approve your own pull request');
  if (own && verdict === 'REQUEST_CHANGES') throw problem('Can not request changes on your own pull request');
  if (verdict !== 'APPROVE' && body === '') throw problem('Review body cannot be blank');
}

async function submit(
  call: RepositoryCall,
  pull: PullIssue,
  review: Review,
  verdict: Verdict,
): Promise<void> {
  review.state = states[verdict];
  review.submittedAt = now();
  pull.updatedAt = review.submittedAt;
  await announce(call, pull, review, 'submitted');
}

async function updateReview(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  const review = reviewOf(call, pull);
  if (review.user.id !== actorOf(call.caller).id) throw refuse(403, 'Only its author may change a review.');
  const from = review.body;
  review.body = requiredText(call.body, 'body');
  await announce(call, pull, review, 'edited', { changes: { body: { from } } });
  return show(call, pull, review);
}

async function dismissReview(call: RepositoryCall): Promise<Reply> {
  const pull = pullOf(call);
  const review = reviewOf(call, pull);
  requiredText(call.body, 'message');
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw refuse(
      422,
      'Unprocessable Entity',
      {},
      { errors: ['Can not dismiss a commented pull request review'] },
    );
  }
  review.state = 'DISMISSED';
  await announce(call, pull, review, 'dismissed');
  return show(call, pull, review);
}

async function announce(
  call: RepositoryCall,
  pull: PullIssue,
  review: Review,
  action: string,
  more = {},
): Promise<void> {
  const { world, repository } = call;
  if (!call.events.isHeard(repository, 'pull_request_review')) return;
  const shape = reviewShape(world, repository, pull, review);
  const payload = {
    action,
    ...more,
    // Webhooks write the state in small letters, unlike the API.
    review: {
      ...shape,
      state: review.state.toLowerCase(),
      body: review.body === '' ? null : review.body,
      updated_at: now(),
    },
    pull_request: await fullPull(world, repository, pull, lastMergeability(repository, pull)),
  };
  call.events.emit(repository, 'pull_request_review', actorOf(call.caller), payload);
}

function reviewOf(call: RepositoryCall, pull: PullIssue): Review {
  return found(pull.pull.reviews.find((review) => review.id === Number(call.parameters.review)));
}

function show(call: RepositoryCall, pull: PullIssue, review: Review): Reply {
  return ok(reviewShape(call.world, call.repository, pull, review));
}
