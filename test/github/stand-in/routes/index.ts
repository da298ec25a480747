import type { RepositoryRoute, Route } from '../router.js';
import { commentRoutes } from './comments.js';
import { contentRoutes } from './contents.js';
import { gitObjectRoutes } from './git-objects.js';
import { gitRefRoutes } from './git-refs.js';
import { pullMergeRoutes } from './pull-merge.js';
import { pullRoutes } from './pulls.js';
import { repositoryRoutes } from './repository.js';
import { reviewRoutes } from './reviews.js';
import { statusRoutes } from './statuses.js';
import { userRoutes } from './user.js';

/** Calls that are not about one repository. */
export const routes: readonly Route[] = [...userRoutes];

/** Calls below /repos/{owner}/{repo}; the first that fits answers. */
export const routesOfRepositories: readonly RepositoryRoute[] = [
  ...repositoryRoutes,
  ...gitRefRoutes,
  ...gitObjectRoutes,
  ...contentRoutes,
  ...pullMergeRoutes,
  ...reviewRoutes,
  ...pullRoutes,
  ...commentRoutes,
  ...statusRoutes,
];
