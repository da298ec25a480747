import type { Contract } from './contract.js';
import { corrected, webhookCorrections } from './corrections.js';
import type { WebhookDescription } from './description.js';
import { asJsonSchema } from './schema.js';
import { createValidate } from './validation.js';

/** Checks webhook payloads by event and the action in the payload. */
export function createWebhookContract(raw: WebhookDescription): Contract['webhook'] {
  const { webhooks, components } = asJsonSchema(corrected(raw, webhookCorrections));
  const validate = createValidate(components);
  return (event, payload) => {
    const action = actionOf(payload);
    const name = [event, ...(action === null ? [] : [action])].join('-').replaceAll('_', '-');
    const schema = webhooks[name];
    if (schema === undefined)
      return [`${name} is no webhook of the contract; add it to wanted.mjs if GitHub has it.`];
    return validate(schema, payload, name);
  };
}

function actionOf(payload: unknown): string | null {
  if (payload === null || typeof payload !== 'object' || !('action' in payload)) return null;
  return typeof payload.action === 'string' ? payload.action : null;
}
