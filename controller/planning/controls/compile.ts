import { POST_STEPS } from '../../domain/intent.js';
import { canonicalJson } from '../../domain/json.js';
import type { Control, Demand, SopScope } from '../../domain/sop.js';
import { type Statement, statementsOf } from '../documents/markdown.js';
import { indexNames, type NameIndex, type Names } from '../grammar/names.js';
import { antecedent, documentScope, introductionScope, merged, NO_SCOPE, sectionScope } from './around.js';
import { splitClauses } from './clauses.js';
import { CONDITIONS, FOREIGN_RULES, OTHER_SUBJECTS, TAKES_BACK } from './fillers.js';
import { markSentence } from './mark-sentence.js';
import { isNoRule, isNormative, modalityOf } from './modality.js';
import { hasMixedScripts, plainSentence, SENTENCE_LENGTH } from './plain-sentence.js';
import { readClause, type ScopedDemand } from './read-clause.js';

export interface Compiled {
  readonly controls: readonly Control[];
  /** Sentences that are rules, of which no control came, or not of all of them; exactly as written. */
  readonly advice: readonly string[];
}

/** Longer sentences are cut where they are quoted. */
export const QUOTE_LENGTH = 1000;
/** What is over it is advice. */
const MOST_CONTROLS = 500;

/**
 * The controls that the sentences of an SOP come to by rules over normative wording. A sentence that is a rule, and is not
 * understood to the last word, is advice: rather that than a control that says more or less than it.
 */
export function compileSentences(body: string, names: Names): Compiled {
  const index = indexNames(names);
  const controls: Control[] = [];
  const advice: string[] = [];
  let paragraph = 0;
  let ofParagraph = 0;
  let before = '';
  const statements = statementsOf(body);
  const document = documentScope(statements, index);
  for (const statement of statements) {
    const quote = statement.text.slice(0, QUOTE_LENGTH);
    if (paragraph !== statement.paragraph) {
      paragraph = statement.paragraph;
      ofParagraph = controls.length;
      before = '';
    }
    if (TAKES_BACK.test(plainSentence(quote))) {
      const taken = controls.splice(ofParagraph).map((control) => control.quote);
      advice.push(...new Set([...taken, quote]));
      continue;
    }
    const read = readStatement(statement, { document, subject: antecedent(quote, before, index) }, index);
    before = quote;
    const fits = controls.length + read.controls.length <= MOST_CONTROLS;
    if (fits)
      controls.push(...read.controls.map((control): Control => ({ ...control, quote, origin: 'rules' })));
    if (read.advice || !fits) advice.push(quote);
  }
  return { controls, advice: [...new Set(advice)] };
}

type Draft = Demand & Pick<Control, 'scope' | 'severity'>;
interface ReadStatement {
  readonly controls: readonly Draft[];
  readonly advice: boolean;
}

const ORDER = '(?:ask|call|tell|write|update|wait|stop|talk|inform|check|pick|leave|let|hold off|do not)';
/** "If the price tables change, ask the pricing team", "Call the depot if scanners stop sending": a rule, but none for code. */
const ORDERED_IF = new RegExp(
  `^(?:if|when|whenever|where possible|during|hot-?fix(?:es)?)\\b[^.]{0,200}[,:] (?:please )?${ORDER}\\b|^(?:please )?${ORDER}\\b[^.]{0,200} (?:if|when|whenever|unless)\\b`,
  'i',
);

const NOTHING: ReadStatement = { controls: [], advice: false };
const ADVICE: ReadStatement = { controls: [], advice: true };

/** What sentences elsewhere in the document say about the one that is read. */
interface Elsewhere {
  readonly document: SopScope | 'unknown' | null;
  /** What "it" is; null: that cannot be told. */
  readonly subject: SopScope | null;
}

