/** A JSON object on its way out. */
export type Json = { readonly [key: string]: unknown };

/** What a route answers; a body of undefined is an empty answer. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const documentation = 'https://docs.github.com/rest';

/** Ends a request with an error answer from however deep. */
export class Refusal extends Error {
  constructor(readonly reply: Reply) {
    super(`${reply.status} ${JSON.stringify(reply.body)}`);
  }
}

/** An error in GitHub's usual form. */
export function refuse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  more: Json = {},
): Refusal {
  const body = { message, ...more, documentation_url: documentation, status: String(status) };
  return new Refusal({ status, body, headers });
}

export function notFound(): Refusal {
  return refuse(404, 'Not Found');
}

/** 422 "Validation Failed" with the reasons; a reason of text is GitHub's `custom` code. */
export function invalid(
  resource: string,
  reason: string | { readonly field: string; readonly code: string },
): Refusal {
  const error =
    typeof reason === 'string' ? { resource, code: 'custom', message: reason } : { resource, ...reason };
  return refuse(422, 'Validation Failed', {}, { errors: [error] });
}

/** The thing, or 404 when there is none. */
export function found<T>(thing: T | undefined): T {
  if (thing === undefined) throw notFound();
  return thing;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

export function created(body: Json): Reply {
  const location = typeof body.url === 'string' ? { location: body.url } : {};
  return { status: 201, body, headers: location };
}

export const noContent: Reply = { status: 204 };
