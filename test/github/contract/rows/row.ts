import type { Contract } from '../contract.js';
import { type Api, createApi, type RowTarget } from './api.js';

/** One scenario that a server must answer as GitHub does. Rows share nothing but the default branch, so that any of them may run alone. */
export interface Row {
  readonly title: string;
  run(target: RowTarget, contract: Contract): Promise<void>;
}

export function row(title: string, scenario: (api: Api) => Promise<void>): Row {
  return { title, run: (target, contract) => scenario(createApi(target, contract)) };
}
