import type { IntentSpec, ParsedIntent } from '../../domain/intent.js';
import type { Problem } from '../../domain/problem.js';
import { carriesSecret } from '../grammar/encoded.js';
import { problemAt } from './fields.js';
import { intentSchema, type Schema, TEXT_LENGTH } from './intent-schema.js';
import { createSchemaCheck } from './schema-check.js';
import { decodeText, loadYaml, type YamlSource } from './yaml-source.js';

export const INTENT_FILE_BYTES = 64 * 1024;
const MAX_ALIASES = 10;
/** NUL, and halves of surrogate pairs: YAML can write them, UTF-8 cannot. */
const NO_TEXT = /[\0\p{Surrogate}]/u;

export interface IntentFile {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly bytes: Uint8Array;
}

const checkSchema = createSchemaCheck(fileSchema());

/** Reads one intent file: a single YAML document with the schema of the custom resource, and nothing else in it. */
export function parseIntent({ path, kind, bytes }: IntentFile): ParsedIntent {
  if (kind !== 'file') {
    const message = `The intent is a ${kind}, not a file`;
    return refuse({ file: path, line: null, field: null, message, fix: 'Commit the file itself.' });
  }
  const decoded = decodeText(path, bytes, INTENT_FILE_BYTES);
  if (!decoded.ok) return decoded;
  const loaded = loadYaml(path, decoded.text, { maxBytes: INTENT_FILE_BYTES, maxAliases: MAX_ALIASES });
  if (!loaded.ok) return loaded;
  const { source } = loaded;
  const broken = checkSchema(source);
  if (broken.length > 0) return { ok: false, problems: broken };
  const { metadata, spec } = source.value as IntentShape;
  const odd = oddities(source, metadata.name, spec);
  if (odd.length > 0) return { ok: false, problems: odd };
  return { ok: true, document: { name: metadata.name, spec: { ...spec, suspend: spec.suspend ?? false } } };
}

interface IntentShape {
  readonly metadata: { readonly name: string };
  readonly spec: Omit<IntentSpec, 'suspend'> & { readonly suspend?: boolean };
}

/** What a schema cannot say. */
function oddities(source: YamlSource, name: string, spec: IntentShape['spec']): readonly Problem[] {
  const problems: Problem[] = [];
  if (name.endsWith('.lock')) {
    const message = 'must not end with ".lock": git reserves such names';
    problems.push(problemAt(source, ['metadata', 'name'], message, 'Use another name.'));
  }
  if (/^incident-\d+$/.test(name)) {
    const message = 'is what the branch of an incident is called';
    problems.push(problemAt(source, ['metadata', 'name'], message, 'Use another name.'));
  }
  const at = ['spec', 'text'];
  if (Buffer.byteLength(spec.text) > TEXT_LENGTH) {
    problems.push(problemAt(source, at, `is too long: at most ${TEXT_LENGTH} bytes`, 'Make it shorter.'));
  }
  if (NO_TEXT.test(spec.text)) {
    const message = 'has characters that are no text (half of a surrogate pair, or NUL)';
    problems.push(problemAt(source, at, message, 'Take them out.'));
  }
  for (const field of ['text', 'service', 'version'] as const) {
    const value = spec[field];
    if (value === undefined || !carriesSecret(value)) continue;
    const fix = 'Take it out, and change the credential: it is in the history of the repository now.';
    problems.push(problemAt(source, ['spec', field], 'carries a credential', fix));
  }
  const environments = spec.environments ?? [];
  const twice = environments.findIndex((environment, index) => environments.indexOf(environment) !== index);
  if (twice >= 0) {
    const message = `"${environments[twice]}" is there twice`;
    problems.push(problemAt(source, ['spec', 'environments', twice], message, 'Name each one once.'));
  }
  return problems;
}

/** The resource's schema, strict: a file has no API server that prunes what it does not know. */
function fileSchema(): object {
  const words = { type: 'object', additionalProperties: { type: 'string' } };
  const schema = closed(intentSchema) as { properties: { metadata: { properties: object } } };
  const { metadata } = schema.properties;
  const properties = {
    ...metadata.properties,
    namespace: { type: 'string' },
    labels: words,
    annotations: words,
  };
  return { ...schema, properties: { ...schema.properties, metadata: { ...metadata, properties } } };
}

function closed(schema: Schema): object {
  if (schema.properties === undefined) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, inner]) => [name, closed(inner)]),
  );
  return { ...schema, properties, additionalProperties: false };
}

function refuse(problem: Problem): ParsedIntent {
  return { ok: false, problems: [problem] };
}
