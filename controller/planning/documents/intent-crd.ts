import { stringify } from 'yaml';
import { intentSchema, type Schema } from './intent-schema.js';

const text = (description: string): Schema => ({ type: 'string', description });

const statusSchema: Schema = {
  type: 'object',
  description: 'What the controller makes of the intent. Written by the controller only.',
  properties: {
    observedGeneration: {
      type: 'integer',
      format: 'int64',
      description: 'The generation that this status is about.',
    },
    state: text(
      'Where the intent stands: pending, broken, suspended, question, refused, waiting, blocked, planned, …',
    ),
    message: text('One sentence for a person.'),
    revision: text('Hash of what the intent says.'),
    plan: {
      type: 'object',
      properties: {
        digest: text('Digest of the plan.'),
        status: text('pending_approval, approved, running, succeeded, failed, rolled_back, …'),
        proposal: text('Where the plan can be read and approved.'),
      },
    },
    questions: {
      type: 'array',
      description: 'What has to be answered before the intent can be planned.',
      items: {
        type: 'object',
        required: ['field', 'question'],
        properties: {
          field: text('What the question is about.'),
          question: text('The question.'),
          choices: { type: 'array', items: { type: 'string' } },
        },
      },
    },
    conditions: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: {
        type: 'object',
        required: ['type', 'status', 'lastTransitionTime', 'reason', 'message'],
        properties: {
          type: { type: 'string', maxLength: 316 },
          status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
          observedGeneration: { type: 'integer', format: 'int64' },
          lastTransitionTime: { type: 'string', format: 'date-time' },
          reason: { type: 'string', minLength: 1, maxLength: 1024 },
          message: { type: 'string', maxLength: 32_768 },
        },
      },
    },
  },
};

/** The custom resource definition of intents; its schema is the one that files are checked against. */
export const intentCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'intents.devopscommander.io' },
  spec: {
    group: 'devopscommander.io',
    scope: 'Namespaced',
    names: {
      kind: 'Intent',
      listKind: 'IntentList',
      plural: 'intents',
      singular: 'intent',
      categories: ['commander'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'State', type: 'string', jsonPath: '.status.state' },
          { name: 'Plan', type: 'string', jsonPath: '.status.plan.status' },
          { name: 'Message', type: 'string', jsonPath: '.status.message' },
          { name: 'Proposal', type: 'string', jsonPath: '.status.plan.proposal', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: { openAPIV3Schema: resourceSchema() },
      },
    ],
  },
};

function resourceSchema(): Schema {
  return {
    ...intentSchema,
    required: ['spec'],
    properties: { ...intentSchema.properties, metadata: metadataSchema(), status: statusSchema },
    'x-kubernetes-validations': [
      { rule: "!self.metadata.name.endsWith('.lock')", message: 'metadata.name must not end with ".lock"' },
    ],
  };
}

/** The API server checks metadata itself, and lets a schema restrict nothing but the name. */
function metadataSchema(): Schema {
  const name = intentSchema.properties?.metadata?.properties?.name ?? { type: 'string' };
  const { description: _files, ...rule } = name;
  return { type: 'object', properties: { name: rule } };
}

const HEADER =
  '# Generated from controller/planning/documents/intent-schema.ts (npx vitest run test/documents -u).\n';

export function renderIntentCrd(): string {
  return HEADER + stringify(intentCrd, { lineWidth: 110, aliasDuplicateObjects: false });
}
