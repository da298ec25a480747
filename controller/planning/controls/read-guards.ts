import { type Guards, NO_GUARDS } from '../../domain/catalog.js';
import { type OpenClause, pattern, type Taken, withoutKeepingNames } from './pattern.js';

const STAY =
  '(?: of <THE>(?:services?|releases?|versions?|deployments?|applications?))?(?::)?(?: (?:in|on|of|for) (?:the )?\\{[es]=\\d+\\})?(?::)?(?: (?:<MUST>|be|is|are|of|stay|stays|remain|remains|kept|keep|set|at))*';
const REQUESTS = '(?:of )?(?:(?:all|the|its|their|user|http) )*(?:requests?|calls|responses|traffic)';
const ERRORS =
  '(?:(?:the|its|their|an?|maximum|max|http|request|of|5xx|server) )*(?:error rates?|rates? of errors|failure rates?|error ratio|share of failed requests|share of errors|errors?)';
const LATENCY =
  '(?:(?:the|its|their|a|maximum|max|of) )*(?:(?:p95|95th percentile|95th-percentile)(?: (?:of )?(?:(?:the|its|their|all) )*(?:latency|latencies|response times?|request duration))?|(?:latency|response times?) (?:at )?(?:the )?(?:p95|95th percentile)|(?:latency|response times?) \\(?p95\\)?)';
const LOGS =
  '(?:(?:log errors?|error lines?|errors? in the logs?|logged errors?|lines? with errors?|error log lines?)(?: in the logs?)?)';
const WATCHED =
  '(?:(?:be|is|are|been|have|stay|remain|kept) )*(?:watched|watch|monitored|monitor|observed|observe|under observation|under watch|kept under observation|keep an eye on)(?: (?:it|them|each|every|the|all|graphs?|dashboards?|metrics|error rates?|logs?|release|releases|deployment|deployments|version|versions|new|closely))*(?: (?:in|on) (?:the )?\\{[es]=\\d+\\})?';

interface Bound {
  readonly field: keyof Guards;
  readonly factor: number;
  readonly pattern: RegExp;
  /** Does it hold in a prohibition ("must never be above"), or in a demand? */
  readonly negative: boolean;
}

const rule = (field: keyof Guards, source: string, negative = false, factor = 1): Bound => ({
  field,
  factor,
  negative,
  pattern: pattern(source),
});
const BACK = '(?:be )?(?:rolled|roll|go|goes) back(?: (?:automatically|immediately|at once|it|them))?';
const ROLLED_BACK = `${BACK} (?:if|when|whenever|once|as soon as) `;
/** "…: roll back", "… means rollback", "if …, it has to be rolled back". */
const THEN_BACK = `(?: (?:in|during|within) (?:that|this|the watch) ?(?:time|period|window)?)?(?::|,| means| =)?(?: (?:it|the release|the version|the deployment|we|you))?(?: (?:<MUST>|an?|automatic|immediate))*(?: ${BACK}| rollback)`;

