import { words } from './words.js';

/**
 * deploy, rollback, test, build: our actions · move: deploys when a service or version is its object · run: runs steps · watch, tell, leave, keep,
 * benign: serve a request · other: somebody else's work, refused when ordered.
 */
export type VerbClass =
  | 'deploy'
  | 'rollback'
  | 'test'
  | 'build'
  | 'move'
  | 'run'
  | 'watch'
  | 'tell'
  | 'leave'
  | 'keep'
  | 'benign'
  | 'cancel'
  | 'other';
export type VerbForm = 'base' | 'third' | 'past' | 'gerund';
export interface Verb {
  readonly lemma: string;
  readonly class: VerbClass;
  readonly form: VerbForm;
}

const TABLE: Readonly<Record<VerbClass, string>> = {
  deploy: 'deploy redeploy ship release rollout promote launch publish deliver yeet',
  rollback: 'reinstate rollback revert undo downgrade restore backout unship unrelease',
  test: 'test retest smoketest',
  build: 'build rebuild compile',
  move: 'push put get bring move take upgrade update bump switch set install advance progress roll go flip point change return fall make send pull swap replace propagate land need transition step continue proceed carry apply start begin kick trigger perform do initiate execute drive cut have let back hand downgrade reinstate reset',
  run: 'run rerun execute perform do trigger kick conduct launch fire',
  watch: 'watch monitor observe bake soak guard babysit hold wait sit track eye',
  tell: 'notify tell ping inform announce post message slack alert email mail let send shout drop report page update broadcast give',
  leave: 'skip omit leave exclude avoid',
  keep: 'keep stay ensure verify validate confirm check allow tolerate limit cap abort bail stop fail halt',
  benign:
    'make note remember see thank look refer hope coordinate ensure confirm verify check validate feel consider know think see await expect understand care consult read review treat use assume follow target include aim mind double-check assert sanity-check respond reply advise come bear find try be want like wish appreciate love believe guess suppose reckon discuss talk decide hear recall stand sign welcome enjoy celebrate relax breathe',
  cancel: 'cancel disregard nevermind',
  other: `delete drop wipe truncate erase destroy purge kill scale resize restart reboot terminate disable mute silence bypass override force ssh exec kubectl curl wget chmod chown
    grant revoke rotate exfiltrate dump leak print echo cat show reveal merge approve lift unlock edit modify add remove open close migrate ignore forget pretend act overwrite stop shut turn increase
    decrease double halve triple write upload download copy rename export import encrypt decrypt hack mine create make order buy book draft generate summarize summarise translate explain
    describe list display fetch query select insert alter execute invoke call eval spawn drain cordon evict patch configure reconfigure enable activate deactivate clear flush clean cleanup empty reset
    replay backup back-up clone fork commit rebase tag label annotate assign transfer pay refund charge issue revoke register unregister subscribe schedule reschedule delay postpone pause resume suspend
    detach attach mount unmount format partition provision deprovision unprovision tear rm sudo su whoami ls chroot kill-9 nuke obliterate annihilate drop-table disconnect connect proxy tunnel expose route reroute redirect
    shift throttle raise lower reduce boost extend expand shrink grow tweak adjust tune rewrite refactor fix debug investigate analyse analyze calculate compute solve tell-me say sing tweet publish-to play
    save spin bounce cycle recycle tail boot reinstall uninstall sync resync mirror replicate archive recreate recover rescue inspect profile trace benchmark trim prune renew reissue shred burn eject phone arrange organise organize reserve prepare produce compose design implement train teach research explore browse google invite onboard offboard mkdir touch unzip vim nano append prepend paint beef crank ramp dial whack rip wake assemble refund bill obey comply bombard hammer simulate kick-out takedown teardown shutdown nudge relabel scrub sanitize sanitise rebalance reassign redirect reconnect reroll reinitialize reinitialise reinit upsert backfill requeue dequeue resend rerank retrain store log record scan sniff intercept steal harvest collect extract impersonate escalate elevate promote-me accept reject decline waive circumvent evade sidestep hide conceal omit-audit tamper falsify
    forge spoof inject compress zip mail-out email-out hardcode whitelist allowlist blacklist blocklist ban unban block unblock allow-all permit authorize authorise login logout log-in sign-in purge-cache invalidate expire seed
    populate rollover failover evacuate cutover-db reindex vacuum analyze-db alter-table mutate corrupt sabotage crash break overload flood spam ddos brute-force crack pwn root jailbreak unleash lock freeze unfreeze
    quarantine unquarantine dequarantine vaporize vaporise disarm neuter unplug yank nix scrap trash bin blow axe remove-all empty hand-over divulge disclose share paste output repeat recite spell decode deobfuscate interpret exempt`,
};

