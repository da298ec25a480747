import { unitSeconds } from './classify.js';
import { verbsOf } from './verbs.js';
import {
  BE,
  CONJUNCTIONS,
  DETERMINERS,
  HAVE,
  MODALS,
  NEGATIONS,
  OBJECT_PRONOUNS,
  POLITE,
  PREPOSITIONS,
  SUBJECTS,
  SUBORDINATORS,
  words,
} from './words.js';

/** Words that an order for us may hold: what can be said about a version, a place, a time, a step, a bound, or in passing. */
const OURS = words(`
  version versions ver release releases latest newest build builds image images tag tags branch commit sha ref revision hotfix hotfixes bugfix fix fixes patch patches rc candidate release-candidate artifact package container code codebase change changes update updates changeset
  main master trunk head develop tip deploy deploys deployment deployments rollout rollouts roll-out rollback rollbacks roll-back promotion upgrade downgrade redeploy redeployment revert delivery shipment service services svc microservice api app application component thing one ones stuff software
  environment environments env envs everywhere anywhere stage stages cluster region regions system systems fleet
  previous prior last next older oldest earlier old new newer newest current currently former same other good known known-good last-known-good lkg stable working healthy green broken bad faulty buggy fresh tested verified proper correct right fixed patched tagged merged built finished ready existing
  test tests testing tested suite suites smoke smoketest smoketests sanity unit integration e2e end-to-end regression acceptance functional contract ui automated check checks standard usual step steps post-deploy post-deployment poststeps
  watch watching watched monitoring observation observing bake bake-time baking soak soaking period window eye eyes hawk probation cooldown surveillance guard guards guardrail guardrails
  error errors err failure failures fail fails failing failed 5xx 500s success successes successful rate rates ratio share percent percentage percentile p95 latency latencies response responses respond request requests call calls times slower slow threshold thresholds limit limits budget tolerance ceiling cap bound bounds max maximum min minimum most least
  below above under over exceed exceeds exceeding past beyond higher lower greater less more than within between climbs climb rises rise drops spikes spike breach breaches trouble trouble problem problems issue issues regression regressions wrong unhealthy red
  notify notification notifications notice message messages note announcement heads-up heads headsup word line summary result results outcome status shout shout-out know
  now today tonight tomorrow yesterday asap soon immediately directly straight straightaway right away first firstly second secondly third lastly finally later afterwards afterward after before again once twice then meanwhile instead already still yet just only also too both either each all every everything rest same time moment day week morning afternoon evening night noon lunch minute minutes hour hours second seconds sec secs min mins half quarter
  monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun january february march april may june july august september october november december
  gradually carefully safely slowly quickly fast promptly gently quietly properly cleanly fully completely automatically manually simply really actually basically kindly directly exactly especially specifically ideally preferably preferred urgently urgent possible necessary needed required way order sequence turn go one-by-one time row
  downtime delay interruption outage impact ado further trouble hurry worry regards regard behalf sake case reason goal purpose part place lieu favor favour
  team teams managers leaders supervisors coordinators department departments directors us me everyone everybody channel slack them him her people stakeholders folks support ops oncall on-call customers qa owner owners devs dev crew lead leads manager sre sres guild desk helpdesk colleagues group author management engineer engineers engineering pm users company anyone somebody someone nobody office group
  short brief long nice friendly process ahead forward backward upward longer forget email e-mail mail chat sms e-mailing emailing phone followed pass passes passed passing contains calm
  squad squads tribe department board year years
  alone nothing anything none else else's everything's whole entire single full complete regular scheduled planned weekly daily monthly nightly biweekly emergency critical minor major small big little quick final official
  here there where what when how which who that let's lets let don't please s 's ' v vs via per e.g i.e etc x aka ie eg re fyi btw cc heads item checklist ticket issue pr mr id number no. nr subject title feat feature features chore fix docs ci cd perf refactor style bug bugs story epic hotfix-release rocket tada page
  lot lots much many zero two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty forty-five fifty sixty hundred couple dozen
`);

const CLASSES: readonly ReadonlySet<string>[] = [
  DETERMINERS,
  OBJECT_PRONOUNS,
  SUBJECTS,
  MODALS,
  BE,
  HAVE,
  NEGATIONS,
  PREPOSITIONS,
  SUBORDINATORS,
  CONJUNCTIONS,
  POLITE,
];

/** Is a word one of those that the order for a deploy, rollback, test or build may be made of? */
export function isOurWord(word: string): boolean {
  if (OURS.has(word) || CLASSES.some((list) => list.has(word)) || unitSeconds(word) !== undefined)
    return true;
  return verbsOf(word).some((verb) => verb.class !== 'other' && verb.class !== 'benign');
}

/** Who may do what, and the rules of it: what no text can settle. */
export const RULES = words(`
  approval approvals approve approves approved approver approvers approving preapproved pre-approved review reviews reviewed reviewer reviewers sign-off signoff sign-offs signoffs policy policies permission permissions authority authorization authorisation authorized authorised authorize authorise
  instruction instructions guideline guidelines rule rules sop sops freeze override overrides overridden overrule overruled exempt exempted exemption exception waiver waived clearance mandate four-eyes consent compliance protocol procedure procedures gate gates watchdog audit quarantine quarantined guardrails safeguards governance
`);

/** What is given to somebody, or kept from them. */
export const ACCESS = words(`
  access admin admins administrator root superuser sudo privilege privileges rights role roles permission permissions secret secrets password passwords passwd credential credentials creds token tokens key keys apikey kubeconfig passphrase impersonation ownership cluster-admin maintainer collaborator iam
`);

/** What belongs to others: settings, machines, data. */
export const FOREIGN = words(`
  config configs configuration configurations setting settings variable variables var vars env-var env-vars envvar flag flags toggle port ports timeout timeouts memory cpu cpus disk ram gpu replicas replica instances pods pod nodes machine machines host hosts hostname server servers vm vms network firewall dns domain ingress loadbalancer load-balancer proxy certificate certificates cert certs namespace namespaces
  database databases db dbs table tables schema schemas migration migrations sql query queries data dataset datasets record records row rows column columns backup backups snapshot snapshots volume volumes bucket buckets storage index indexes cache caches queue queues topic topics
  log logs logging metrics dashboard dashboards alert alerts alarm alarms cron cronjob cronjobs job jobs daemon script scripts command commands shell terminal binary kernel infrastructure terraform kubernetes kubectl helm docker repository repo repos file files folder directory disk-space traffic weight weights scaling autoscaling autoscaler
  customer-data user-data pii wiki documentation readme calendar spreadsheet invoice invoices money payment-method contract contracts email-list mailing-list
`);
