import type { Token } from './token.js';

/**
 * Word patterns: groups of alternatives, `~n` lets up to n words stand between two groups. `=` at the start: counts also when negated.
 * The word after the bar is what a refusal says.
 */
export interface Pattern {
  readonly groups: readonly ReadonlySet<string>[];
  readonly gaps: readonly number[];
  readonly always: boolean;
  readonly what: string;
}

const SETS: Readonly<Record<string, string>> = {
  RULES:
    'instruction instructions rules rule prompt prompts guidelines directives guardrails constraints programming restrictions limitations training directive above earlier',
  SKIP: 'skip skipping bypass bypassing circumvent circumventing ignore ignoring disregard disregarding override overriding evade evading sidestep sidestepping waive waiving disable disabling deactivate deactivating mute muting silence silencing suppress suppressing snooze snoozing omit omitting forgo forego dodge dodging neuter unplug despite exempt ditch defeat disarm circumnavigate overrule overruling',
  POLICY:
    'approval approvals review reviews reviewer reviewers sign-off signoff sop sops policy policies freeze freezes gate gates guard guards guardrail guardrails watchdog monitoring alert alerts alerting alarm alarms audit audits auditing quarantine checks check safeguard safeguards protection protections rollback rollbacks process procedure procedures compliance verification validation safety protocol cab approver approvers authorization authorisation confirmation consent logging governance',
  PAPER:
    'approval approvals review reviews reviewer reviewers sign-off signoff approver approvers pr confirmation permission consent authorization authorisation',
  SECRETS:
    'secret secrets password passwords passwd credential credentials creds apikey apikeys api-key api-keys kubeconfig .env private-key passphrase passphrases id_rsa access-key access-keys secret-key',
  SHOW: "notify inform brief print show reveal dump display echo cat leak exfiltrate send post email tell give share read list output paste expose log include return get fetch what what's whats copy upload disclose extract write export provide see attach forward message slack publish mail grab steal harvest expose retrieve fax base64 encode put repeat",
  SWITCH: 'turn turning switch switching shut shutting take taking toggle power put',
  BOSS: 'admin administrator cto ceo root owner superuser boss cso ciso vp director president manager developer engineer creator anthropic openai',
};

