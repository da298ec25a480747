import { Webhooks } from '@octokit/webhooks';

/** Checks signatures (HMAC-SHA-256 over the body, compared in constant time) with @octokit/webhooks. */
export function createWebhookVerifier(secret: string): (body: string, signature: string) => Promise<boolean> {
  const webhooks = new Webhooks({ secret });
  return (body, signature) => webhooks.verify(body, signature);
}
