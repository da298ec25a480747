import { NO_GUARDS, SEVERITIES } from '../../domain/catalog.js';
import { ACTIONS, POST_STEPS } from '../../domain/intent.js';
import { sha256 } from '../../domain/json.js';
import type { Problem } from '../../domain/problem.js';
import type { Control, ParsedSop, SopScope } from '../../domain/sop.js';
import { unknownNameFix } from './did-you-mean.js';
import { Fields, isMapping, problemAt } from './fields.js';
import { headingsOf, sentencesOf } from './markdown.js';
import { NAME, readFreeze, readGuards } from './rules.js';
import { bestQuote, type Rule, sameHeading } from './sop-quote.js';
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
  const defaults = { id: fileName(path), title: headingsOf(parts.body).first ?? fileName(path) };
  if (parts.front === null) {
    const scope: SopScope = { services: [], environments: [], actions: [] };
    return {
      ok: true,
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
  const sop = {
    id,
    title: fields.text('title') ?? defaults.title,
    path,
    severity: fields.oneOf('severity', SEVERITIES) ?? 'medium',
    scope: readScope(fields),
    controls: readControls(fields, id, parts.body),
    advice: [],
    body: parts.body,
    digest,
  } as const;
  fields.finish();
  return problems.length > 0 ? { ok: false, problems } : { ok: true, sop };
}

function splitFrontMatter(text: string): { readonly front: string | null; readonly body: string } {
  const match = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)(?<=\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) return { front: null, body: text };
  const front = match[1] ?? '';
  return { front: front.trim() === '' ? null : front, body: text.slice(match[0].length) };
}

function fileName(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/\.(?:md|markdown)$/i, '');
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

/** A list of known names; an unknown one is a problem. */
function namesOf<Name extends string>(fields: Fields, key: string, known: readonly Name[]): readonly Name[] {
  return (fields.texts(key) ?? []).flatMap((written) => {
    const found = known.find((name) => name === written);
    if (found !== undefined) return [found];
    fields.wrong(key, `"${written}" is not one of ${known.join(', ')}`, unknownNameFix(written, known));
    return [];
  });
}

/** `rules` is a list of mappings, or one mapping; each key of one is a rule. */
function readControls(fields: Fields, id: string, body: string): readonly Control[] {
  const rules = isMapping(fields.raw('rules')) ? [fields.object('rules')] : fields.objects('rules');
  const sentences = sentencesOf(body);
  const headings = headingsOf(body).all;
  return rules.flatMap((rule) => {
    if (rule === null) return [];
    const section = readSection(rule, headings);
    const read = readRules(rule, id);
    rule.finish();
    if (read.length === 0 && !RULE_KEYS.some((key) => rule.has(key))) {
      rule.wrong(null, 'is no rule', `Write one of ${RULE_KEYS.join(', ')}.`);
    }
    return read.map(
      (each): Control => ({
        ...each,
        quote: bestQuote(each, sentences, section),
        origin: 'front-matter',
        scope: null,
        severity: null,
      }),
    );
  });
}

const RULE_KEYS = ['requireSteps', 'environmentsFirst', 'freeze', 'pinnedVersion', 'guards'];

function readSection(rule: Fields, headings: readonly string[]): string | null {
  const section = rule.text('section');
  if (section === null || headings.some((heading) => sameHeading(heading, section))) return section;
  const fix = headings.length === 0 ? 'Take it out.' : unknownNameFix(section, headings);
  return rule.wrong('section', `"${section}" is not a heading of this document`, fix);
}

function readRules(fields: Fields, id: string): readonly Rule[] {
  const rules: Rule[] = [];
  const steps = namesOf(fields, 'requireSteps', POST_STEPS);
  if (steps.length > 0) rules.push({ kind: 'require-steps', steps });
  const environments = fields.texts('environmentsFirst', NAME) ?? [];
  if (environments.length > 0) rules.push({ kind: 'environments-first', environments, hours: null });
  const freezeFields = fields.object('freeze');
  const freeze = freezeFields === null ? null : readFreeze(freezeFields, id);
  if (freeze !== null) rules.push({ kind: 'freeze', freeze });
  const pinned = fields.raw('pinnedVersion');
  if (pinned === true) rules.push({ kind: 'pinned-version' });
  else if (pinned !== null && pinned !== false)
    fields.wrong('pinnedVersion', 'is not right', 'Write true or false.');
  const guardFields = fields.object('guards');
  const guards = guardFields === null ? NO_GUARDS : readGuards(guardFields);
  if (Object.values(guards).some((guard) => guard !== null)) rules.push({ kind: 'guards', guards });
  for (const key of ['requireSteps', 'environmentsFirst']) {
    const value = fields.raw(key);
    if (Array.isArray(value) && value.length === 0)
      fields.wrong(key, 'is empty', 'Name at least one, or take it out.');
  }
  return rules;
}