const BOUNDS: readonly Bound[] = [
  rule('errorRate', `${ROLLED_BACK}${ERRORS}(?: is)? above (?:a|an)? ?<R>(?: ${REQUESTS})?`),
  rule('errorRate', `${ROLLED_BACK}(?:it|this|that)(?: is)? above <R>`),
  rule('errorRate', `${ROLLED_BACK}above <R> ${REQUESTS}(?: (?:fail|fails|are failing))?`),
  rule('latencyP95Ms', `${ROLLED_BACK}${LATENCY}(?: (?:in|on|of|for) (?:the )?\\{[es]=\\d+\\})?(?: is)? above <D>`, false, 1000),
  rule('errorRate', `(?:if |when )?${ERRORS}(?: is)? above (?:an? )?<R>${THEN_BACK}`),
  rule('errorRate', `(?:if |when )?above <R> ${REQUESTS}(?: (?:fail|fails|are failing))?${THEN_BACK}`),
  rule('latencyP95Ms', `(?:if |when )?${LATENCY}(?: is)? above <D>${THEN_BACK}`, false, 1000),
  rule('errorRate', `~ or ${ERRORS}(?: is)? above (?:an? )?<R>`),
  rule('latencyP95Ms', `~ or ${LATENCY}(?: is)? above <D>`, false, 1000),
  rule('errorRate', `${ERRORS}${STAY} (?:atmost|maximum of) (?:an? )?<R>(?: ${REQUESTS})?`),
  rule('errorRate', `(?:maximum|max)(?: allowed)? ${ERRORS}(?::| is| of)* <R>`),
  rule('errorRate', `(?:atmost|maximum of) <R> ${REQUESTS} (?:<P> |<MUST> )?(?:fail|be errors?|return errors?|error|be failing)`),
  rule('errorRate', `atmost <R> (?:errors?|failed requests|failures|error rate)`),
  rule('errorRate', `(?:have |has )?${ERRORS} (?:of )?atmost <R>`),
  rule('errorRate', `(?:have |has |with |at )?${ERRORS}(?: <NOT>)?(?: be)? above (?:an? )?<R>`, true),
  rule('errorRate', `above <R> ${REQUESTS}(?: <P>)?(?: fail| failing)`, true),
  rule('latencyP95Ms', `${LATENCY}${STAY} atmost <D>`, false, 1000),
  rule('latencyP95Ms', `(?:have |has |with )?${LATENCY} (?:of )?atmost <D>`, false, 1000),
  rule('latencyP95Ms', `(?:have |has |with )?${LATENCY}(?: <NOT>)?(?: be)? above <D>`, true, 1000),
  rule('logErrorsPerMinute', `atmost <N> ${LOGS} (?:per|a|each|every) minute`),
  rule('logErrorsPerMinute', `the logs? <P> (?:show|have|contain) atmost <N> errors? (?:per|a|each) minute`),
  rule('logErrorsPerMinute', `atmost <N> (?:errors|error lines|lines) (?:per|a|each) minute (?:may be logged|<P> be logged|in the logs?)`),
  rule('logErrorsPerMinute', `(?:the )?${LOGS}${STAY} atmost <N>(?: lines| errors)? (?:per|a|each) minute`),
  rule('logErrorsPerMinute', `(?:the )?logs? <NOT> (?:show|have|contain|hold) above <N> (?:errors?|error lines?|lines? with errors?) (?:per|a|each) minute`, true),
  rule('healthFailures', `${BACK} after <N> (?:failed health (?:checks?|probes?)|health (?:checks?|probes?) (?:that )?(?:have )?fail(?:ed)?)(?: in a row| consecutively)?`),
  rule('healthFailures', `atmost <N> (?:health (?:checks?|probes?) (?:<P> )?fail|failed health (?:checks?|probes?))(?: in a row| consecutively)?`),
  rule('healthFailures', `health (?:checks?|probes?) <P> fail atmost <N>(?: times)?(?: in a row| consecutively)?`),
  rule('watchSeconds', `${WATCHED} (?:for )?(?:atleast )?<D>(?: or (?:more|longer))?`),
  rule('watchSeconds', `(?:<THE>(?:minimum )?(?:watch|monitoring|observation)(?: time| period| window)?)${STAY} (?:atleast )?<D>`),
  rule('watchSeconds', `(?:atleast )?<D> (?:of |under )?(?:watching|watch|monitoring|observation)(?: time)?`),
]; // biome-ignore format: a table

/** Bounds on a release while it is watched, and for how long it is. */
export function readGuards(clause: OpenClause): Taken | null {
  for (const bound of BOUNDS) {
    if (bound.negative !== clause.negative) continue;
    const match = bound.pattern.exec(clause.text);
    const value = match?.slice(1).find((group) => group !== undefined && /^[\d.]+$/.test(group));
    if (match === null || value === undefined) continue;
    const amount = Number((Number(value) * bound.factor).toPrecision(12));
    if (bound.field === 'errorRate' && amount > 1) return null;
    return {
      demands: [{ kind: 'guards', guards: { ...NO_GUARDS, [bound.field]: amount } }],
      text: withoutKeepingNames(clause.text, match),
    };
  }
  return null;
}
