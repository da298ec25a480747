import { environmentsIn, type OpenClause, pattern, type Taken, without } from './pattern.js';

const BEEN =
  '(?:(?:have|has|having|was|were|been|be|being|successfully|already|first|run|runs|ran|running|soak|soaks|soaked|soaking|bake|bakes|baked|baking|deployed|deploy|released|rolled out|shipped|tested|verified|validated|proven|proved|live|healthy|stable|good|passed|pass|succeeded|spend|spent|spending|stay|stayed|operate|operated|complete|completed|serve|served|live|lived|stand|stood|remain|remained|sit|sat|gone|go|goes|went|promoted|promote|move|moved|installed|worked|been through|its watch|the watch|its soak) )+';
const IN = '(?:in|to|on|into|through|at|via) <THE>';
const FOR = '(?: (?:for )?(?:a (?:period|time) of )?(?:atleast )?(?:a further )?<D>)?';
const FIRST = '(?: first| beforehand| before that| successfully)?';
const BEFORE =
  '(?:,? (?:before|prior to) <THE>(?:(?:you|we|they|it|being|is|are|go|goes|going|deploy|promote|release|move|push|deployed|released|promoted|promotion|deployment|deploying|release|rollout|reach|reaches|reaching|rolled out|shipped|moving|moved) )*(?:in|to|into|on|for|through)? ?<THE><E>)?';

const BEEN_THERE = pattern(
  `(?:only <THE>(?:versions?|releases?|builds?|changes?|code|services?|artifacts?|commits?) (?:that|which) )?(?<perfect>${BEEN})${IN}(?<first><ES>)${FIRST}${FOR}${FIRST}(?<before>${BEFORE})`,
);
const FOR_THERE = pattern(
  `(?:(?:<THE>(?:soak|bake|burn-in|soaking|baking)(?: time| period)? of |${BEEN}(?:for )?))?(?:atleast )?<D>(?: of)?(?: (?:soak|soaking|bake|baking|running|run|burn-in)(?: time| period)?)? (?:in|on) <THE>(?<first><ES>)${FIRST}(?<before>${BEFORE})`,
);
const CHAIN = pattern(
  `(?:to |in )?<THE>(?<first><ES>)(?: deployments?)? (?:<MUST> )?(?:(?:comes?|come|goes|go|be|is|happens?) )?first,? (?:and )?(?:only )?then (?:to |in )?<THE>(?:(?<middle><E>),? (?:and )?(?:only )?then (?:to |in )?<THE>)?(?<before><E>)`,
);
const COMES_FIRST = pattern(
  `(?:to |in )?<THE>(?<first><ES>)(?: deployments?)? (?:<MUST> )?(?:(?:comes?|come|goes|go|be|is|happens?) )?first$`,
);
const ONE_BEFORE_OTHER = pattern(
  `(?:to |in )?<THE>(?<first><ES>)(?: deployments?)? (?:<MUST> )?(?:(?:comes?|come|goes|go|be|is|happens?|deployed) )*(?:before|prior to) (?:(?:you|we|it|they|deploy|deploying|go|goes|going|is|are|deployed|promote|promoting|promoted|release|releasing|released) )*(?:to |in )?<THE>(?<before><E>)`,
);
const WITHOUT = pattern(
  `(?:without|before|until|unless|if|that|which) (?:(?:it|they|the version|the same version|that version|this version|a version|the release|this|that) )?(?:(?:has|have|had|is|are|was|were|did|does|do)(?: not|n't)? )?${BEEN}?(?:in |to |on |into |through |at |via )?<THE>(?<first><ES>)${FIRST}${FOR}${FIRST}`,
);
const STRAIGHT = pattern(
  '(?:straight|directly|immediately)(?: from <THE><E>)? (?:to|into) <THE>(?<target><E>)',
);
const SKIPPED = pattern(
  '(?:(?:skip|skipped|skipping|bypass|bypassed|bypassing) <THE>(?<first><ES>)|<THE>(?<passive><ES>) <NOT> be (?:skipped|bypassed))',
);
const ONLY_AFTER = pattern(
  `only (?:after|when|once|if) (?:(?:it|they|the version|the same version|that version) )?(?:${BEEN}(?:in |to |on |into |through |at )?<THE>(?<first><ES>)${FIRST}${FOR}${FIRST}|(?:atleast )?<D>(?: of (?:soaking|baking|running))? (?:in|on) <THE>(?<after><ES>)|<THE>(?<bare><ES>))`,
);
const PRECEDED = pattern(
  `be preceded by <THE>(?:deployments?|releases?|rollouts?) (?:to|in) <THE>(?<first><ES>)|be preceded by <THE>(?<bare><ES>) (?:deployments?|releases?)`,
);
const NOT_BEFORE = pattern(
  `(?:deployed |released |go |promoted )?to <THE>(?<target><E>) before (?:to |in )?<THE>(?<first><E>)`,
);

