import { termOf, termsOf } from './tokens.js';

/** Words that people use for the same thing in operating procedures, one group a line. A word may be in several. */
const GROUPS = `
  deploy release ship rollout roll-out push launch publish install
  rollback revert undo reverse back restore return earlier previous
  incident outage disruption failure breakdown emergency crisis
  down unavailable unreachable offline dead
  soak bake wait run settle
  watch monitor observe supervise look watched
  approve approval sign-off signoff consent permission permit agree agreement authorise authorize clearance ok
  reviewer approver approve signer
  production prod live
  staging stage preprod pre-production
  freeze frozen quiet embargo blackout moratorium closed stop
  weekend saturday sunday
  hour time window period
  minimum least
  maximum most limit share
  share percent rate proportion ratio percentage
  fail error failure broken failing
  slow latency delay response
  test check verify verification suite
  smoke sanity journey
  notify tell inform announce message notice communicate
  customer client user shopper buyer
  player gamer
  patient ward hospital clinical nurse
  database schema sql table migration
  migrate migration change alter
  flag toggle switch
  on-call oncall duty pager rota
  handover hand-over shift
  escalate escalation help headway
  page call phone ring alarm alert
  secret password credential key token
  rotate rotation renew replace exchange
  certificate tls ssl cert
  expire expired expiry lapse
  backup copy snapshot
  restore recover recovery
  failover fail-over switchover region site
  capacity headroom scale load
  queue backlog pile message dead-letter
  cache cdn flush empty purge clear
  decommission retire shut remove delete switch-off
  dependency library package upgrade update
  licence license
  vulnerability security cve hole
  post-mortem postmortem retrospective review
  evidence proof record audit
  auditor audit regulator authority supervisory
  log logging trace
  metric dashboard graph
  keep retain retention store kept
  personal private pii data
  delete erase removal
  vendor supplier third-party provider partner
  status page public
  first initial begin start
  end finish close closing
  severity level priority sev
  canary percent traffic gradual phased
  traffic load call request
  node machine server host
  drain evict empty
  cluster kubernetes k8s
  signed signature sign
  version tag build artifact artefact
  pinned exact fixed
  branch latest main head
  hotfix urgent emergency quick patch
  who role person owner responsible
  team group people
  two second another four-eyes
  deadline due long within day
  night evening late
  morning early
  friday weekday
  mandatory must required obligatory compulsory
  optional voluntary may
  forbidden prohibited never not ban
  exception exempt except
  cost budget spend
  slo objective target budget
  feature function
  flaky unstable intermittent unreliable
  template text wording form
  compensate compensation refund
  mobile app store
  permit allow permitted allowed
  wrong mistake incorrect
  blame cause reason
  again repeat twice retry
  order sequence first then
  parallel same simultaneous concurrent together
  rehearse practice drill exercise test
  rpo rto recovery
weekend friday saturday sunday monday
weekday workday working business monday tuesday wednesday thursday friday
night overnight nightly midnight
flaky flapping intermittent fail repair
rpo point loss lose losing
rto restore running
silence mute muting suppress snooze
leave leaving quit resign depart joiner leaver offboarding
join joining onboarding new starter shadow
account login access sign-in user
recompute backfill reprocess rerun replay
look review inspect examine read
fallback workaround manual paper meanwhile bridge
mail email letter send
leak breach exposure disclosure
uptime availability slo
lag replica replication distance behind
cadence schedule frequency often interval every
extend overrun longer extension
price cost economy
endpoint probe health readiness
machine computer laptop workstation
speed fast rate pace throttle batch
observation observe watch period
maintenance downtime window
meet meeting call
hire contractor colleague employee
train training course practice
`;

/** What a word that was not asked for, but is related to one that was, counts. */
const RELATED_WEIGHT = 0.35;

const related = readGroups(GROUPS);

/** What a question asks for: its own terms, and with less weight those that mean the same. */
export function questionTerms(question: string): ReadonlyMap<string, number> {
  const asked = new Set(termsOf(question));
  const terms = new Map([...asked].map((term) => [term, 1]));
  for (const term of asked)
    for (const other of related.get(term) ?? []) if (!terms.has(other)) terms.set(other, RELATED_WEIGHT);
  return terms;
}

function readGroups(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const byTerm = new Map<string, Set<string>>();
  for (const line of text.trim().split('\n')) {
    const group = line.trim().split(/\s+/).map(termOf);
    for (const term of group) byTerm.set(term, new Set([...(byTerm.get(term) ?? []), ...group]));
  }
  return byTerm;
}
