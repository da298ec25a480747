import type { Exchange, Observer } from './observer.js';

/** GitHub's description as a check: what ../contract/contract.ts makes. */
export interface Contract {
  request(request: Pick<Exchange, 'method' | 'path' | 'query' | 'body'>): readonly string[];
  response(
    response: Pick<Exchange, 'method' | 'path' | 'status'> & { readonly body: unknown },
  ): readonly string[];
  webhook(event: string, payload: unknown): readonly string[];
}

/** Something that is not as GitHub describes it. */
export interface Breach {
  /** Requests are of the client; answers and webhooks of the stand-in. */
  readonly of: 'request' | 'response' | 'webhook';
  readonly what: string;
  readonly problems: readonly string[];
}

export interface HeldToContract extends Observer {
  readonly breaches: readonly Breach[];
}

/** Events that the cut of the description in ../contract does not have. */
const undescribed = new Set([
  'issues',
  'deployment',
  'deployment_status',
  'commit_comment',
  'check_run created',
  'pull_request enqueued',
  'pull_request dequeued',
]);

/** An observer that collects all that goes against the contract. */
export function heldToContract(contract: Contract): HeldToContract {
  const breaches: Breach[] = [];
  const collect = (of: Breach['of'], what: string, problems: readonly string[]) => {
    if (problems.length > 0) breaches.push({ of, what, problems });
  };
  return {
    breaches,
    exchange({ method, path, query, body, status, responseBody }) {
      const what = `${method} ${path} ${status}`;
      collect('request', what, contract.request({ method, path, query, body }));
      // Other media types, such as a file's raw text, are not described.
      if (typeof responseBody === 'string') return;
      collect('response', what, contract.response({ method, path, status, body: responseBody }));
    },
    webhook(event, payload) {
      const action = actionOf(payload);
      const name = action === undefined ? event : `${event} ${action}`;
      if (undescribed.has(event) || undescribed.has(name)) return;
      collect('webhook', name, contract.webhook(event, payload));
    },
  };
}

function actionOf(payload: unknown): string | undefined {
  const { action } = payload as { action?: unknown };
  return typeof action === 'string' ? action : undefined;
}
