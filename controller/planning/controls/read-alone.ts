import { type OpenClause, pattern, type Taken, withoutKeepingNames } from './pattern.js';

const THINGS = '(?:services?|deployments?|releases?|rollouts?|changes?|deploys|applications?|components?)';
const TOGETHER =
  '(?:at (?:the same|one) time|at once|simultaneously|concurrently|in parallel|together|at a time)';
const DO =
  '(?:(?:<P>|ever|be|being|is|are|deploy|deployed|released?|run|running|in progress|under way|happen|take place|go|to|into|in|on|the|made|rolled out|<E>|environment) )*';

const NO_TWO = pattern(
  `(?:(?:run|deploy|start|do|have|make|release|ship|roll out) )?(?:(?:\\{n=2\\}|two|several|multiple|above (?:\\{n=1\\}|one)|more than (?:\\{n=1\\}|one)) (?:or more |different )?${THINGS} (?:<NOT> )?${DO}${TOGETHER})`,
);
const IN_PARALLEL = pattern(
  `<NOT> (?:other|another) ${THINGS} ${DO}${TOGETHER}|<NOT> services? other than <THE>one (?:being )?(?:deployed|released) ${DO}${TOGETHER}|${DO}(?:in parallel|simultaneously|concurrently|at the same time)(?: (?:with|as) (?:(?:another|other|an?|any|each) )*(?:${THINGS}|other|another|one))?|overlap(?: with (?:(?:another|other|each|any) )*(?:${THINGS}|other|one another))?|of (?:different|several|multiple) services <NOT> overlap|(?:concurrent|parallel|simultaneous|overlapping) (?:deployments?|releases?|rollouts?)(?: of (?:several|different|multiple|\\{n=2\\}) services)?|while another (?:service|deployment|release) is (?:being deployed|running|in progress|under way)`,
);
const ONE = '(?:\\{n=1\\}|one|a single)';
const ONE_AT_A_TIME = pattern(
  `(?:only |atmost )?${ONE} ${THINGS} (?:<MUST> )?${DO}(?:at a time|at the same time|at once|at any (?:one|given)? ?time|simultaneously|concurrently|in parallel)|${ONE} (?:by|after) (?:one|the other|another)|one at a time|(?:sequentially|serially)|be (?:serialized|serialised|sequential)`,
);

/** No two services at the same time. */
export function readAlone({ text, negative }: OpenClause): Taken | null {
  const match = negative ? (NO_TWO.exec(text) ?? IN_PARALLEL.exec(text)) : ONE_AT_A_TIME.exec(text);
  if (match === null) return null;
  return {
    demands: [{ kind: 'alone' }],
    text: withoutKeepingNames(text, match),
  };
}
