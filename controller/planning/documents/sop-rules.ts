import { NO_GUARDS } from '../../domain/catalog.js';
import { POST_STEPS } from '../../domain/intent.js';
import type { Control } from '../../domain/sop.js';
import { unknownNameFix } from './did-you-mean.js';
import { type Fields, isMapping, show, type TextRule } from './fields.js';
import { headingsOf, sentencesOf } from './markdown.js';
import { NAME, readFreeze, readGuards } from './rules.js';
import { bestQuote, type Rule, sameHeading } from './sop-quote.js';

/** `rules` is a list of mappings, or one mapping; each key of one is a rule. */
export function readControls(fields: Fields, id: string, body: string): readonly Control[] {
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

/** A list of known names; an unknown one is a problem. */
export function namesOf<Name extends string>(
  fields: Fields,
  key: string,
  known: readonly Name[],
): readonly Name[] {
  return (fields.texts(key) ?? []).flatMap((written) => {
    const found = known.find((name) => name === written);
    if (found !== undefined) return [found];
    fields.wrong(key, `"${written}" is not one of ${known.join(', ')}`, unknownNameFix(written, known));
    return [];
  });
}

const RULE_KEYS = [
  'requireSteps',
  'environmentsFirst',
  'freeze',
  'pinnedVersion',
  'signedVersion',
  'guards',
  'approvals',
  'approvers',
  'alone',
];

function readSection(rule: Fields, headings: readonly string[]): string | null {
  const section = rule.text('section');
  if (section === null || headings.some((heading) => sameHeading(heading, section))) return section;
  const fix = headings.length === 0 ? 'Take it out.' : unknownNameFix(section, headings);
  return rule.wrong('section', `"${section}" is not a heading of this document`, fix);
}

function readRules(fields: Fields, id: string): readonly Rule[] {
  const steps = namesOf(fields, 'requireSteps', POST_STEPS);
  const freezeFields = fields.object('freeze');
  const freeze = freezeFields === null ? null : readFreeze(freezeFields, id);
  const guardFields = fields.object('guards');
  const guards = guardFields === null ? NO_GUARDS : readGuards(guardFields);
  const count = fields.integer('approvals', 1, MOST_APPROVALS);
  const names = fields.texts('approvers', APPROVER) ?? [];
  const flags = (
    [
      ['pinnedVersion', 'pinned-version'],
      ['signedVersion', 'signed-version'],
      ['alone', 'alone'],
    ] as const
  ).flatMap(([key, kind]): Rule[] => (fields.boolean(key) === true ? [{ kind }] : []));
  for (const key of ['requireSteps', 'environmentsFirst', 'approvers']) {
    const value = fields.raw(key);
    if (Array.isArray(value) && value.length === 0)
      fields.wrong(key, 'is empty', 'Name at least one, or take it out.');
  }
  return [
    ...(steps.length > 0 ? [{ kind: 'require-steps', steps } as const] : []),
    ...readEnvironmentsFirst(fields),
    ...(freeze === null ? [] : [{ kind: 'freeze', freeze } as const]),
    ...flags,
    ...(Object.values(guards).some((guard) => guard !== null) ? [{ kind: 'guards', guards } as const] : []),
    ...(count === null ? [] : [{ kind: 'approvals', count } as const]),
    ...(names.length === 0 ? [] : [{ kind: 'approver', names: names.map(asAccount) } as const]),
  ];
}

const MOST_APPROVALS = 20;
const MOST_HOURS = 24 * 365;
const APPROVER: TextRule = {
  pattern: /^@?[\p{L}\p{N}][\p{L}\p{N}/_ -]{0,60}$/u,
  rule: 'accounts (@name), or who it is in words',
};

/** An author who writes `approvers: [alice]` means the account. */
function asAccount(name: string): string {
  return /^[a-z\d][a-z\d_-]{0,38}$/i.test(name) ? `@${name}` : name;
}

/** `[staging]`, or `{ environments: [staging], hours: 24 }`. */
function readEnvironmentsFirst(fields: Fields): readonly Rule[] {
  const value = fields.raw('environmentsFirst');
  if (value !== null && !isMapping(value)) {
    const environments = fields.texts('environmentsFirst', NAME) ?? [];
    return environments.length === 0 ? [] : [{ kind: 'environments-first', environments, hours: null }];
  }
  const own = fields.object('environmentsFirst');
  if (own === null) return [];
  const environments = own.texts('environments', NAME) ?? [];
  const hours = own.raw('hours');
  if (environments.length === 0) own.wrong('environments', 'is missing', 'Name at least one environment.');
  if (hours !== null && !(typeof hours === 'number' && hours > 0 && hours <= MOST_HOURS))
    own.wrong('hours', `"${show(hours)}" is not right`, `Write a number of hours, up to ${MOST_HOURS}.`);
  own.finish();
  return environments.length === 0
    ? []
    : [{ kind: 'environments-first', environments, hours: typeof hours === 'number' ? hours : null }];
}
