import { POST_STEPS, type PostStep } from '../../domain/intent.js';
import { type OpenClause, pattern, type Taken, withoutKeepingNames } from './pattern.js';

const KIND =
  '(?:(?:the|all|both|its|their|our|full|entire|complete|whole|automated|automatic|unit|integration|regression|relevant|of|a|any|every|run|execution) )*';
const TESTS = `${KIND}(?:(?:unit|integration|regression)(?: and |/)(?:unit|integration|regression) )?(?:test suites?|suite of tests|suites?|tests?)(?: (?:pass|runs?))?`;
const SMOKE =
  '(?:(?:the|all|both|a|its|their|our|and|successful|full) )*(?:smoke|sanity)[- ]?(?:tests?|checks?|testing|test suite)';
const BOTH = `(?:(?<smoke>${SMOKE})|(?<tests>${TESTS}))`;
const LIST = `${BOTH}(?:(?:,? and|,|,? as well as|/) ${BOTH.replaceAll('?<', '?<and_')})?`;
const RUN =
  '(?:have|has|been|be|is|are|both|all|go|goes|come back|run|runs|running|pass|passes|passed|passing|execute|executed|green|succeed|succeeds|succeeded|successful|successfully|performed|perform|conducted|carried out|completed|complete|include|includes|followed by|finish|finished)';
const RUNS = `${RUN}(?: ${RUN})*`;
const AUDIENCE =
  '(?:(?:the|our|a|all|whole|entire|responsible) )*(?:team channel|release channel|deployments? channel|ops channel|ops team|operations team|dev team|team|teams|channel|operations|slack(?: channel)?|on[- ]call(?: engineer| team| person)?|everyone|everybody|stakeholders|(?:[\\p{L}-]+ ){0,2}(?:desk|helpdesk|supervisors?|managers?|leads?|officers?|operators?|maintainers?|coordinators?|nurses?|owners?|customers?|users?|staff|department|group|board|desk|support)|#[\\p{L}\\p{N}_-]+)(?: channel| on slack| in slack)?';

const RUN_THEM = pattern(`${RUNS} (?:with )?${LIST}`);
const THEY_RUN = pattern(
  `${LIST} (?:for <THE>(?:\\{s=\\d+\\}|<THING>) )?(?:<MUST> )?(?:(?:to|for) )?${RUNS}`,
);
const NEEDED = pattern(`(?:(?:<MUST> (?:to )?)${BOTH}|${BOTH.replaceAll('?<', '?<other_')} (?:run )?<MUST>)`);
const SMOKE_TESTED = pattern('be (?<smoke>smoke)[- ]tested');
const TELL = pattern(
  `(?:(?:notify|inform|tell|alert) ${AUDIENCE}|${AUDIENCE} <MUST> (?:be|get) (?:notified|informed|told|alerted)|be (?:announced|reported|posted)(?: (?:in|to|on) ${AUDIENCE})?|announce (?:it |them )?(?:in|to|on) ${AUDIENCE}|send a (?:notification|message|notice)(?: to ${AUDIENCE})?|(?:an? |the )?(?:notification|message|notice|note|mail|e-?mail) <MUST> be (?:sent|posted|given)(?: (?:to|in|on) ${AUDIENCE})?|post(?: (?:it|a (?:message|note|notice)))? (?:to|in|on) ${AUDIENCE})`,
);
const WITHOUT = pattern(
  `(?:without (?:(?:first|having|running|run|passing|passed|executing|successful|successfully|green|a|passed) )*${BOTH}(?: first| passing| having passed)?|(?:until|unless|before) ${BOTH.replaceAll('?<', '?<second_')} ${RUNS}|(?:if|when|while|with) ${BOTH.replaceAll('?<', '?<third_')} (?:(?:are|is) )?(?:fail|fails|failed|failing|red|broken))`,
);

/** Scripts that have to run: the tests, the smoke tests, a notice. */
export function readSteps(clause: OpenClause): Taken | null {
  const patterns = clause.negative ? [WITHOUT] : [THEY_RUN, RUN_THEM, NEEDED, SMOKE_TESTED];
  for (const regex of patterns) {
    const match = regex.exec(clause.text);
    if (match !== null)
      return {
        demands: [{ kind: 'require-steps', steps: stepsOf(match) }],
        text: withoutKeepingNames(clause.text, match),
      };
  }
  const tell = clause.negative ? null : TELL.exec(clause.text);
  if (tell === null) return null;
  return {
    demands: [{ kind: 'require-steps', steps: ['notify'] }],
    text: withoutKeepingNames(clause.text, tell),
  };
}

function stepsOf({ groups }: RegExpExecArray): readonly PostStep[] {
  const named = Object.entries(groups ?? {}).filter(([, text]) => text !== undefined);
  const steps = named.map(([name]): PostStep => (name.endsWith('smoke') ? 'smoke_tests' : 'run_tests'));
  return POST_STEPS.filter((step) => steps.includes(step));
}
