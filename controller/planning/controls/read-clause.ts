import type { Action } from '../../domain/intent.js';
import type { Demand, SopScope } from '../../domain/sop.js';
import type { NameIndex } from '../grammar/names.js';
import { CONDITIONS, isFiller } from './fillers.js';
import { environmentsIn, pattern, type Reader, servicesIn } from './pattern.js';
import { readAlone } from './read-alone.js';
import { readApprovals } from './read-approvals.js';
import { readEnvironments } from './read-environments.js';
import { readFreeze } from './read-freeze.js';
import { readGuards } from './read-guards.js';
import { readSteps } from './read-steps.js';
import { readVersions } from './read-versions.js';

export interface ScopedDemand {
  readonly demand: Demand;
  readonly scope: SopScope;
}

/** `conditional`: words are left that may make the rule an exception, so that nothing of its sentence is sure. */
export type ReadClause =
  | { readonly kind: 'demands'; readonly demands: readonly ScopedDemand[] }
  | { readonly kind: 'not-understood'; readonly conditional: boolean };

const READERS: readonly Reader[] = [
  readAlone,
  readGuards,
  readEnvironments,
  readVersions,
  readApprovals,
  readSteps,
  readFreeze,
];
const MOST_OF_A_KIND = 4;

/** What one clause demands. It is only understood when nothing is left of it that could change what is demanded. */
export function readClause(text: string, negative: boolean, names: NameIndex): ReadClause {
  let rest = text;
  const read: { demands: readonly Demand[]; environments: readonly string[] | null }[] = [];
  let kinds = 0;
  for (const reader of READERS) {
    let found = 0;
    for (; found < MOST_OF_A_KIND; found += 1) {
      const taken = reader({ text: rest, negative, names });
      if (taken === null) break;
      rest = taken.text;
      read.push({ demands: taken.demands, environments: taken.environments ?? null });
    }
    if (found > 0) kinds += 1;
  }
  const left = leftOf(rest);
  const words = unusedWords(left);
  if (
    read.length === 0 ||
    words.length > 0 ||
    (negative && (kinds > 1 || read.length > 1)) ||
    mixesNames(left)
  )
    return { kind: 'not-understood', conditional: words.some((word) => CONDITIONS.test(word)) };
  if (readsOnlySome(read, left, names)) return { kind: 'not-understood', conditional: false };
  const scope = {
    services: servicesIn(left, names),
    environments: environmentsIn(left, names),
    actions: actionsIn(text),
  };
  const demands = read.flatMap(({ demands: own, environments }) =>
    own.map((demand) => ({ demand, scope: environments === null ? scope : { ...scope, environments } })),
  );
  const frozenRollback =
    demands.some(({ demand }) => demand.kind === 'freeze') &&
    scope.actions.some((action) => action !== 'deploy');
  return frozenRollback ? { kind: 'not-understood', conditional: false } : { kind: 'demands', demands };
}

/** "Checkout and payments never at the same time" is about these two, not about all others. */
function readsOnlySome(
  read: readonly { readonly demands: readonly Demand[] }[],
  left: string,
  names: NameIndex,
): boolean {
  const alone = read.some(({ demands }) => demands.some(({ kind }) => kind === 'alone'));
  return alone && servicesIn(left, names).length > 1;
}

const WHEN = pattern(
  '(?:before|after) (?:you|we|they|anyone|anybody|somebody) (?:push|deploy|release|ship|promote|move|roll out|put|take|bring|go)(?: (?:anything|something|it|them|out|live|a version|a release))*(?: (?:to|in|into|on) <THE>(?=<E>))?|(?:(?:up)?on (?:the )?completion of|before|after|prior to|for|on|upon|with|following|at|during) <THE>(?:(?:<E>|\\{s=\\d+\\}) )?<THING>(?: (?:to|in) <THE>(?=<E>))?',
);
const REASON =
  /(?:,? (?:because|so that|since (?:we|it|they|nobody|this))|, (?:since|as|which (?:is|are|was|has|keeps|gives|takes))) (?:(?!\b(?:must|shall|should|unless|except|if|when|while|until|only|not|never)\b)(?:[^{}]|\{n=[\d.]+\}|\{P\}))*$/i;
