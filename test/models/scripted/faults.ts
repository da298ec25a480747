import type { ServerResponse } from 'node:http';

/** What a server does instead of answering. `within` faults answer properly in the protocol, with words that are no good. */
export type FaultKind =
  | { readonly kind: 'hang' }
  | { readonly kind: 'hang-after-headers' }
  | { readonly kind: 'hang-in-body' }
  /** A JSON text that never ends. */
  | { readonly kind: 'endless' }
  /** Closes the connection without a word. */
  | { readonly kind: 'reset' }
  /** Promises more bytes than it sends. */
  | { readonly kind: 'cut-body' }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'html' }
  /** JSON of another protocol, with status 200. */
  | { readonly kind: 'changed-shape' }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Within: the model's words as they are, with what the server says of their end. */
  | { readonly kind: 'text'; readonly text: string; readonly finish?: 'stop' | 'length' };

export class ScriptedFault {
  constructor(readonly of: FaultKind) {}
}

const make = (of: FaultKind) => new ScriptedFault(of);

/** Everything that models and their servers were seen doing. */
export const faults = {
  hang: make({ kind: 'hang' }),
  hangAfterHeaders: make({ kind: 'hang-after-headers' }),
  hangInBody: make({ kind: 'hang-in-body' }),
  endless: make({ kind: 'endless' }),
  reset: make({ kind: 'reset' }),
  cutBody: make({ kind: 'cut-body' }),
  html: make({ kind: 'html' }),
  changedShape: make({ kind: 'changed-shape' }),
  redirect: (to: string) => make({ kind: 'redirect', to }),
  status: (status: number, message = 'scripted', headers: Readonly<Record<string, string>> = {}) =>
    make({ kind: 'status', status, message, headers }),
  tooManyRequests: (retryAfterSeconds = 3600) =>
    make({
      kind: 'status',
      status: 429,
      message: 'Rate limit reached',
      headers: { 'retry-after': String(retryAfterSeconds) },
    }),
  /** The first half of a JSON text, ended by the limit of tokens. */
  truncated: (value: unknown = { action: 'deploy' }) => {
    const text = JSON.stringify(value);
    return make({ kind: 'text', text: text.slice(0, Math.ceil(text.length / 2)), finish: 'length' });
  },
  text: (text: string) => make({ kind: 'text', text }),
  notJson: make({ kind: 'text', text: 'Sure! I deployed it for you.' }),
  /** One member with a text of so many characters. */
  huge: (field: string, characters: number) =>
    make({ kind: 'text', text: JSON.stringify({ [field]: 'x'.repeat(characters) }) }),
} as const;

/** Faults of the connection: the same in both protocols. `errorBody` is how the protocol words an error. */
export function misbehave(
  response: ServerResponse,
  fault: Exclude<FaultKind, { kind: 'text' }>,
  errorBody: (status: number, message: string) => unknown,
): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'hang-after-headers':
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      return;
    case 'hang-in-body':
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices": [');
      return;
    case 'endless':
      endless(response.writeHead(200, { 'content-type': 'application/json' }));
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'cut-body':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"choices": [', () => response.socket?.destroy());
      return;
    case 'redirect':
      response.writeHead(307, { location: fault.to }).end();
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome to the proxy</h1>');
      return;
    case 'changed-shape':
      sendJson(response, 200, { version: 3, outputs: [{ parts: ['hello'] }] });
      return;
    case 'status':
      sendJson(response, fault.status, errorBody(fault.status, fault.message), fault.headers);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body));
}

/** As fast as it is read, until the other side has had enough. */
function endless(response: ServerResponse): void {
  const part = `"${'x'.repeat(16_384)}",`;
  const more = () => {
    while (!response.destroyed) if (!response.write(part)) return;
  };
  response.on('drain', more);
  response.write('[');
  more();
}
