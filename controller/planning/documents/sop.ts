import { SEVERITIES } from '../../domain/catalog.js';
import { ACTIONS } from '../../domain/intent.js';
import { sha256 } from '../../domain/json.js';
import type { Problem } from '../../domain/problem.js';
import type { ParsedSop, SopScope } from '../../domain/sop.js';
import { Fields, isMapping, problemAt } from './fields.js';
import { headingsOf } from './markdown.js';
import { NAME } from './rules.js';
import { namesOf, readControls } from './sop-rules.js';
import { loadYaml } from './yaml-source.js';

export const SOP_BYTES = 256 * 1024;
const FRONT_MATTER_BYTES = 64 * 1024;
const MAX_ALIASES = 10;

/** Reads an SOP: Markdown, whose YAML front matter (if it has one) says what code can check. */
export function parseSop(path: string, text: string): ParsedSop {
  const bytes = Buffer.byteLength(text);
  if (bytes > SOP_BYTES) {
    const message = `The file has ${bytes} bytes, at most ${SOP_BYTES} are read`;
    return { ok: false, problems: [{ file: path, line: null, field: null, message, fix: 'Split it.' }] };
  }
  const parts = splitFrontMatter(text);
  const digest = `sha256:${sha256(text)}`;
  const defaults = { id: nameOf(path), title: headingsOf(parts.body).first ?? nameOf(path) };
  if (parts.front === null) {
    const scope: SopScope = { services: [], environments: [], actions: [] };
    return {
      ok: true,
      severityGiven: false,
      sop: {
        ...defaults,
        path,
        severity: 'medium',
        scope,
        controls: [],
        advice: [],
        body: parts.body,
        digest,
      },
    };
  }
  const loaded = loadYaml(path, parts.front, {
    maxBytes: FRONT_MATTER_BYTES,
    maxAliases: MAX_ALIASES,
    lineOffset: 1,
  });
  if (!loaded.ok) return loaded;
  const { source } = loaded;
  if (!isMapping(source.value)) {
    return {
      ok: false,
      problems: [problemAt(source, [], 'The front matter has no fields', 'Write "id: …" or take it out.')],
    };
  }
  const problems: Problem[] = [];
  const fields = new Fields(source, [], source.value, problems);
  const id = fields.text('id', NAME) ?? defaults.id;
  const severity = fields.oneOf('severity', SEVERITIES);
  const sop = {
    id,
    title: fields.text('title') ?? defaults.title,
    path,
    severity: severity ?? 'medium',
    scope: readScope(fields),
    controls: readControls(fields, id, parts.body),
    advice: [],
    body: parts.body,
    digest,
  } as const;
  fields.finish();
  return problems.length > 0 ? { ok: false, problems } : { ok: true, sop, severityGiven: severity !== null };
}

function splitFrontMatter(text: string): { readonly front: string | null; readonly body: string } {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) return { front: null, body: text };
  const front = match[1] ?? '';
  return { front: front.trim() === '' ? null : front, body: text.slice(match[0].length) };
}

/** Below the folder of all SOPs: two folders may each have an "on-call.md". */
function nameOf(path: string): string {
  return path
    .split('/')
    .slice(path.includes('/') ? 1 : 0)
    .join('.')
    .replace(/\.(?:md|markdown|txt|pdf)$/i, '');
}

function readScope(fields: Fields): SopScope {
  const applies = fields.object('applies');
  if (applies === null) return { services: [], environments: [], actions: [] };
  const scope = {
    services: applies.texts('services', NAME) ?? [],
    environments: applies.texts('environments', NAME) ?? [],
    actions: namesOf(applies, 'actions', ACTIONS),
  };
  applies.finish();
  return scope;
}