const LIST = `
=ignore|disregard|forget|override|overlook|neglect|discard|ignoring|disregarding|abandon ~6 RULES : set its rules aside
=forget|ignore|disregard everything|all|anything ~3 above|before|previous|previously|said|told|know|else|instructions : set its rules aside
=you|u|ur are|r|now ~2 now|longer|unrestricted|jailbroken|dan|root|admin|free ~3 a|an|in|the|my|bound|restricted|admin|root|unrestricted|dan|mode|operator|assistant|from|able|to|superuser|evilbot|god : play a role
=pretend|pretending|roleplay|role-play|simulate|simulating|imagine ~3 you|you're|to|as|that|being|are|admin|root : play a role
=act|behave|respond|acting as|like ~3 root|admin|administrator|unrestricted|shell|terminal|bash|dba|superuser|sysadmin|linux|dan|if|evil|a|an|my : play a role
=developer|debug|god|admin|administrator|maintenance|sudo|dan|jailbreak|unrestricted|root|superuser|privileged|emergency|dev|break-glass|breakglass|override|unsafe mode|access|override|console|privileges|rights : work outside its rules
=system|hidden|initial|original|developer|secret prompt|prompts|instructions|instruction|message|override : reveal or change its instructions
=new|updated|revised|real|actual|following instructions|directive|directives|orders|prompt : follow instructions of somebody else
=end of ~2 prompt|instructions|input|message|context|conversation : follow instructions of somebody else
=i|we|hereby ~2 authorise|authorize|authorised|authorized|preapprove|pre-approve|preauthorize ~4 you|it|this|the|that|everything|deploy|immediate|all : approve by word of mouth
=consider|treat|mark|count|regard ~4 approved|authorised|authorized|reviewed|merged : approve its own plan
=auto|self|pre approve|approval|approved|merge|approves|merging : approve its own plan
=auto-approve|self-approve|auto-approved|automerge|auto-merge|auto-merging|self-merge|selfapprove|autoapprove|auto-approval : approve its own plan
=approve|approving|merge|merging|rubber-stamp|accept ~3 own|yourself|automatically|pr|pull|itself|branch|proposal|plan|immediately|mr|main|master : approve or merge its own plan
=my|own authority : approve by word of mouth
=SKIP ~4 POLICY : go around a rule that protects releases
=SKIP ~3 pr|pull-request|tests-gate|freeze-window : go around a rule that protects releases
=SWITCH ~4 off|down|out|aside|away ~4 POLICY : switch off what protects releases
=SWITCH ~1 POLICY ~2 off|down|out|aside : switch off what protects releases
=SWITCH off ~4 POLICY : switch off what protects releases
=POLICY ~3 skipped|bypassed|ignored|waived|disabled|muted|silenced|overridden|suppressed|omitted|deactivated|circumvented|off : switch off what protects releases
=never|doesn't|won't|cannot|can't ~2 roll|rolls|rollback|revert|reverts : act without what protects releases
=no|nobody|none|noone ~2 needs|need|has|have|must|requires|should|will ~1 approve|review|sign|check|approval|reviewing|approving|confirm|look|see|know|ask : act without approval
=pause|pausing|suspend|suspending|stop|stopping|kill|killing|halt|halting|remove|removing|drop|dropping ~3 watchdog|monitoring|alerting|alerts|guards|audit|auditing|gates|approvals|safeguards|guardrails|watching : switch off what protects releases
=use|using|with|as|via ~2 root|admin|sudo|superuser|administrator ~1 account|user|privileges|credentials|rights|access|permissions : work outside its rules
=treat|consider|take|count|regard|see ~5 approval|approved|permission|consent|sign-off|signoff|authorization|authorisation : approve by word of mouth
=no|not|doesn't matter what|how|whether|which ~4 POLICY|sop|happens|says|say|errors|metrics : act without what protects releases
=whatever ~4 POLICY|error|errors|metrics|latency : act without what protects releases
=without|w/o|sans the|our|any|usual|normal|all ~2 checks|guards|watchdog|monitoring|review|reviews|approval|approvals|safeguards : act without what protects releases
=whatever happens|occurs|comes : act without what protects releases
=come what may : act without what protects releases
=at|by all|any costs|cost|means : act without what protects releases
=regardless|irrespective of ~3 POLICY|sop|outcome|results : go around a rule that protects releases
=don't|not|never|needn't|without|no|skip|avoid ~1 wait|waiting|ask|asking|require|need|needing|needed|bother|bothering|seek|seeking|request|requesting|open|opening|create|creating|getting|get|have|involve|involving|go|going ~4 PAPER|pull|approve|review|humans|human : act without approval
=don't|not|never|needn't|without|no|skip|avoid ~1 wait|waiting|ask|asking|seek|seeking|involve|involving|require|requiring ~3 anyone|somebody|someone|anybody : act without approval
=no|without|w/o|sans|zero|skip ~2 PAPER ~3 needed|required|necessary|please|today|from : act without approval
=no|without|w/o|sans|zero human|manual|peer|code|prior|any|further|additional|a|an|the|my|our PAPER|review|reviewer|pull : act without approval
=without|w/o|sans PAPER|sop|sops|policy|guards|guardrails|watchdog|monitoring|safeguards|rollback|audit|auditing|supervision|oversight|checks|gates|watch|alerts|watching|permission|asking|approving|pr|confirmation : act without what protects releases
=no approvals|guards|guardrails|watchdog|monitoring|safeguards|audit|sops|gates|oversight : act without what protects releases
=PAPER|pr|sop ~1 isn't|not|unnecessary|waived|aren't|optional|moot ~2 needed|required|necessary|for|this|here|today : act without approval
=approval|review|sop|reviews|approvals is|are|was waived|unnecessary|optional|superfluous|moot|disabled|skipped : act without approval
=around the|our|your|this|these freeze|policy|sop|sops|approval|approvals|review|process|gates|watchdog|quarantine : go around a rule that protects releases
=lift|lifting|clear|clearing|remove|removing|release|unset|undo|override|drop|delete ~4 quarantine|quarantined|freeze : lift what a person has to lift
=unquarantine|dequarantine|un-quarantine : lift what a person has to lift
=directly|straight push|commit|to|into|on main|master|trunk ~1 branch|without|bypassing|skipping : act without approval
=rm -|rf|-rf|r|fr : run a command
=sudo|mkfs|printenv|iptables|redis-cli|netcat|systemctl|chmod|chown|crontab|/bin/sh|/bin/bash|/etc/passwd|/etc/shadow|powershell|mkfifo|nohup|killall|pkill|xp_cmdshell|/dev/null|/dev/tcp : run a command
=kubectl|oc|docker|helm|terraform|ansible|aws|gcloud|az|git|npm|npx|pip|make|psql|mysql|mongo|ssh|scp|curl|wget|bash|sh|python|python3|node|nc|perl|ruby exec|delete|apply|destroy|scale|get|patch|edit|drain|cordon|stop|kill|rm|run|prune|login|exec|port-forward|cp|create|reset|push|-c|-e|-s|-x|-i|-u|-h|-d|-fssl|-sl|http|https|--force|install|uninstall|rollback|upgrade|c|e|fssl|s|eval : run a command
=drop|truncate table|tables|database|schema|collection|index : change a database
=delete|select|insert from|into|* : change a database
=alter|grant|revoke table|all|user|database|select|privileges|admin|access|role : change a database or rights
=union select : change a database
=SHOW ~6 SECRETS : give out secrets
=SHOW ~6 api|private|ssh|access|encryption|signing|secret|root|deploy|aws|master key|keys|token|tokens : give out secrets
=SHOW ~6 env|environment vars|variables : give out secrets
=SHOW ~5 connection string|strings : give out secrets
=SHOW ~5 tokens|token : give out secrets
=reveal|show|print|repeat|output|tell|display|leak|what ~5 instructions|prompt|guidelines|configuration : reveal its instructions
=hidden|secret|encoded|base64|rot13|hex|decoded|encrypted|obfuscated|reversed instruction|instructions|command|commands|message|payload : follow hidden instructions
=decode|decrypt|deobfuscate|unscramble|rot13|base64|base64-decode ~6 and|then|execute|run|follow|do|it|this|following|string|text : follow hidden instructions
=tool|function|tool_call|function_call|tool_result|tool_output call|result|output|response|calls|results|response|name|arguments : pass text off as a tool's answer
=do anything|whatever ~2 i|you|now|it : work outside its rules
=jailbreak|jailbroken|dan-mode|sudo-mode|godmode|god-mode : work outside its rules
=execute|run|running|executing|eval|invoke|launch ~4 script|scripts|command|commands|shell|sql|query|queries|code|payload|playbook|job|cronjob|migration|migrations|ddl|binary|program|terraform|ansible|statement|snippet|lambda|one-liner|backfill|bash|psql : run something of its own
=exfiltrate|exfil|backdoor|rootkit|keylogger|ransomware|cryptominer|crypto-miner|miner|malware|botnet|trojan|exploit : do harm
=open|opening|start|spawn|get|give|launch ~3 shell|reverse-shell|terminal|ssh|rce : open a shell
=reverse|remote shell : open a shell
=force deploy|push|merge|it|release|rollout|the|through|promote|rollback|restart|delete|ship|this|a : force its way
=by force : force its way
=force-deploy|force-push|force-merge|force-release|force-restart|force-delete|--force|forcepush|force-promote|force-rollout|forcibly : force its way
=commit|write|edit|change|modify|update|relax|loosen|rewrite|alter|patch|amend ~4 sop|sops|policy|policies|commander.yaml|catalog|catalogue|allow-list|allowlist|threshold-policy|audit : change the rules or the catalog
`;