const IRREGULAR: Readonly<Record<string, readonly [past: string, ...rest: string[]]>> = {
  build: ['built'], rebuild: ['rebuilt'], put: ['put'], get: ['got', 'gotten'], bring: ['brought'], take: ['took', 'taken'], go: ['went', 'gone'], set: ['set'], run: ['ran'], undo: ['undid', 'undone'], fall: ['fell', 'fallen'],
  make: ['made'], send: ['sent'], tell: ['told'], keep: ['kept'], leave: ['left'], do: ['did', 'done'], begin: ['began', 'begun'], drive: ['drove', 'driven'], cut: ['cut'], have: ['had'], let: ['let'], stand: ['stood'], write: ['wrote', 'written'], show: ['showed', 'shown'],
  shut: ['shut'], hold: ['held'], sit: ['sat'], be: ['been'], see: ['saw', 'seen'], give: ['gave', 'given'], find: ['found'], freeze: ['froze', 'frozen'], break: ['broke', 'broken'], steal: ['stole', 'stolen'], reset: ['reset'], overwrite: ['overwrote', 'overwritten'],
}; // biome-ignore format: a table

const VERBS: ReadonlyMap<string, readonly Verb[]> = inflect();

/** Readings of a word as a verb, our own actions first; empty when it is none that is known. */
export function verbsOf(word: string): readonly Verb[] {
  return VERBS.get(word) ?? [];
}

export function verbOf(word: string, ...classes: readonly VerbClass[]): Verb | undefined {
  return verbsOf(word).find((verb) => classes.length === 0 || classes.includes(verb.class));
}

export function isBase(word: string): boolean {
  return verbsOf(word).some((verb) => verb.form === 'base');
}

function inflect(): Map<string, Verb[]> {
  const found = new Map<string, Verb[]>();
  const add = (word: string, verb: Verb) => {
    const known = found.get(word) ?? [];
    if (!known.some((other) => other.class === verb.class && other.form === verb.form))
      found.set(word, [...known, verb]);
  };
  for (const [kind, list] of Object.entries(TABLE) as [VerbClass, string][]) {
    for (const lemma of words(list)) {
      add(lemma, { lemma, class: kind, form: 'base' });
      add(third(lemma), { lemma, class: kind, form: 'third' });
      for (const past of IRREGULAR[lemma] ?? [regularPast(lemma)])
        if (past !== lemma) add(past, { lemma, class: kind, form: 'past' });
      add(gerund(lemma), { lemma, class: kind, form: 'gerund' });
    }
  }
  return found;
}

function third(lemma: string): string {
  if (/(?:s|sh|ch|x|z|o)$/.test(lemma)) return `${lemma}es`;
  return /[^aeiou]y$/.test(lemma) ? `${lemma.slice(0, -1)}ies` : `${lemma}s`;
}

function doubled(lemma: string): string {
  return /^(?:ship|unship|drop|cut|put|get|set|run|stop|skip|ban|nix|let|sit|dump-|shut|zip|log|reset|cat|bin|rerun|step|swap|spam|scrap|omit|bail-|cap|pin|plug|commit|begin)$/.test(
    lemma,
  )
    ? `${lemma}${lemma.at(-1)}`
    : lemma;
}

function regularPast(lemma: string): string {
  if (lemma.endsWith('e')) return `${lemma}d`;
  return /[^aeiou]y$/.test(lemma) ? `${lemma.slice(0, -1)}ied` : `${doubled(lemma)}ed`;
}

function gerund(lemma: string): string {
  if (lemma.endsWith('e') && !lemma.endsWith('ee') && lemma !== 'be') return `${lemma.slice(0, -1)}ing`;
  return `${doubled(lemma)}ing`;
}
