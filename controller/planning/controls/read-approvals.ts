import { type OpenClause, pattern, type Taken, without } from './pattern.js';

const APPROVED = '(?:approved?|reviewed?|signed? off|sign off on|confirmed?|authori[sz]ed?|green-?lit)';
const PEOPLE =
  '(?:people|persons?|engineers?|reviewers?|approvers?|maintainers?|developers?|colleagues?|team members?|pairs of eyes|humans|individuals|independent reviewers|different people|employees?|staff members?|members of staff|officers?)';
const WHAT =
  '(?: (?:it|them|each|every|all|any|the|these|this|a|deployments?|releases?|changes?|plans?|versions?|rollouts?|to|of|in|into))*?';
const APPROVALS = '(?:approvals?|reviews?|sign-?offs?|approving reviews?|independent approvals?)';

const COUNTED = [
  `<MUST> (?:have )?<THE>(?:written |explicit )?(?:approval|consent|review|sign-?off) (?:of|by|from) (?:atleast )?<N> (?:different |independent |other )?${PEOPLE}`,
  `(?:atleast )?<N> of (?:us|you|them|the team|the engineers|our engineers) <MUST> (?:have )?(?:to )?${APPROVED}${WHAT}`,
  `(?:atleast )?<N> (?:independent |separate )?${APPROVALS} (?:for|on|per)(?= )`,
  `<N> (?:different |independent |other )?${PEOPLE} <MUST> (?:have )?(?:to )?${APPROVED}${WHAT}`,
  `<MUST> (?:be |have been )?${APPROVED} by (?:atleast )?<N> (?:different |independent |other )?${PEOPLE}`,
  `(?:<MUST>|have|has|be|with|get|given|receive|without) (?:received )?(?:atleast )?<N> (?:independent |separate )?${APPROVALS}(?: by different people)?`,
  `(?:atleast )?<N> ${APPROVALS} (?:<MUST>(?: be (?:given|obtained|recorded|collected))?|before)`,
  `only (?:after|with) (?:atleast )?<N> ${APPROVALS}`,
  `<MUST> <N> (?:different |independent |other )?${PEOPLE} ${APPROVED}${WHAT}`,
  `atleast <N> ${APPROVALS}`,
].map((source) => pattern(`(?:atleast )?(?:${source})`));
const FOUR_EYES = pattern(
  '(?:<MUST> (?:follow |respect |obey |observe |have )?)?<THE>(?:\\{n=4\\}|four)[ -]eyes?(?: principle| rule| check| review| approval)?(?: <MUST>(?: be (?:applied|followed|observed|respected))?| applies)?|<THE>(?:\\{n=2\\}|two)[ -](?:person|man) (?:rule|review|approval|integrity)(?: <MUST>| applies)?',
);
const SECOND = pattern(
  `<MUST> (?:be |have been )?${APPROVED} by (?:atleast )?(?:(?:a|another|one) (?:second|other|different) (?:${PEOPLE}|pair of eyes)|another ${PEOPLE}|(?:a|one) (?:colleague|peer|teammate)|(?:someone|somebody|a person|an engineer|anyone) (?:else|other than <THE>author)|(?:one|1|\\{n=1\\}|a|atleast one) (?:other )?${PEOPLE})`,
);
const SECOND_ACTS = pattern(
  `(?:a (?:second|other|different) ${PEOPLE}|another ${PEOPLE}|somebody else|someone else) <MUST> ${APPROVED}${WHAT}`,
);
const AT_ALL = pattern(
  `(?:<MUST> (?:be |have been )(?:${APPROVED})(?: (?:first|beforehand))?(?= ?(?:~|$|[.,;]|before|\\{M))|<MUST> (?:have )?(?:an |a )?(?:approval|review|sign-?off)(?= ?(?:~|$|[.,;]|before|for|\\{M))|without (?:an |a |any )?(?:approval|review|sign-?off|being approved)(?= ?(?:~|$|[.,;])))`,
);
const BY = pattern(
  `(?:<MUST> (?:be |have been )?${APPROVED} by|<MUST> (?:have |get )?(?:<THE>)(?:approval|sign-?off|review|explicit approval|written approval) (?:of|by|from)|<THE>(?:approval|sign-?off) (?:of|by|from)|without <THE>(?:approval|sign-?off) (?:of|by|from)) (?<who>(?:@[\\w/-]{1,60}, )*[^~,;{}]{1,80}?)(?= ?(?:~|$|[.,;]|\\bbefore\\b|\\bfor\\b|\\band \\{|\\b(?:and|but)\\b ?\\{M|\\{M))`,
);
const THEY_APPROVE = pattern(
  `(?<who>(?:the |@)[^~,;{}]{1,60}?|[\\p{L}\\p{N}]+(?:-[\\p{L}\\p{N}]+)+) <MUST> ${APPROVED}${WHAT}`,
);
const GET_THEM = pattern(`(?:get|ask) (?<who>(?:@|the )[^~,;{}]{1,60}?) to ${APPROVED}${WHAT}`);
const OK_FROM = pattern(
  '(?:ok|okay|go-?ahead|approval|sign-?off) (?:of|from|by) (?<who>[^~,;{}]{1,60}?) <MUST>',
);
const ONLY_THEY = pattern(`only (?<who>[^~,;{}]{1,60}?) <P> ${APPROVED}${WHAT}`);

