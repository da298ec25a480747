import type { Severity } from '../../domain/catalog.js';

/**
 * What kind of sentence it is, in marks: `{M+h}` must, `{M-h}` must not (`m`: should, `l`: consider), `{P}` may, `{N}` no, nothing,
 * `{F}` need not.
 */
const MODALITY: readonly (readonly [RegExp, string])[] = [
  [/\b(?:may|can|could) always\b|\b(?:is|are) always (?:allowed|permitted|possible|ok|okay|fine)(?: to)?\b/gi, '{P}'],
  [/\balways (?=(?:happens?|takes? place|occurs?|starts?)\b)/gi, ' '],
  [/\b(?:need not|needn't|(?:do|does|did)(?: not|n't) (?:have|need) to|(?:do|does|did)(?: not|n't) (?:need|require)|(?:is|are)(?: not|n't) (?:strictly )?(?:required|necessary|needed|mandatory|obligatory)|no need (?:to|for)|not necessarily|no longer (?:required|necessary|needed|have to|need to)|(?:is|are|be) optional|free to|at (?:their|your|its) discretion)\b/gi, '{F}'],
  [/\b(?:must|shall|may|can|could|(?:have|has|need|needs) to|is|are)(?: not|n't| never|not)(?: ever)? (?:allowed to |permitted to )?(?:exceed|surpass|be (?:above|over|higher than|greater than|more than|larger than|slower than|longer than)|(?:go|rise|climb|get) (?:above|over))(?= )/gi, '{M+h} stay atmost'],
  [/\b(?:should(?: not|n't| never))(?: ever)? (?:exceed|surpass|be (?:above|over|higher than|greater than|more than|slower than)|(?:go|rise|climb|get) (?:above|over))(?= )/gi, '{M+m} stay atmost'],
  [/\b(?:may|can|must|should)?,? ?(?:under|in) no (?:circumstances?|case|event)\b(?: (?:may|must|shall|can|should)\b)?|\bat no (?:time|point)\b(?: (?:may|must|shall|can|should)\b)?|\bon no account\b/gi, ' never '],
  [/\b(?:should(?: not|n't| never| be avoided)|ought not to|(?:is|are) (?:strongly )?(?:discouraged|not recommended|not advisable)|avoid|better not)\b/gi, '{M-m}'],
  [/\b(?:must|shall|may|can|might|could|(?:has|have|needs?) to)[ ,]*(?:not|n't|never)(?: ever)?(?: be (?:allowed|permitted) to)?\b|\b(?:cannot|mustn't|can't|shan't|couldn't)(?: ever)?\b/gi, '{M-h}'],
  [/\b(?:is|are|be) (?:(?:strictly|absolutely|expressly|always|generally|completely) )*(?:forbidden|prohibited|banned|disallowed|frozen|off[- ]limits|(?:not|never) (?:allowed|permitted|acceptable|okay|ok))(?: to| from)?(?![\p{L}])/giu, '{M-h}'],
  [/\b(?:is|are)n't (?:allowed|permitted|acceptable)(?: to)?\b/gi, '{M-h}'],
  [/\b(?:do not|don't|never(?: ever)?|refrain from)(?! mind)\b/gi, '{M-h}'],
  [/\bthere (?:is|shall be|must be) an? (?:(?:deployment|release|change|deploy) )?freeze\b/gi, '{M-h}'],
  [/, not (?=(?:an? |the |on |from )?(?:branch|latest|main|master|moving|snapshot))/gi, ', {M-h} '],
  [/\b(?:nobody|no one|no-one|nothing|none of)\b/gi, '{N}'],
  [/(?<=^|[,;:] |\b(?:and|but) |\bbe |\bthere (?:are|is) )no(?= )(?! (?:less|fewer|more|later|earlier|matter|longer))/gi, '{N}'],
  [/\b(?:must|shall|(?:has|have|needs?) to)(?: always)?(?![\p{L}'])(?! \{N\})/giu, '{M+h}'],
  [/\b(?:is|are|be) (?:(?:strictly|absolutely|always|also|still) )*(?:required|mandatory|compulsory|obligatory|necessary|essential|needed|obliged)(?: to| for| before| in)?(?![\p{L}])/giu, '{M+h}'],
  [/\b(?:requires?|demands?|needs?|always|mandates?|make sure(?: that)?|ensure(?: that)?|check that|verify that|see to it that|take care that|it is important that|is a (?:prerequisite|precondition|requirement) (?:for|of)|(?:is|are) to(?= be\b))(?![\p{L}])/giu, '{M+h}'],
  [/\b(?:should(?: always)?|ought to|(?:is|are) (?:strongly |highly )?(?:recommended|advised|encouraged|expected|advisable)(?: to)?|we recommend(?: to| that)?|preferably)\b/gi, '{M+m}'],
  [/\b(?:consider|ideally|try to|think about)\b/gi, '{M+l}'],
  [/\b(?:may|can|could|might|(?:is|are|be) (?:allowed|permitted|ok|okay)(?: to)?)\b/gi, '{P}'],
  [/\{M\+h\} ?(?:be )?\{M\+h\}/g, '{M+h}'],
  [/(?<=\{M-h\} (?:an? |the )?(?:main|master|latest|branch(?:es)?)),? (?:and|or|nor) \{M-h\} (?=(?:an? |the )?(?:main|master|latest|branch(?:es)?))/gi, ' or '],
  [/\{M\+(.)\} be \{N\}/g, '{M-$1}'],
  [/\{M([+-])h\}(?= (?:be )?only\b| only\b)/g, '{M$1h}'],
]; // biome-ignore format: a table

const BOUNDS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:at (?:the )?(?:very )?least|(?:no|not) (?:less|fewer|shorter) than|a minimum of|minimum of|more than or equal to)\b|>=/gi, 'atleast'],
  [/\b(?:at (?:the )?(?:very )?most|(?:no|not) (?:more|higher|greater|larger|longer|slower) than|an? (?:maximum|max) of|maximum of|not exceed(?:ing)?|never above)\b|<=/gi, 'atmost'],
  [/(?:\b(?:up to|less than|fewer than|lower than|below|under|within|smaller than|faster than)|<)(?= (?:an? )?\{[rdn]=)/gi, 'atmost'],
  [/(?:\b(?:exceeds?|exceeded|(?:is|are|goes|go|rises?|climbs?|gets?) (?:above|over|higher than|greater than|more than)|more than|above|over|greater than|higher than)|>)(?= (?:an? )?\{[rdn]=)/gi, 'above'],
]; // biome-ignore format: a table

export function markModality(text: string): string {
  let marked = text;
  for (const [pattern, by] of [...BOUNDS.slice(0, 2), ...MODALITY, ...BOUNDS.slice(2)])
    marked = marked.replace(pattern, by);
  return order(noThing(marked.replace(/atmost(?: atmost)+/g, 'atmost')));
}

/** "After each deployment, notify the ward coordinators." */
const LED =
  /^((?:after|before|with|on) (?:each|every|any|all) [^,]{3,60}, )((?:run|notify|inform|tell|announce|post|send|watch|monitor|keep an eye|get)\b)/i;
/** "Smoke tests after every deploy." */
const TESTS_AFTER =
  /^(?:the )?((?:smoke |sanity |integration |unit )?tests? (?:after|before) (?:each|every|any|all)\b)/i;

/** "After every deployment the smoke tests are run": what is done each time has to be. */
const PASSIVE =
  /\b(?:is|are) (?=(?:run|executed|performed|notified|informed|told|announced|watched|monitored|observed)\b)/i;

/** "Run the smoke tests after each deployment": an order about each of something is a rule, though it says neither must nor should. */
function order(text: string): string {
  const marked = /\{(?:M|P|F)/.test(text)
    ? text
    : text.replace(LED, '$1{M+m} $2').replace(TESTS_AFTER, '{M+m} run $1');
  const orders =
    /^(?:run|deploy|notify|inform|tell|announce|use|post|keep|monitor|watch|observe|test|sign|tag|pin|get|wait|send|promote|release|roll out) /i;
  const general =
    /\b(?:each|every|all|any)\b|\bafter (?:deploying|releasing|an? (?:deployment|release)|the (?:deployment|release))\b/i.test(
      marked,
    ) || /^(?:watch|monitor|observe|keep an eye)\b(?!.*\batleast\b).*\{d=/i.test(marked);
  const done = PASSIVE.exec(marked);
  if (general && done !== null && !/\{(?:M|P|F)/.test(marked))
    return marked.replaceAll(new RegExp(PASSIVE, 'gi'), '{M+m} be ');
  return orders.test(marked) && general && !/\{(?:M|P|F)/.test(marked) ? `{M+m} ${marked}` : marked;
}

/** "Nothing may be deployed" is a prohibition, and its "may" says no more. */
function noThing(text: string): string {
  const [before = '', ...parts] = text.split('{N}');
  const negated = parts.map((part) => {
    const own = /\{(?:P|M\+([hml]))\}/.exec(part);
    const strength = own?.[1] ?? 'h';
    return `{M-${strength}}${own === null ? part : part.replace(own[0], ' ')}`;
  });
  return before + negated.join('');
}

/** "Error rate above 1.5 %: roll back", "p95 over 1 s means rollback". */
const GOES_BACK =
  /\babove \{[rd]=[\d.]+\}(?:[:,]| means| =) ?(?:an? )?(?:automatic |immediate )?(?:roll ?back|go back)/i;

/** "Roll back as soon as more than 1 % of the requests fail." */
const ROLL_BACK_IF =
  /^(?:please )?roll (?:it )?back (?:if|when|whenever|once|as soon as)\b.*\babove \{[rd]=/i;

/** "If more than 2 % fail, we roll back unless …": a rule, with whatever else. */
const SOMETIMES_BACK = /\babove \{[rdn]=.*\b(?:roll(?:ed|s)? ?back|goe?s? back)\b/i;

/** Says it what has to be? The words that make a rule of an order ("deploy to staging before production") count, too. */
export function isNormative(marked: string): boolean {
  if (/\{M/.test(marked)) return true;
  if (/\{F\}/.test(marked)) return false;
  if (/\bfirst,? (?:and )?(?:only )?then\b/i.test(marked)) return true;
  if (/\bone (?:service|deployment|release|rollout) at a time\b/i.test(marked)) return true;
  if (/^(?:atleast )?\{n=\d+\} (?:independent )?(?:approvals?|reviews?|sign-?offs?)\b/i.test(marked))
    return true;
  if (GOES_BACK.test(marked) || ROLL_BACK_IF.test(marked) || SOMETIMES_BACK.test(marked)) return true;
  if (/\{d=[\d.]+\} in (?:the )?\{e=\d+\} first\b/.test(marked)) return true;
  if (/\bsigned \p{L}+ only\b/iu.test(marked)) return true;
  if (/\b(?:minimum|maximum)\b[^{}]*\{[rdn]=/i.test(marked)) return true;
  return /\b(?:only|atleast|atmost|before|without|forbidden|prohibited|mandatory|required)\b/i.test(marked);
}

/** Tells what happened, gives an example, says what a word means, asks, or permits: no rule. */
export function isNoRule(plain: string, marked: string): boolean {
  if (GOES_BACK.test(marked)) return false;
  if (/\?["')]*$/.test(plain)) return true;
  if (
    /^(?:for example|for instance|e\.g\.|example|examples|imagine|suppose|say,|history|background|note to self)\b/i.test(
      plain,
    )
  )
    return true;
  if (
    /^(?:an? |the |this |our )?[\p{L} -]{1,40} (?:means|refers to|describes|explains|is defined as|is short for|stands for|is an? )/iu.test(
      plain,
    ) &&
    !/\{M/.test(marked.replace(/\{M\+h\}(?=[^{]*$)/, ''))
  )
    return true;
  if (/\{F\}/.test(marked) && !/\{M/.test(marked)) return true;
  if (/^(?:an?|the) [\p{L} -]{1,40} is (?:an?|the) /iu.test(plain) && !STRONG.test(plain)) return true;
  const past =
    /\b(?:was|were|had|did|didn't|wasn't|weren't|used to|went|happened|last (?:week|month|year|friday|quarter)|yesterday|ago|in \{n=(?:19|20)\d\d\})\b/i;
  return (
    past.test(marked) &&
    !STRONG.test(plain) &&
    !/^\{M\+/.test(marked) &&
    !/^(?:no|nothing|never|only)\b/i.test(plain)
  );
}

const STRONG =
  /\b(?:must|shall|should|has to|have to|needs? to|may not|cannot|forbidden|prohibited|mandatory|required)\b/i;

const SEVERITY: Readonly<Record<string, Severity>> = { h: 'high', m: 'medium', l: 'low' };

/** Of the first mark; an order without one ("at least", "only", "before") is meant as said. */
export function modalityOf(clause: string): { readonly negative: boolean; readonly severity: Severity } {
  const [, sign, strength] = /\{M([+-])([hml])\}/.exec(clause) ?? [];
  return { negative: sign === '-', severity: SEVERITY[strength ?? 'h'] ?? 'high' };
}
