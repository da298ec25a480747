function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

/** Words that change nothing about what is demanded; any other word that no reader used makes a sentence advice. */
const FILLERS = words(`
  a an the this that these those each every all any its it they them their our your we you there here which
  be is are been being have has having do does
  deploy deploys deployed deploying deployment deployments release releases released releasing rollout rollouts promotion promotions promote promoted promoting
  rollback rollbacks redeploy ship shipped shipping go goes going live reach reaches land lands
  version versions service services application applications app apps microservice microservices component components code software artifact artifacts change changes build builds plan plans
  environment environments stage stages system systems cluster user users customer customers
  team teams engineer engineers developer developers person people
  to in on into onto at of for with from by during within
  and also then therefore thus hence additionally furthermore moreover further
  happen happens take takes place occur occurs start starts begin begins made done performed carried out executed scheduled allowed permitted
  ever even please strictly absolutely generally general normally fully successfully properly new following rule rules policy policies note important remember reminder item requirement requirements
  new first time so as
  prior before ahead
  let anything something everything please straight away immediately right afterwards overnight push pushed
`);
const SECTION_FILLERS = words(`
  sop procedure procedures process checklist guide guidelines guideline standard standards operating runbook handbook how when what where rules rule policy policies requirement requirements
  gate gates criteria window windows schedule safety quality before after
`);

export function isFiller(word: string): boolean {
  return FILLERS.has(word.toLowerCase());
}

export function isSectionFiller(word: string): boolean {
  return isFiller(word) || SECTION_FILLERS.has(word.toLowerCase());
}

/** They may turn a rule into its exception, for all of the sentence. */
export const CONDITIONS =
  /\b(?:unless|except(?:ing|ions?|ional|ionally)?|exempt(?:ed|ions?)?|excluding|if|when|whenever|while|until|till|in case|provided|assuming|other than|apart from|aside from|besides|barring|save for|only when|depending|emergenc(?:y|ies)|hotfix(?:es)?|urgent|outside|not|non|without|or|either|where|whose|once|otherwise|instead|waive[dr]?|overrid(?:e|den))\b/i;

/** Subjects that deployments are not: what is said about them is no control of ours. */
export const OTHER_SUBJECTS =
  /\b(?:hot-?fix(?:es)?|emergenc(?:y|ies)|database|schema|migrations?|mobile|infrastructure|terraform|firmware|pull requests?|merge requests?|code reviews?|backups?|passwords?|incidents?|post-?mortems?|on-?boarding|off-?boarding|laptops?|feature flags?|config(?:uration)? changes?|exceptions?|examples?|history|glossary|definitions?|appendix|background|faq|deprecated|obsolete|draft)\b/i;

/** A sentence that takes back what stands before it. */
export const TAKES_BACK =
  /\b(?:exempt(?:ed)?|exceptions? (?:is|are|to this|apply|applies|can|may)|(?:do|does) not apply|doesn't apply|don't apply|not applicable|(?:only )?exceptions?:|this rule is (?:suspended|relaxed|waived)|may be (?:skipped|waived|ignored|bypassed))\b/i;

/** Words of rules in other languages: such a sentence is shown, for it may be one. */
export const FOREIGN_RULES =
  /\b(?:muss|müssen|darf nicht|dürfen nicht|niemals|immer|verboten|doit|doivent|jamais|toujours|interdit|debe|deben|nunca|siempre|prohibido|deve|devono|mai|sempre|vietato|moet|moeten|nooit|altijd|musí|nikdy|musi|nigdy|zawsze)\b/iu;