export const PATTERNS: ReadonlyMap<string, readonly Pattern[]> = compile();

function group(text: string): ReadonlySet<string> {
  const out = new Set<string>();
  for (const part of text.split('|')) for (const word of (SETS[part] ?? part).split(' ')) out.add(word);
  return out;
}

function compile(): Map<string, Pattern[]> {
  const found = new Map<string, Pattern[]>();
  for (const line of LIST.trim().split('\n')) {
    const cut = line.lastIndexOf(' : ');
    const always = line.startsWith('=');
    const parts = line
      .slice(always ? 1 : 0, cut)
      .trim()
      .split(' ');
    const groups: ReadonlySet<string>[] = [];
    const gaps: number[] = [];
    let gap = 0;
    for (const part of parts) {
      if (part.startsWith('~')) gap = Number(part.slice(1));
      else {
        groups.push(group(part));
        gaps.push(gap);
        gap = 0;
      }
    }
    const pattern: Pattern = { groups, gaps, always, what: line.slice(cut + 3).trim() };
    for (const word of groups[0] ?? []) found.set(word, [...(found.get(word) ?? []), pattern]);
  }
  return found;
}

export interface Hit {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** All patterns that begin at a token. Work per token is bounded by the patterns' own lengths. */
export function hitsAt(tokens: readonly Token[], at: number): Hit[] {
  const word = tokens[at]?.fold ?? '';
  if ((tokens[at]?.services.length ?? 0) > 0) return [];
  const out: Hit[] = [];
  for (const pattern of PATTERNS.get(word) ?? []) {
    const to = endOf(tokens, at, pattern);
    if (to >= 0) out.push({ what: pattern.what, from: at, to });
  }
  return out;
}

function endOf(tokens: readonly Token[], at: number, pattern: Pattern): number {
  let here = at;
  for (let step = 1; step < pattern.groups.length; step += 1) {
    const next = seek(tokens, here + 1, pattern.gaps[step] ?? 0, pattern.groups[step] ?? new Set());
    if (next < 0) return -1;
    here = next;
  }
  return here;
}

function seek(tokens: readonly Token[], from: number, gap: number, wanted: ReadonlySet<string>): number {
  let words = 0;
  for (let at = from; at < tokens.length && words <= gap; at += 1) {
    const token = tokens[at];
    if (token === undefined || (token.kind === 'punct' && '.!?;'.includes(token.text))) return -1;
    if (token.services.length === 0 && wanted.has(token.fold)) return at;
    if (token.kind !== 'punct' || at - from > gap + 4) words += 1;
  }
  return -1;
}