/** "… between 22:00 and 06:00, when the nightly run is under way": why just then. */
const THEN =
  /(?<=~ ?), when (?:the|our|their|most|many|few|fewest|nobody|people|users|customers|players) (?:(?!\b(?:must|shall|should|unless|except|if|not|never|only)\b)[^{}~])*$/i;
const DURING =
  /\b(?:during|in|within|throughout) (?:the|this|that|its) (?:observation|watch|monitoring|soak|bake)(?: period| time| window)?\b/i;
const BY_RULE =
  /,? (?:in (?:line|accordance|compliance) with|according to|as required by|as per) (?:(?!\b(?:unless|except|if|when|not|never)\b)(?:[^{}]|\{n=[\d.]+\}))*$/i;

/** What no reader used, without modality, reasons, and the words that say that it is about a deployment. */
function leftOf(text: string): string {
  let left = text.replace(REASON, ' ').replace(THEN, ' ').replace(BY_RULE, ' ').replace(DURING, ' ');
  for (let times = 0; times < 4; times += 1) {
    const when = WHEN.exec(left);
    if (when === null) break;
    const kept = when[0].match(/\{[es]=\d+\}/g) ?? [];
    left = `${left.slice(0, when.index)} ${when[0].match(/\b(?:deploy|releas|rollout|promot)\w*/i)?.[0] ?? ''} ${kept.join(' ')} ${left.slice(when.index + when[0].length)}`;
  }
  return left
    .replace(/\{(?:M[+-][hml]|P)\}/g, ' ')
    .replace(
      /(?<=\{[es]=\d+\}(?: [a-z]+)?),? (?:or|nor|and) (?=(?:to |in |on |for )?(?:the )?\{[es]=)/gi,
      ' & ',
    );
}

function unusedWords(text: string): readonly string[] {
  const words = text.match(/\{[^}]*\}|[\p{L}\p{N}@#][\p{L}\p{N}'_-]*/gu) ?? [];
  return words.filter(
    (word) =>
      !/^\{[es]=\d+\}$/.test(word) && !(word.startsWith('{') ? false : word.split('-').every(isFiller)),
  );
}

/** "For production and for payments": both, or either? */
function mixesNames(text: string): boolean {
  return /\{e=\d+\} (?:& |and |, )+(?:to |for |in )?\{s=|\{s=\d+\} (?:& |and |, )+(?:to |for |in )?\{e=/.test(
    text.replace(/ {2,}/g, ' '),
  );
}

const DEPLOY =
  /\b(?:deploy(?:s|ed|ing|ments?)?|redeploy|push(?:es|ed|ing)? (?:it|them|anything|something|a version)|then to|releas(?:es?|ing)(?! (?:tags?|managers?|lead|leads|team|channel|notes|engineers?|version))|rollouts?|roll-?outs?|promot(?:e|es|ed|ing|ions?)|shipped|shipping|go(?:es|ing)? live|released(?! (?:versions?|tags?|commits?|artifacts?))|go(?:es|ing)?(?: straight| directly)?(?: from \S+)? to)\b/i;
const ROLLBACK =
  /\b(?:rollbacks?|rolling back|roll back)\b(?! (?:if|when|once|whenever|as soon as|at once|automatically|immediately))/i;

/** What a guard does is no action that the sentence is about. */
const GOES_BACK = /\babove \{[rd]=[^~]*\broll ?back\b/gi;

function actionsIn(text: string): readonly Action[] {
  return [
    ...(DEPLOY.test(text) ? (['deploy'] as const) : []),
    ...(ROLLBACK.test(text.replace(GOES_BACK, ' ')) ? (['rollback'] as const) : []),
  ];
}