function readStatement(
  statement: Statement,
  { document, subject }: Elsewhere,
  index: NameIndex,
): ReadStatement {
  const plain = plainSentence(statement.text.slice(0, SENTENCE_LENGTH * 2));
  const own = markSentence(plain, index);
  const introduced = introduce(statement, plain, own, index);
  const marked = introduced ?? own;
  if (isNoRule(plain, marked)) return NOTHING;
  const odd = FOREIGN_RULES.test(plain) || hasMixedScripts(statement.text);
  if (!isNormative(marked)) return odd || ORDERED_IF.test(plain) ? ADVICE : NOTHING;
  const section = sectionScope(statement, document, index);
  const unsure =
    plain.length > SENTENCE_LENGTH ||
    statement.quoted ||
    section === null ||
    subject === null ||
    hasMixedScripts(statement.text) ||
    OTHER_SUBJECTS.test(plain) ||
    dependsOn(statement.beside) ||
    (introduced === null && statement.introduction !== null && introductionScope(statement, index) === null);
  if (unsure || section === null) return ADVICE;
  const around = merged(introductionScope(statement, index), section);
  return readMarked(marked, merged(subject, around), index);
}

/** "| Hotfix | one approval | unless the desk is closed |": what stands beside a cell may make an exception of it. */
function dependsOn(beside: string): boolean {
  const plain = plainSentence(beside);
  return CONDITIONS.test(plain) || OTHER_SUBJECTS.test(plain);
}

/** "The following must never happen:" and an item under it are one sentence, unless the item is one by itself. */
function introduce(statement: Statement, plain: string, own: string, index: NameIndex): string | null {
  const { introduction } = statement;
  if (introduction === null || /\{M/.test(own)) return null;
  const before = plainSentence(introduction).replace(/[:.]\s*$/, '');
  return markSentence(
    `${before} ${plain.replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase())}`,
    index,
  );
}

function readMarked(marked: string, around: SopScope, index: NameIndex): ReadStatement {
  const clauses = splitClauses(marked);
  if (clauses === null) return ADVICE;
  const controls: Draft[] = [];
  let advice = false;
  let before = NO_SCOPE;
  for (const clause of clauses) {
    const { negative, severity } = modalityOf(clause);
    const read = readClause(clause, negative, index);
    if (read.kind === 'not-understood') {
      if (read.conditional) return ADVICE;
      advice = true;
      continue;
    }
    for (const scoped of read.demands) {
      const own = isAll(scoped.scope) && REFERS_BACK.test(clause) ? { ...scoped, scope: before } : scoped;
      const scope = scopeOf(own, around, index);
      if (scope === null) advice = true;
      else controls.push({ ...scoped.demand, scope: isAll(scope) ? null : scope, severity });
      before = own.scope;
    }
  }
  return { controls: withoutRepetition(controls), advice };
}

/** "… after a deployment to production, and its latency …": about the same. */
const REFERS_BACK = /(?<!-)\b(?:it|its|they|their)\b(?! is (?:forbidden|prohibited))/i;

/** "Two people must approve, in line with the four-eyes principle" says it twice; steps of one scope are one demand. */
function withoutRepetition(controls: readonly Draft[]): readonly Draft[] {
  const kept: Draft[] = [];
  for (const control of controls) {
    const key = canonicalJson([control.scope, control.severity]);
    const same = kept.find(
      (other) => other.kind === control.kind && canonicalJson([other.scope, other.severity]) === key,
    );
    if (same?.kind === 'require-steps' && control.kind === 'require-steps') {
      const steps = POST_STEPS.filter((step) => same.steps.includes(step) || control.steps.includes(step));
      kept.splice(kept.indexOf(same), 1, { ...same, steps });
    } else if (!kept.some((other) => canonicalJson(other) === canonicalJson(control))) kept.push(control);
  }
  return kept;
}

/** The scope of the words, else that of what stands around them. What comes first somewhere is about what comes after it. */
function scopeOf({ demand, scope }: ScopedDemand, around: SopScope, index: NameIndex): SopScope | null {
  const whole = {
    services: scope.services.length > 0 ? scope.services : around.services,
    environments: scope.environments.length > 0 ? scope.environments : around.environments,
    actions: scope.actions,
  };
  if (demand.kind !== 'environments-first') return whole;
  const environments = whole.environments.filter((name) => !demand.environments.includes(name));
  if (environments.length > 0) return { ...whole, environments };
  const last = Math.max(...demand.environments.map((name) => index.order.indexOf(name)));
  const later = index.order.slice(last + 1);
  return scope.environments.length > 0 || later.length === 0 ? null : { ...whole, environments: later };
}

function isAll({ services, environments, actions }: SopScope): boolean {
  return services.length + environments.length + actions.length === 0;
}
