import { readFileSync } from 'node:fs';
import type { Schema } from './schema.js';

/** A parameter of an operation; path parameters are always required. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** A body in the one media type that is kept. */
export interface Body {
  readonly required?: boolean;
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } };
}

/** A part of the description that stands elsewhere in it. */
export interface Reference {
  readonly $ref: string;
}

/** One method of one path. */
export interface Operation {
  readonly parameters?: readonly (Parameter | Reference)[];
  readonly requestBody?: Body;
  readonly responses: Readonly<Record<string, Body | Reference>>;
}

/** What operations.json holds. */
export interface RestDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Body>>;
  };
}

/** What webhooks.json holds: the schema of the payload by event and action, joined by dashes. */
export interface WebhookDescription {
  readonly webhooks: Readonly<Record<string, Schema>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export function loadRestDescription(): RestDescription {
  return load('operations.json');
}

export function loadWebhookDescription(): WebhookDescription {
  return load('webhooks.json');
}

function load<Description>(file: string): Description {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as Description;
}
