/**
 * Cuts the operations and webhook payloads that the controller deals with out of GitHub's own OpenAPI descriptions.
 *
 *   npm pack @octokit/openapi@23.0.2 @octokit/openapi-webhooks@12.1.0     (in a scratch folder)
 *   mkdir openapi webhooks
 *   tar xzf octokit-openapi-23.0.2.tgz -C openapi && tar xzf octokit-openapi-webhooks-12.1.0.tgz -C webhooks
 *   node test/github/contract/cut.mjs openapi/package webhooks/package
 *
 * It writes operations.json and webhooks.json beside itself. Kept as GitHub writes it: everything that decides whether a message is
 * valid, with the components that are referenced. Left out: prose, examples, annotations for code generators.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wantedOperations, wantedWebhooks } from './wanted.mjs';

const repository = '/repos/{owner}/{repo}';

const annotations = new Set([
  ...['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'tags', 'operationId'],
  ...['default', 'deprecated', 'readOnly', 'discriminator'],
]);

/** Members of these are names chosen by GitHub ("title" is a property of an issue), not words of the description language. */
const named = new Set(['properties', 'responses', 'content', 'headers', 'schemas', 'parameters', 'paths']);

function withoutAnnotations(node, namesAreData = false) {
  if (Array.isArray(node)) return node.map((item) => withoutAnnotations(item));
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key, value]) => namesAreData || !dropped(key, value));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, withoutAnnotations(value, !namesAreData && named.has(key))]),
  );
}

/** Of the formats only dates are checked. */
function dropped(key, value) {
  return annotations.has(key) || key.startsWith('x-') || (key === 'format' && value !== 'date-time');
}

function* references(node) {
  if (node === null || typeof node !== 'object') return;
  if (typeof node.$ref === 'string') yield node.$ref;
  for (const value of Object.values(node)) yield* references(value);
}

/** The components that `roots` refer to, directly or through other components. */
function componentsOf(roots, description) {
  const components = {};
  const open = [...references(roots)];
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const [, , kind, name] = ref.split('/');
    if (components[kind]?.[name] !== undefined) continue;
    const component = withoutAnnotations(onlyJson(description.components[kind][name]));
    components[kind] = { ...components[kind], [name]: component };
    open.push(...references(component));
  }
  return components;
}

/** Requests and answers in other media types (raw files, diffs) have nothing to check. */
function onlyJson(part) {
  const json = part.content?.['application/json'];
  if (part.content === undefined) return part;
  const { content: _, ...rest } = part;
  return json === undefined ? rest : { ...rest, content: { 'application/json': json } };
}

function cutOperation(operation) {
  const { parameters, requestBody, responses } = operation;
  return withoutAnnotations({
    ...(parameters !== undefined && { parameters }),
    ...(requestBody !== undefined && { requestBody: onlyJson(requestBody) }),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, answer]) => [status, onlyJson(answer)]),
    ),
  });
}

function present(part, name) {
  if (part !== undefined) return part;
  throw new Error(`${name} is not in the description; correct it in wanted.mjs.`);
}

function cutOperations(description) {
  const paths = {};
  for (const wanted of wantedOperations) {
    const words = wanted.split(' ');
    const path = words.pop().replace('...', repository);
    for (const method of words.map((word) => word.toLowerCase())) {
      const operation = present(description.paths[path]?.[method], wanted);
      paths[path] = { ...paths[path], [method]: cutOperation(operation) };
    }
  }
  return { paths, components: componentsOf(paths, description) };
}

function cutWebhooks(description) {
  const webhooks = {};
  for (const name of wantedWebhooks) {
    const webhook = present(description.webhooks[name], name);
    webhooks[name] = withoutAnnotations(webhook.post.requestBody.content['application/json'].schema);
  }
  return { webhooks, components: componentsOf(webhooks, description) };
}

/** One line per operation, webhook and component, so that an update of the description shows as a difference that can be read. */
function lines(node, depth) {
  if (depth === 0 || typeof node !== 'object' || '$ref' in node) return JSON.stringify(node);
  const members = Object.entries(node).map(
    ([key, value]) => `${JSON.stringify(key)}:${lines(value, depth - 1)}`,
  );
  return `{\n${members.join(',\n')}\n}`;
}

function write(file, from, cut) {
  const text = `${lines({ from, ...cut }, 3)}\n`;
  writeFileSync(join(import.meta.dirname, file), text);
  console.log(`${file}: ${Math.round(text.length / 1024)} KB`);
}

const [restPackage, webhooksPackage] = process.argv.slice(2);
if (webhooksPackage === undefined) {
  throw new Error(
    'Say where the unpacked packages are: node cut.mjs <@octokit/openapi> <@octokit/openapi-webhooks>',
  );
}
for (const [folder, file, cut] of [
  [restPackage, 'operations.json', cutOperations],
  [webhooksPackage, 'webhooks.json', cutWebhooks],
]) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const description = JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8'));
  write(
    file,
    `${name}@${version}, OpenAPI ${description.openapi}, MIT licence (see LICENSE)`,
    cut(description),
  );
}
