import type { Demand } from '../../domain/sop.js';
import type { NameIndex } from '../grammar/names.js';

/** A clause while it is read: what no reader has used yet, with `~` where something was used. */
export interface OpenClause {
  readonly text: string;
  readonly negative: boolean;
  readonly names: NameIndex;
}

/** What a reader made of a part of a clause. */
export interface Taken {
  readonly demands: readonly Demand[];
  readonly text: string;
  /** Environments that the demand is about, where the words that were used say so. */
  readonly environments?: readonly string[];
}

export type Reader = (clause: OpenClause) => Taken | null;

const THE = '(?:(?:the|a|an|its|their|our|your|every|each|any|all|of|that|this|same) )*';
const THING =
  '(?:deployments?|deploys?|deploying|releases?|releasing|rollouts?|roll-outs?|promotions?|promoting|changes?|versions?|builds?|services?|being deployed|being released|going live|go-live|they are deployed|it is deployed|users reach [\\p{L} ]{0,20}version)';

/** Parts of patterns, by name. */
const PARTS: Readonly<Record<string, string>> = {
  E: '\\{e=\\d+\\}',
  ES: '(?:\\{e=\\d+\\}(?: environments?)?(?:(?:, (?:and |then )?| (?:and|then|and then|&) )(?:in |to |on |into )?(?:the )?\\{e=\\d+\\}(?: environments?)?)*)',
  D: '\\{d=([\\d.]+)\\}',
  R: '\\{r=([\\d.]+)\\}',
  N: '\\{n=(\\d+)\\}',
  MUST: '\\{M\\+[hml]\\}',
  NOT: '\\{M-[hml]\\}',
  M: '\\{M[+-][hml]\\}',
  P: '\\{P\\}',
  THE,
  THING,
};

const compiled = new Map<string, RegExp>();

/** A regular expression of `source`, in which `<NAME>` stands for a part and a space for one. Written once, kept by its source. */
export function pattern(source: string): RegExp {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expanded = source.replace(/<([A-Z]+)>/g, (whole, name: string) => PARTS[name] ?? whole);
  const made = new RegExp(`(?<![\\p{L}\\p{N}])(?:${expanded})(?![\\p{L}\\p{N}])`, 'iu');
  compiled.set(source, made);
  return made;
}

/** The clause without the part that was used. */
export function without(text: string, match: RegExpExecArray): string {
  return `${text.slice(0, match.index)} ~ ${text.slice(match.index + match[0].length)}`.replace(
    / {2,}/g,
    ' ',
  );
}

/** The same, for a reader whose words are about a scope that they name: that stays to be read. */
export function withoutKeepingNames(text: string, match: RegExpExecArray): string {
  const names = match[0].match(/\{[es]=\d+\}/g) ?? [];
  return `${without(text, match)} ${names.join(' , ')}`.trimEnd();
}

/** Names of the environments in a part, in its order. */
export function environmentsIn(part: string, names: NameIndex): readonly string[] {
  return [...part.matchAll(/\{e=(\d+)\}/g)].flatMap(([, at]) => names.order[Number(at)] ?? []);
}

export function servicesIn(part: string, names: NameIndex): readonly string[] {
  return [...part.matchAll(/\{s=(\d+)\}/g)].flatMap(([, at]) => names.serviceNames[Number(at)] ?? []);
}