/** A number of people who approve, or whom it takes. */
export function readApprovals(clause: OpenClause): Taken | null {
  return counted(clause) ?? named(clause);
}

const MOST = 20;

function counted(clause: OpenClause): Taken | null {
  const { text, negative } = clause;
  if (!negative || /\bwithout\b/i.test(text)) {
    for (const regex of COUNTED) {
      const match = regex.exec(text);
      const count = Number(match?.slice(1).find((group) => group !== undefined && /^\d+$/.test(group)));
      if (match !== null && count >= 1 && count <= MOST) return approvals(text, match, count);
    }
  }
  if (negative) {
    const match = AT_ALL.exec(text);
    return match !== null && /^without/i.test(match[0]) ? approvals(text, match, 1) : null;
  }
  const eyes = FOUR_EYES.exec(text);
  if (eyes !== null) return approvals(text, eyes, 2);
  const one = SECOND.exec(text) ?? SECOND_ACTS.exec(text) ?? AT_ALL.exec(text);
  return one === null ? null : approvals(text, one, 1);
}

function approvals(text: string, match: RegExpExecArray, count: number): Taken {
  return { demands: [{ kind: 'approvals', count }], text: without(text, match) };
}

function named(clause: OpenClause): Taken | null {
  const { text, negative } = clause;
  const match = negative
    ? BY.exec(text)
    : (ONLY_THEY.exec(text) ??
      GET_THEM.exec(text) ??
      OK_FROM.exec(text) ??
      BY.exec(text) ??
      THEY_APPROVE.exec(text));
  if (match === null || (negative && !/^without/i.test(match[0]))) return null;
  const lists = peopleIn(match.groups?.who ?? '');
  if (lists === null) return null;
  return {
    demands: lists.map((names) => ({ kind: 'approver' as const, names })),
    text: without(text, match),
  };
}

const NAME =
  /^(?:@[\p{L}\p{N}][\p{L}\p{N}/_-]{0,60}|[\p{L}\p{N}][\p{L}\p{N}/&_-]*(?: [\p{L}\p{N}][\p{L}\p{N}/&_-]*){0,3})$/u;
const NO_NAME =
  /\b(?:not|no|all|every|each|any|anyone|someone|somebody|everyone|both|either|who|whose|that|which|unless|except|if|when|after|before|at|in|on|other|than|majority|most|automatically|least|members?|of|itself|controller|bot|model|ai)\b/i;

/** "Alice or Bob": one of them; "Alice and Bob": each. null: who that is cannot be told. */
function peopleIn(who: string): readonly (readonly string[])[] | null {
  const lists = who
    .replace(
      /^(?:an? |any |one )?(?:members?|somebody|someone|one|people|engineers?) (?:of|from|in) (?:the )?/i,
      '',
    )
    .split(/ and /i)
    .map((part) =>
      part.split(/ or |, (?=@)/i).map((name) => name.replace(/^(?:the|a|an|our|their|its) /i, '').trim()),
    );
  const fine = lists.flat().every((name) => NAME.test(name) && !NO_NAME.test(name));
  return fine ? lists : null;
}
