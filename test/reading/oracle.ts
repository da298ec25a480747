import type { EvidenceField, Interpretation } from '../../controller/domain/interpretation.js';
import { interpretText } from '../../controller/planning/grammar/index.js';
import { sightOf } from '../../controller/planning/reading/sight.js';
import { catalogNamed } from '../grammar/cases.js';
import { type Labelled, NOTHING, type Spoken, spoken, wordsFor } from './models.js';

const ALL =
  /\b(?:everywhere|(?:all|every|each|both)(?: of)?(?: the| our)?(?: two| three| four)? (?:environments?|envs?|stages))\b(?: (?:except|but) (?:for )?(?:the )?[\w-]+)?/i;
const KINDS = { errorRate: 'rate', latencyP95Ms: 'duration', watchMinutes: 'duration' } as const;

/** What a model that always knows the label would answer, with words that it finds in the text; null where it finds none. */
export function oracleAnswer(item: Labelled): unknown {
  if (item.outcome !== 'plan') return { ...NOTHING, outcome: item.outcome };
  const catalog = catalogNamed(item.catalog);
  const reading = interpretText(item.text, catalog);
  const service = wordsFor(item.text, catalog, 'services', item.service ?? '');
  const action = of(reading, 'action', item.text)[0] ?? {
    text: item.text.split(/\s/)[0] ?? '',
    occurrence: 1,
  };
  return {
    ...NOTHING,
    action: { value: item.action, ...action },
    service: service === null ? null : { value: item.service, ...service },
    version: item.version === null ? null : versionWords(item, reading),
    environments: item.environments.map((name) => ({
      value: name,
      ...(wordsFor(item.text, catalog, 'environments', name) ?? all(item.text)),
    })),
    postSteps: item.postSteps.map((value, at) => ({ value, ...of(reading, 'postSteps', item.text)[at] })),
    errorRate: bound(item, reading, 'errorRate'),
    latencyP95Ms: bound(item, reading, 'latencyP95Ms'),
    watchMinutes: bound(item, reading, 'watchMinutes'),
  };
}

function of(reading: Interpretation, field: EvidenceField, text: string): readonly Spoken[] {
  return (reading.evidence[field] ?? []).map(({ start, end }) => spoken(text, start, end));
}

function versionWords(item: Labelled, reading: Interpretation): Spoken {
  const [words] = of(reading, 'version', item.text);
  return words ?? { text: item.version ?? '', occurrence: 1 };
}

function all(text: string): Spoken {
  const found = ALL.exec(text);
  return found === null
    ? { text: '?', occurrence: 1 }
    : spoken(text, found.index, found.index + found[0].length);
}

function bound(item: Labelled, reading: Interpretation, field: keyof typeof KINDS): Spoken | null {
  if (item.guards[field] === null) return null;
  const [known] = of(reading, field, item.text);
  if (known !== undefined) return known;
  const token = sightOf(item.text, catalogNamed(item.catalog)).tokens.find(
    (one) => one.kind === KINDS[field],
  );
  return token === undefined ? null : spoken(item.text, token.start, token.end);
}
