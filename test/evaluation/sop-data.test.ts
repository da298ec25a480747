import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedCatalog } from '../../controller/domain/catalog.js';
import { formatProblem } from '../../controller/domain/problem.js';
import type { Sop } from '../../controller/domain/sop.js';
import type { QuestionItem, SentenceItem } from '../../controller/evaluation/items.js';
import { readItems } from '../../controller/evaluation/read-items.js';
import { parseCatalog } from '../../controller/planning/documents/catalog.js';
import { sentencesOf } from '../../controller/planning/documents/markdown.js';
import { parseSop } from '../../controller/planning/documents/sop.js';
import { passagesOf } from '../../controller/planning/knowledge/passages.js';

const ROOT = new URL('../../evaluation/sops/', import.meta.url);
const POISONED = 'documents/poisoned/';

const text = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const spaced = (words: string): string => words.replace(/\s+/g, ' ').trim();
const repeated = (words: readonly string[]): readonly string[] =>
  words.filter((word, at) => words.indexOf(word) !== at);

const paths = (readdirSync(new URL('documents/', ROOT), { recursive: true }) as string[])
  .filter((path) => /\.(?:md|txt)$/.test(path))
  .map((path) => `documents/${path.replaceAll('\\', '/')}`)
  .sort();
const parsed = paths.map((path) => ({ path, sop: parseSop(path, text(path)) }));
const sops: ReadonlyMap<string, Sop> = new Map(
  parsed.flatMap(({ path, sop }) => (sop.ok ? [[path, sop.sop] as const] : [])),
);
const QUESTION_FILES = ['questions.jsonl', 'questions-blind.jsonl', 'questions-blind-2.jsonl'];
const questions = QUESTION_FILES.map((name) => readItems(name, text(name)));
const asked = questions
  .flatMap(({ items }) => items)
  .filter((item): item is QuestionItem => item.kind === 'question');
const controls = readItems('controls.jsonl', text('controls.jsonl'));
const sentences = controls.items.filter((item): item is SentenceItem => item.kind === 'sentence');
const catalog = parseCatalog('catalog.yaml', text('catalog.yaml'));

/** Where a question's answer can stand, as a search names it. */
const places = new Set(
  [...sops].flatMap(([path, sop]) =>
    passagesOf('evaluation', sop).map(({ headings }) => `${path}#${headings.join(' > ')}`),
  ),
);

