import { readdirSync, readFileSync } from 'node:fs';
import { interpretationLine } from '../../controller/cli/interpret-output.js';
import { interpretText } from '../../controller/planning/grammar/index.js';
import type { Names } from '../../controller/planning/grammar/names.js';

const folder = new URL('./cases/', import.meta.url);

export interface Case {
  readonly id: string;
  readonly catalog: string;
  readonly text: string;
  readonly outcome: string;
}

export function catalogNamed(name: string): Names {
  const all = JSON.parse(readFileSync(new URL('catalogs.json', folder), 'utf8')) as Record<string, Names>;
  const found = all[name];
  if (found === undefined) throw new Error(`No catalog ${name} in test/grammar/cases/catalogs.json`);
  return found;
}

export function loadCases(): readonly Case[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readFileSync(new URL(file, folder), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Case);
}

const FIELDS = ['outcome', 'action', 'service', 'version', 'environments', 'postSteps', 'guards'];

/** All fields that are measured, in one line. */
export function summary(record: object): string {
  return JSON.stringify(FIELDS.map((field) => (record as Record<string, unknown>)[field]));
}

export function answer(item: Case): string {
  return summary(
    JSON.parse(interpretationLine(item.id, interpretText(item.text, catalogNamed(item.catalog)))) as object,
  );
}
