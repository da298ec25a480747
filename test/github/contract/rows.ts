import { appRows } from './rows/app-rows.js';
import { checkRows } from './rows/check-rows.js';
import { gitRows } from './rows/git-rows.js';
import { issueRows } from './rows/issue-rows.js';
import { mergeRows } from './rows/merge-rows.js';
import { pullRows } from './rows/pull-rows.js';
import { refRows } from './rows/ref-rows.js';
import type { Row } from './rows/row.js';

export type { RowTarget } from './rows/api.js';
export type { Row } from './rows/row.js';

/** What a stand-in for GitHub must answer as GitHub does. Titles are unique. */
export const rows: readonly Row[] = [
  ...gitRows,
  ...refRows,
  ...pullRows,
  ...mergeRows,
  ...issueRows,
  ...checkRows,
  ...appRows,
];
