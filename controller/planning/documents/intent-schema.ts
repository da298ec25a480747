import { ACTIONS, API_VERSION } from '../../domain/intent.js';

/** The part of JSON Schema that Kubernetes calls a structural schema, as far as we use it. */
export interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: boolean;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

/** RFC 1123 subdomain, which is also a safe file name and (but for ".lock", see the rule) part of a branch name. */
export const NAME_PATTERN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
export const NAME_LENGTH = 100;
export const TEXT_LENGTH = 16_384;

export const intentSpecSchema: Schema = {
  type: 'object',
  description: 'What should happen.',
  required: ['text'],
  properties: {
    text: {
      type: 'string',
      description: 'In plain words what should happen.',
      minLength: 1,
      maxLength: TEXT_LENGTH,
      pattern: '\\S',
    },
    suspend: { type: 'boolean', description: 'true holds the intent: nothing is planned.', default: false },
    action: {
      type: 'string',
      description: 'Pins the action. If it contradicts the text, a question is asked.',
      enum: ACTIONS,
    },
    service: {
      type: 'string',
      description: 'Pins the service, by its name in the catalog.',
      minLength: 1,
      maxLength: 63,
    },
    version: {
      type: 'string',
      description: 'Pins the version: a tag, a branch, a commit or latest.',
      minLength: 1,
      maxLength: 250,
    },
    environments: {
      type: 'array',
      description: 'Pins the environments, in the order in which they are to be changed.',
      minItems: 1,
      maxItems: 32,
      items: { type: 'string', minLength: 1, maxLength: 63 },
    },
  },
};

/** An intent, as a file and as a custom resource. */
export const intentSchema: Schema = {
  type: 'object',
  description: 'An intent: in plain words what should happen.',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  properties: {
    apiVersion: { type: 'string', enum: [API_VERSION] },
    kind: { type: 'string', enum: ['Intent'] },
    metadata: {
      type: 'object',
      required: ['name'],
      properties: {
        name: {
          type: 'string',
          description: 'Lower-case letters, digits, "-" and "."; starts and ends with a letter or digit.',
          pattern: NAME_PATTERN,
          maxLength: NAME_LENGTH,
        },
      },
    },
    spec: intentSpecSchema,
  },
};
