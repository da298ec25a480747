import { describe, expect, it } from 'vitest';
import { createContract } from './contract.js';
import { corrected, restCorrections, webhookCorrections } from './corrections.js';
import { type Body, loadRestDescription, loadWebhookDescription, type Reference } from './description.js';
import { asJsonSchema } from './schema.js';
import { createSmallest } from './smallest.js';

describe('every schema compiles and is fulfilled by the smallest value made from it', () => {
  const contract = createContract();
  const rest = asJsonSchema(corrected(loadRestDescription(), restCorrections));
  const hooks = asJsonSchema(corrected(loadWebhookDescription(), webhookCorrections));
  const smallestOfRest = createSmallest(rest.components);
  const smallestOfHooks = createSmallest(hooks.components);
  const operations = Object.entries(rest.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      path: template.replaceAll(/\{\w*(id|number)\}/g, '1').replaceAll(/\{\w+\}/g, 'x'),
      operation,
    })),
  );

  function smallestBody(part: Body | Reference | undefined): unknown {
    if (part === undefined) return undefined;
    if ('$ref' in part) return smallestBody(rest.components.responses[part.$ref.split('/').at(-1) ?? '']);
    const schema = part.content?.['application/json']?.schema;
    return schema === undefined ? undefined : smallestOfRest(schema);
  }

  it.each(operations)('$method $template', ({ method, path, operation }) => {
    const body = smallestBody(operation.requestBody);
    expect(contract.request({ method, path, query: new URLSearchParams(), body })).toEqual([]);
    for (const [text, answer] of Object.entries(operation.responses)) {
      const status = Number(text);
      const value = smallestBody(answer);
      const answered = status >= 400 ? { ...(value as object), message: 'text' } : value;
      expect(contract.response({ method, path, status, body: answered })).toEqual([]);
    }
  });

  it.each(Object.entries(hooks.webhooks))('%s', (name, schema) => {
    const payload = smallestOfHooks(schema) as { readonly action?: string };
    const action = payload.action === undefined ? '' : `-${payload.action.replaceAll('_', '-')}`;
    expect(contract.webhook(name.slice(0, name.length - action.length), payload)).toEqual([]);
  });
});
