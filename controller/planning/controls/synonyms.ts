import { CONDITIONS } from './fillers.js';

const DEPLOYS = String.raw`(?:deploys?|deployments?|releases?|rollouts?)`;
const NAME = String.raw`[\p{L}\p{N}_/@#-]+`;

type Replacement = string | ((all: string, offset: number, whole: string) => string);

/** What is left out must not turn the rule into its exception. */
function withoutCondition(all: string): string {
  return CONDITIONS.test(all) ? all : '';
}

/** "No deploys from Sat 16:00 to Sun 22:00: peak hours." */
function withoutReason(all: string, offset: number, whole: string): string {
  const forbids = /^no (?:deploys?|deployments?|releases?)\b[^\n]*\d/i.test(whole.slice(0, offset));
  return forbids ? withoutCondition(all) : all;
}

/**
 * Ways to say what the readers know in other words. Each keeps the meaning: what is left out says nothing (reasons, emphasis), and nothing is
 * put in that the words do not say.
 */
const SYNONYMS: readonly (readonly [RegExp, Replacement])[] = [
  [/\bwhilst\b/giu, 'while'],
  [/,? (?:because|so that) [^.;:]+$/iu, withoutCondition],
  [/^while an? (?:deploy|deployment|release) (to [\p{L}-]+ )?is (?:under way|underway|in progress|running|going on), no other (?:service|deployment|release|application) (?:shall|may|must|can) be (?:deployed|released|started)(?: to that environment| there)?$/iu, 'no two services may be deployed $1at the same time'],
  [/ during the (observation|watch|monitoring) (?:period|time|window), which (shall|must) last /giu, '; the $1 period $2 be '],
  [/\b(?:does not|doesn't|do not|don't) go to (?=(?:the )?(?:prod|live|staging))/giu, 'must not go to '],
  [/^([\p{L}\p{N}-]+)(?: is (?:special|different|an exception))?[:,] give it (an? (?:full |whole )?(?:day|week)|\d+ (?:h|hours?|days?)) (?:in|on) ([\p{L}-]+) before you (?:promote|deploy|release|move|take) it to /iu, '$1 must stay in $3 for $2 before it goes to '],
  [/^always (deploy|use|give) (?:an? )?tags? or (?:an? )?(?:full )?(?:commit )?(?:sha|commit|hash)(?:es|s)?, never /iu, 'only $1 tags or commits, never '],
  [/^we (only|always|never) (?=(?:deploy|release|ship|promote|use)\b)/iu, '$1 '],
  [/^only (?:deploy|release|ship) (tagged (?:releases|versions|commits)|tags)( to [\p{L}-]+)?, never (?:from )?(?:an? )?(?:branch(?:es)?|latest|main|master|untagged commits?)$/iu, 'only $1 may be deployed$2'],
  [/^nothing (?:goes|is deployed|may go|gets) (?:to )?([\p{L}-]+) without an? (?:version |release |git )?tag$/iu, 'only tagged versions may be deployed to $1'],
  [/^(?:if|when(?:ever)?) (.+?), (?:then )?(?:(?:we |you )?(?:must |will |shall )?roll (?:it )?back|(?:the )?(?:previous|old|last(?: good)?) (?:version|release) (?:shall|must|has to|is to) be (?:restored|brought back|reinstated))$/iu, 'roll back if $1'],
  [/\b(?:proportion|percentage|fraction|ratio|portion) of (?=(?:failed|failing|erroneous) requests|errors)/giu, 'share of '],
  [/\bof (?:the )?requests error out\b/giu, 'of requests fail'],
  [/^more than (\d+) (?:error lines?|errors?|log errors?) (?:per|a|each) minute(?: in the logs?)? means? (?:an? )?(?:automatic |immediate )?roll ?back$/iu, 'error lines must stay at most $1 per minute'],
  [/\b(versions?|releases?|images?|tags?|artifacts?|builds?|packages?) (?:bearing|carrying|with) an? (?:valid |verified |cosign |gpg |cryptographic |digital )*signature\b/giu, 'signed $1'],
  [/^(versions?|releases?|images?|tags?|artifacts?|builds?|packages?) (?:(?:that|which) (?:have|has|are|is) not (?:been )?(?:digitally |cryptographically |properly )?signed|without an? (?:valid |verified |cosign |gpg |cryptographic |digital )*signature) (?=(?:shall|must|may) (?:not|never) )/iu, 'unsigned $1 '],
  [/\bwithout having (?:spent|stayed|been|run|soaked) (?:for )?(at least )?((?:\d+|one|two|three|four|five|six|an?) (?:full )?(?:hours?|days?|h|weeks?)) (?:in|on) ([\p{L}-]+)$/giu, 'without having been in $3 for $1$2'],
  [/^([\p{L}\p{N} -]{2,40}?) needs (at least )?(\d+|one|two|three|four|five|six|an?) (?:full |whole )?(hours?|days?|h|weeks?) (?:in|on) ([\p{L}-]+) before (?:it|they) goe?s? (?:to )?([\p{L}-]+)$/iu, '$1 must stay in $5 for $2$3 $4 before it goes to $6'],
  [/^(?:everything|every (?:release|version|change|deployment)) goes to ([\p{L}-]+) first and (?:stays|remains|sits|soaks|bakes) there (?:for )?(at least .+|\d.+)$/iu, 'every version must have been in $1 for $2 first'],
  [/\bmay only (?:proceed|take place|happen|be made|go ahead) with (?:the )?(?:written |prior )?(?:approval|consent|sign-?off) (?:of|from|by) /giu, 'must have the approval of '],
  [/\bneeds? an? ok(?:ay)? (?:from|by|of) /giu, 'needs the approval of '],
  [/\b(?:is|are) subject to (?:the )?(?:prior |written )?approval (?:by|of|from) /giu, 'must be approved by '],
  [/^((?:every|each|all) [\p{L}\p{N} -]{2,60}?) (?:requires?|needs?|takes?) ((?:\d+|two|three|four) approvals), (?:at least )?one of (?:them|which) (?:from|by) (.+)$/iu, '$1 needs $2 and the approval of $3'],
  [/^(?:deploy|release) (?:services|applications|components) one (?:after|by) (?:the other|one|another)(?:, never (?:in parallel|at the same time|together|at once))?$/iu, 'only one service may be deployed at a time'],
  [/^we (?:deploy|release)( to [\p{L}-]+)? on ([^,()]+) only, (from .+)$/iu, 'deployments$1 are allowed only on $2 $3'],
  [/^(deployments?|releases?)( to [\p{L}-]+)? (?:are to|is to|must|shall|should|may only|have to|has to) be (?:carried out|made|done|performed|scheduled|started) outside (?:of )?(?:the |our )?(?:[\p{L}]+ )?(?:hours|times?) \((.+), ((?:[A-Z][\p{L}_]+\/[\p{L}_]+)|UTC|[A-Z]{3,4})\)$/iu, 'no $1$2 $3 ($4)'],
  [/^drop (?:a |us a )?(?:line|note|message) (?:in|to|on) (#?[\p{L}\p{N}_-]+) after /iu, 'post a message in $1 after '],
  [/^keep an eye on (?:the )?(?:grafana|datadog|kibana|sentry|prometheus|dashboards?|graphs?|metrics) (?=for )/iu, 'watch it '],
  [/^((?:\d+|two|three|four|five) (?:approvals|reviews|sign-?offs)), (?:at least )?one of (?:which|them) (?:must|has to|shall) (?:come|be) from ([^,]{2,60}), (?:are|is) (?:required|needed|necessary) for (.+)$/iu, '$3 needs $1 and the approval of $2'],
  [/ by (?:message|mail|e-?mail|phone|chat|telephone)(?=$|[,.])/giu, ''],
  [/^(?:the|an?|any) (?:release|version|deployment|deploy) (?:must|has to|shall) be (?:withdrawn|reverted|rolled back|taken back|undone) (if|when|as soon as) /iu, 'roll back $1 '],
  [/\bresponse times? at the (?:95th percentile|p95(?: latency)?)/giu, 'p95 latency'],
  [/^to (production|prod|live) (?:comes|goes) only what (?:was|has been) (?:before |first |already )?in (.+)$/iu, 'only versions that have been in $2 may go to $1'],
  [/\b(?:must|have to|has to) be (?:always )?started\b/giu, 'must be run'],
  [/\b([01]\d|2[0-4])([0-5]\d) (to|until|till|-) ((?:\p{L}+ )?)([01]\d|2[0-4])([0-5]\d)(?= (?:UTC|GMT|CET|[A-Z][a-z]+\/))/gu, '$1:$2 $3 $4$5:$6'],
  [/^(production|prod|staging|live) (?:deploy|deployment|release) windows?: (.+?)(?:, (?:and )?nothing outside (?:of )?(?:them|it))?$/iu, 'deployments to $1 are allowed only on $2'],
  [/^((?:deploys?|deployments?|releases?) [^:]{2,60}): ([^:]*\d[^.;]*) only$/iu, '$1 are allowed only on $2'],
  [/: (?!.*\bfor\b)[^:{}\d]{3,60}$/iu, withoutReason],
  [/^report (?:the )?(?:completion|end|start|result) of ((?:every|each|any|all) [\p{L} -]*?(?:deploy|deployment|release)s?) (?:in|to|on) (#?[\p{L}\p{N}_-]+)$/iu, 'after $1, notify $2'],
  [/^((?:every|each) (?:deploys?|deployments?|releases?|rollouts?)\b[^,;]{0,60}) is (?=(?:approved|signed off|reviewed|authori[sz]ed) by )/iu, '$1 must be '],
  [/(?<=^(?:you )?must not deploy an? branch(?:es)?); (?:give|use|take|name) [^;]+$/iu, withoutCondition],
  [/, (?:both|all|each) (?=[\p{L}]+\/[\p{L}]+)/giu, ', '],
  [/\bnobody (?:deploys|releases|ships|promotes) /giu, 'nobody may deploy '],
  [/\bkeep watching (?=for )/giu, 'watch '],
  [/\bgo back to the (?:old|previous|last) (?:version|release) (?=as soon as|if|when)/giu, 'roll back '],
  [/\bat night \((\d[^)]*)\)/giu, 'between $1'],
  [/^signed tags only$/iu, 'only signed tags may be deployed'],
  [/^roll ?back on an? (error rate|p95(?: latency)?) (above|over|exceeding) /iu, 'roll back if the $1 is $2 '],
  [/\bupon (?:the )?completion of\b/giu, 'after'],
  [/\bafter (?:an? |the )?(deploy|deployment|release|rollout) (?:is|has been|was) (?:finished|done|complete[d]?|over)\b/giu, 'after each $1'],
  [/\b(?:the )?95th percentile of (its|their) (?:response times?|latency)/giu, '$1 p95 latency'],
  [/\b(?:the )?95th percentile(?:(?: of)?(?: the)? (?:response times?|latency|response latency))?/giu, 'p95 latency'],
  [/\b(is|are) (permitted|allowed) exclusively\b/giu, '$1 $2 only'],
  [/\b(?:enters?|moves? (?:on )?to|comes? to|makes? it to) (?=(?:the )?(?:prod|live|staging|dev))/giu, 'goes to '],
  [/\b(?:shall|must|may) goes to\b/giu, (all: string) => all.replace('goes', 'go')],
  [/\b(?:has|have) been in (?:operation|service|use) (?:in|on)\b/giu, 'has been in'],
  [/\b(?:thumbs[- ]up|blessing|green light|nod|the ok|the okay|consent|go-ahead)(?= (?:from|of|by) )/giu, 'approval'],
  [/\bapprov(?:ed|al) from (?=\p{L})/giu, (all: string) => (/ed/i.test(all) ? 'approved by ' : 'approval from ')],
  [/\bthe approve (?:from|of)\b/giu, 'the approval of'],
  [/\bapproval of (\d+|two|three|four|five) persons\b/giu, 'approval of $1 people'],
  [/\bapproval of either\b/giu, 'approval of'],
  [/\bcarr(?:y|ies) (?=(?:\d+|one|two|three|four|five) (?:approvals?|reviews?|sign-?offs?))/giu, 'needs '],
  [/^grab (?=.*\bbefore\b)/iu, 'get '],
  [/^get ((?:\d+|one|two|three|four|five) (?:approvals?|reviews?|sign-?offs?)) before anything goes (?:in)?to (\p{L}+)/iu, `every deployment to $2 needs $1`],
  [new RegExp(String.raw`^(${NAME}s) (?:are|is) off[- ]limits for (${DEPLOYS})(?=[,.]|$)`, 'iu'), 'no $2 on $1'],
  [/^((?:deploys?|deployments?|releases?|promotions?|prod|production)\b[^.;:]{0,60}? (?:is|are)) (?:also )?closed (?=on |at |from |between |during )/iu, '$1 forbidden '],
  [/^(?:it is )?(?:forbidden|prohibited|not allowed) to (?:make|do|perform|start)(?: an?| the)? (deploys?|deployments?|releases?)\b/iu, 'no $1'],
  [/\bnobody is (?:allowed|permitted) to (?:make|do|perform|start) (deploys?|deployments?|releases?)$/iu, 'no $1 are allowed'],
  [/\b(?:on|to) (prod|production|live) (?:in|on) the (weekends?)\b/giu, 'to $1 on $2'],
  [/^in the night, (from .+?), (no .+)$/iu, '$2 $1'],
  [new RegExp(String.raw`^(${DEPLOYS}) without (?:an? )?(signed (?:tag|commit|version|release)s?) (?:is|are) (?:forbidden|prohibited|not allowed)`, 'iu'), 'never $1 without a $2'],
  [/\b(?:must|has|have) bear an? (?:verified |valid )*(?:cryptographic )?signature\b/giu, 'must be signed'],
  [/\bmust bear\b/giu, 'must have'],
  [/\bartefacts?\b/giu, 'artifact'],
  [/\bwithout a (?:stop|stay|stopover|run) (?=in |on )/giu, 'without having been '],
  [/^rollback (?=when |if |on )/iu, 'roll back '],
  [/^roll back on an? (?=error rate|p95)/iu, 'roll back if the '],
  [/\bp95(?: latency)? breaks (?=\d)/giu, 'p95 latency exceeds '],
  [/, (?:no debate|no exceptions?|no excuses|full stop|period|without exception|rank included)$/iu, ''],
  [/^(?:(?:keep (?:your )?)?eyes on|look (?:on|at|after)|keep looking at) (?:the )?(?:dashboards?|graphs?|service|metrics) (?=for )/iu, 'watch it '],
  [/\b(must|should|have to) look (?:on|at|after) (?:the )?(?:dashboards?|graphs?|service|metrics) (?=for )/giu, '$1 watch it '],
  [/^report (?:the )?(?:completion|end|start|result) of (every|each|any|all) /iu, 'announce $1 '],
  [/\b(?:holds|sits|waits|rests|soaks|bakes|stays) (?:in|on) (staging|dev|test|stage|preprod|\p{L}+) (?:for )?(?=(?:\d+|one|two|three|four|five|six|eight|ten|twelve) (?:h|hours?|days?)\b.*\bbefore\b)/giu, 'must stay in $1 for '],
  [/^give it (a (?:full |whole )?(?:day|week)|\d+ (?:h|hours?|days?)) (?:in|on) (\p{L}+) before you (?:promote|deploy|release|move|take) it to /iu, 'it must stay in $2 for $1 before it goes to '],
  [/\bmust to\b/giu, 'must'],
  [/\b(?:stay|be) minimum (?=\d)/giu, 'stay at least '],
  [/\bfull (?=commits?\b)/giu, ''],
  [/^([^:;,]{0,80}\b(?:deploys?|deployments?|releases?)\b[^:;,]{0,60}?) (?:goes|go) alone(?=$|[:;,.])/iu, '$1 must be alone'],
]; // biome-ignore format: a table

export function inKnownWords(plain: string): string {
  let text = plain;
  // Of the two kinds of replacement, each has a declaration of its own.
  for (const [pattern, by] of SYNONYMS)
    text = typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by);
  return text;
}
