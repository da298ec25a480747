import type { RepositoryRoute, Route } from '../router.js';
import { activityRoutes } from './activity.js';
import { appRepositoryRoutes, appRoutes } from './apps.js';
import { branchRoutes } from './branches.js';
import { checkRunRoutes } from './check-runs.js';
import { commentRoutes } from './comments.js';
import { commitCommentRoutes } from './commit-comments.js';
import { commitRoutes } from './commits.js';
import { contentRoutes } from './contents.js';
import { deploymentStatusRoutes } from './deployment-statuses.js';
import { deploymentRoutes } from './deployments.js';
import { gitObjectRoutes } from './git-objects.js';
import { gitRefRoutes } from './git-refs.js';
import { issueRoutes } from './issues.js';
import { labelRoutes } from './labels.js';
import { pullCreateRoutes } from './pull-create.js';
import { pullMergeRoutes } from './pull-merge.js';
import { pullUpdateRoutes } from './pull-update.js';
import { pullRoutes } from './pulls.js';
import { rateLimitRoutes } from './rate-limit.js';
import { repositoryRoutes } from './repository.js';
import { reviewRoutes } from './reviews.js';
import { statusRoutes } from './statuses.js';
import { userRoutes } from './user.js';

/** Calls that are not about one repository. */
export const routes: readonly Route[] = [...userRoutes, ...appRoutes, ...rateLimitRoutes];

/** Calls below /repos/{owner}/{repo}; the first that fits answers, so that open-ended paths come last. */
export const routesOfRepositories: readonly RepositoryRoute[] = [
  ...repositoryRoutes,
  ...activityRoutes,
  ...appRepositoryRoutes,
  ...gitRefRoutes,
  ...gitObjectRoutes,
  ...contentRoutes,
  ...pullMergeRoutes,
  ...reviewRoutes,
  ...pullRoutes,
  ...pullCreateRoutes,
  ...pullUpdateRoutes,
  ...commentRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...statusRoutes,
  ...checkRunRoutes,
  ...deploymentStatusRoutes,
  ...deploymentRoutes,
  ...branchRoutes,
  ...commitCommentRoutes,
  ...commitRoutes,
];
