import { loadRestDescription, loadWebhookDescription } from './description.js';
import { createRestContract } from './rest-contract.js';
import { createWebhookContract } from './webhook-contract.js';

/** A request as sent; its path is below the API root: /repos/acme/gitops/git/ref/heads/main. Without a body that is undefined. */
export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown | undefined;
}

/** An answer in JSON to a request of this method and path; without a body that is undefined or null. */
export interface ContractResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** GitHub's own description of its API as a check. */
export interface Contract {
  /**
   * Problems of a request that a client makes; empty when it is as described. An unknown operation, body key or query parameter is a
   * problem; so is a missing required one, and a wrong type.
   */
  request(request: ContractRequest): readonly string[];
  /** Problems of an answer: a status that the operation does not have, or a body that does not match the schema of its status. */
  response(response: ContractResponse): readonly string[];
  /** Problems of a webhook payload; an unknown event or action is one. */
  webhook(event: string, payload: unknown): readonly string[];
}

/** Loads the descriptions; schemas are compiled when they are first needed. */
export function createContract(): Contract {
  return {
    ...createRestContract(loadRestDescription()),
    webhook: createWebhookContract(loadWebhookDescription()),
  };
}