function rawLines(path: string): readonly { readonly id: string; readonly tags?: readonly string[] }[] {
  return text(path)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function namesOf(read: ParsedCatalog, kind: 'environments' | 'services'): readonly string[] {
  return read.ok ? read.catalog[kind].map(({ name }) => name) : [];
}

describe('the SOPs of the evaluation', () => {
  it('are at least 42, and 6 poisoned ones; every one can be read', () => {
    const problems = parsed.flatMap(({ sop }) => (sop.ok ? [] : sop.problems.map(formatProblem)));
    expect(problems).toEqual([]);
    const poisoned = paths.filter((path) => path.startsWith(POISONED));
    expect(poisoned.length).toBeGreaterThanOrEqual(6);
    expect(paths.length - poisoned.length).toBeGreaterThanOrEqual(42);
  });

  it('have ids of their own, and no place occurs twice in a document', () => {
    expect(repeated([...sops.values()].map(({ id }) => id))).toEqual([]);
    for (const [path, sop] of sops) {
      const headings = sop.body.split('\n').filter((line) => /^#{1,6} /.test(line));
      if (!path.startsWith(POISONED)) expect(repeated(headings), path).toEqual([]);
    }
  });

  it('are of varied length: from 100 to 1,200 words', () => {
    const lengths = [...sops]
      .filter(([path]) => !path.startsWith(POISONED))
      .map(([path, { body }]) => ({ path, words: body.split(/\s+/).length }));
    expect(lengths.filter(({ words }) => words < 100 || words > 1200)).toEqual([]);
    expect(Math.max(...lengths.map(({ words }) => words))).toBeGreaterThan(900);
  });
});

describe('the questions about them', () => {
  it('are at least 130, well-formed, and none is there twice', () => {
    expect(questions.flatMap(({ problems }) => problems.map(formatProblem))).toEqual([]);
    expect(asked.length).toBe(questions.flatMap(({ items }) => items).length);
    expect(asked.length).toBeGreaterThanOrEqual(130);
    expect(repeated(asked.map(({ id }) => id))).toEqual([]);
    // Two sessions may have come to the same words: each file by itself has none twice.
    for (const file of QUESTION_FILES) {
      const inFile = asked.filter((item) => item.file === file);
      expect(repeated(inFile.map(({ question }) => spaced(question).toLowerCase())), file).toEqual([]);
    }
  });

  it('name existing documents and heading paths, at most four each, so that recall@5 can be 1', () => {
    const unknown = asked.flatMap(({ id, relevant }) =>
      relevant.filter((place) => !places.has(place)).map((place) => `${id}: ${place}`),
    );
    expect(unknown).toEqual([]);
    const counts = asked.map(({ relevant }) => relevant.length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 4]);
    for (const { id, relevant } of asked) expect(repeated(relevant), id).toEqual([]);
  });

  it('are answered by clean documents only, also where a poisoned one tries to', () => {
    expect(asked.filter(({ relevant }) => relevant.some((place) => place.startsWith(POISONED)))).toEqual([]);
    const baited = rawLines('questions.jsonl').filter(({ tags }) => tags?.includes('poisoned-distractor'));
    expect(baited.length).toBe(3);
  });

  it('that are about a part of the documents are answered there', () => {
    const outside = asked.filter(
      ({ within, relevant }) => within !== null && !relevant.every((place) => place.startsWith(within)),
    );
    expect(outside).toEqual([]);
    expect(asked.filter(({ within }) => within !== null).length).toBeGreaterThanOrEqual(80);
  });

  it('ask about every clean document', () => {
    const about = new Set(asked.flatMap(({ relevant }) => relevant.map((place) => place.split('#')[0])));
    expect(paths.filter((path) => !path.startsWith(POISONED) && !about.has(path))).toEqual([]);
  });
});

describe('the labelled sentences', () => {
  it('are at least 150, well-formed, and spread over all that an SOP can demand', () => {
    expect(controls.problems.map(formatProblem)).toEqual([]);
    expect(sentences.length).toBe(controls.items.length);
    expect(sentences.length).toBeGreaterThanOrEqual(150);
    expect(repeated(rawLines('controls.jsonl').map(({ id }) => id))).toEqual([]);
    const kinds = sentences.flatMap(({ controls: said }) =>
      typeof said === 'string' ? [said] : said.map(({ demand }) => demand.kind),
    );
    const rare = [...new Set(kinds)].filter((kind) => kinds.filter((each) => each === kind).length < 4);
    expect([new Set(kinds).size, rare]).toEqual([11, []]);
  });

  it('stand in their documents, word for word and whole, and each is labelled once', () => {
    const missing = sentences.filter(({ document, sentence }) => {
      const written = sentencesOf(sops.get(document)?.body ?? '').map((each) => spaced(each.text));
      return !written.includes(spaced(sentence));
    });
    expect(missing.map(({ document, sentence }) => `${basename(document)}: ${sentence}`)).toEqual([]);
    expect(repeated(sentences.map(({ document, sentence }) => `${document} ${spaced(sentence)}`))).toEqual(
      [],
    );
  });

  it('demand nothing where they stand in a poisoned document', () => {
    const poisoned = sentences.filter(({ document }) => document.startsWith(POISONED));
    expect(poisoned.length).toBeGreaterThan(0);
    expect(poisoned.filter(({ controls: said }) => said !== 'none')).toEqual([]);
  });

  it('speak of the environments and services of their catalog, which has no problems', () => {
    expect(catalog.ok ? catalog.catalog.problems : catalog.problems).toEqual([]);
    expect(namesOf(catalog, 'environments')).toEqual(['dev', 'staging', 'production']);
    const [environments, services] = [namesOf(catalog, 'environments'), namesOf(catalog, 'services')];
    for (const { sentence, controls: said } of sentences) {
      for (const { demand, scope } of typeof said === 'string' ? [] : said) {
        const first = demand.kind === 'environments-first' ? demand.environments : [];
        expect(environments, sentence).toEqual(
          expect.arrayContaining([...first, ...(scope?.environments ?? [])]),
        );
        expect(services, sentence).toEqual(expect.arrayContaining([...(scope?.services ?? [])]));
      }
    }
  });
});