/** Environments that a version must have been in before others, with hours where they are said. */
export function readEnvironments(clause: OpenClause): Taken | null {
  return clause.negative ? forbidden(clause) : demanded(clause);
}

function demanded(clause: OpenClause): Taken | null {
  const { text, names } = clause;
  for (const [regex, needsEvidence] of [
    [CHAIN, false],
    [ONLY_AFTER, false],
    [PRECEDED, false],
    [FOR_THERE, false],
    [BEEN_THERE, true],
    [COMES_FIRST, false],
    [ONE_BEFORE_OTHER, false],
  ] as const) {
    for (const match of text.matchAll(new RegExp(regex, 'giu'))) {
      const first = environmentsIn(
        match.groups?.first ?? match.groups?.after ?? match.groups?.bare ?? '',
        names,
      );
      const middle = environmentsIn(match.groups?.middle ?? '', names);
      const before = environmentsIn(match.groups?.before ?? '', names);
      if (needsEvidence && !isEvidence(match, before.length > 0)) continue;
      const taken = demand(clause, match, [...first, ...middle], before, secondsIn(match));
      if (taken !== null) return taken;
    }
  }
  return null;
}

/** "Deployed to production" says where; that it has to have been there first is said by the perfect tense, a time, or "first". */
function isEvidence(match: RegExpExecArray, hasBefore: boolean): boolean {
  if (hasBefore || secondsIn(match) !== null) return true;
  return /\b(?:have|has|having|first|beforehand|through)\b/i.test(match[0]);
}

function forbidden(clause: OpenClause): Taken | null {
  const { text, names } = clause;
  const straight = STRAIGHT.exec(text);
  if (straight !== null) {
    const target = environmentsIn(straight.groups?.target ?? '', names);
    const previous = names.order[names.order.indexOf(target[0] ?? '') - 1];
    return previous === undefined ? null : demand(clause, straight, [previous], target, null);
  }
  const reversed = NOT_BEFORE.exec(text);
  if (reversed !== null) {
    const first = environmentsIn(reversed.groups?.first ?? '', names);
    return demand(clause, reversed, first, environmentsIn(reversed.groups?.target ?? '', names), null);
  }
  const skipped = SKIPPED.exec(text);
  const match = skipped ?? WITHOUT.exec(text);
  if (match === null) return null;
  const part = match.groups?.first ?? match.groups?.passive ?? '';
  if (skipped === null && !saysNotYet(match[0])) return null;
  return demand(clause, match, environmentsIn(part, names), [], secondsIn(match));
}

/** "Before it has been in", "until it ran in", "without", and "if it has not been in"; "if it is in" would be the opposite. */
function saysNotYet(words: string): boolean {
  const negated = /\b(?:not|hasn't|haven't|isn't|aren't|wasn't|didn't)\b/i.test(words);
  return /^(?:if|that|which)\b/i.test(words) ? negated : !negated;
}

function secondsIn(match: RegExpExecArray): number | null {
  const seconds = match.slice(1).find((group, at) => group !== undefined && isDurationGroup(match, at + 1));
  return seconds === undefined ? null : Number(seconds);
}

/** Named groups are environments; the plain one is the time. */
function isDurationGroup(match: RegExpExecArray, at: number): boolean {
  return /^[\d.]+$/.test(match[at] ?? '');
}

function demand(
  clause: OpenClause,
  match: RegExpExecArray,
  first: readonly string[],
  before: readonly string[],
  seconds: number | null,
): Taken | null {
  if (first.length === 0 || before.some((name) => first.includes(name))) return null;
  const hours = seconds === null ? null : Number((seconds / 3600).toPrecision(12));
  return {
    demands: [{ kind: 'environments-first', environments: [...new Set(first)], hours }],
    text: without(clause.text, match),
    ...(before.length > 0 ? { environments: before } : {}),
  };
}
