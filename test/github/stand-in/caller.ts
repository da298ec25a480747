import { verify } from 'node:crypto';
import { refuse } from './reply.js';
import type { Account, App, Installation, Permissions, Token } from './state.js';
import type { World } from './world.js';

/** Who makes a request. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly account: Account; readonly token: Token }
  | {
      readonly kind: 'installation';
      readonly account: Account;
      readonly token: Token;
      readonly installation: Installation;
      readonly permissions: Permissions;
      readonly repositoryIds: ReadonlySet<number>;
    }
  | { readonly kind: 'app'; readonly app: App };

/** The caller of an Authorization header (token, Bearer, or Basic with the token as password). */
export function identify(world: World, authorization: string | undefined): Caller {
  if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
  const secret = secretOf(authorization);
  if (secret.split('.').length === 3) return { kind: 'app', app: appOfJwt(world, secret) };
  const token = world.tokens.get(secret);
  if (token === undefined) throw badCredentials();
  if (token.expiresAt !== undefined && token.expiresAt <= Date.now()) throw badCredentials();
  if (token.installation === undefined) return { kind: 'user', account: token.account, token };
  const { account, installation } = token;
  const permissions = token.permissions ?? installation.app.permissions;
  const repositoryIds = token.repositoryIds ?? installation.repositoryIds;
  return { kind: 'installation', account, token, installation, permissions, repositoryIds };
}

/** The account that acts; a request without one is told to sign in. */
export function actorOf(caller: Caller): Account {
  if (caller.kind === 'anonymous') throw refuse(401, 'Requires authentication');
  if (caller.kind === 'app') {
    throw refuse(401, 'A JSON web token could not be used here: use the token of an installation');
  }
  return caller.account;
}

/** The App that acts through an installation. */
export function actingApp(caller: Caller): App | undefined {
  return caller.kind === 'installation' ? caller.installation.app : undefined;
}

/** What the rate limit is counted by. */
export function callerKey(caller: Caller): string {
  if (caller.kind === 'anonymous') return 'anonymous';
  return caller.kind === 'app' ? `app ${caller.app.id}` : caller.token.value;
}

export function badCredentials() {
  return refuse(401, 'Bad credentials');
}

function secretOf(authorization: string): string {
  const [scheme = '', value = ''] = authorization.split(/\s+/);
  if (scheme.toLowerCase() !== 'basic') return value;
  const text = Buffer.from(value, 'base64').toString();
  return text.slice(text.indexOf(':') + 1) || text.slice(0, text.indexOf(':'));
}

function appOfJwt(world: World, jwt: string): App {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = decodePart(payload);
  const app = world.apps.get(Number(String(claims.iss).replace(/^Iv1\./, '')));
  if (app === undefined) throw refuse(404, 'Integration not found');
  if (decodePart(header).alg !== 'RS256') throw undecodable();
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable();
  checkTimes(Number(claims.iat), Number(claims.exp), Date.now() / 1000);
  return app;
}

/** GitHub allows a minute of clocks that differ, and at most ten minutes of validity. */
function checkTimes(issued: number, expires: number, present: number): void {
  if (!(expires > present))
    throw refuse(
      401,
      `'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires`,
    );
  if (expires > present + 660) throw refuse(401, `'Expiration time' claim ('exp') is too far in the future`);
  if (issued > present + 60)
    throw refuse(
      401,
      `'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued`,
    );
}

function decodePart(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    throw undecodable();
  }
}

function undecodable() {
  return refuse(401, 'A JSON web token could not be decoded');
}
