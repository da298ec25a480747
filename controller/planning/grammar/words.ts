/** Closed word classes of English, as sets of lower-case words. */
export function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}

export const DETERMINERS = words(
  "the a an our my your their its his her this that these those all any every each some another both no last next first previous new old current latest existing today's yesterday's tonight's whole",
);
export const OBJECT_PRONOUNS = words('it this that them these those everything all');
export const SUBJECTS = words(
  "i we you they he she it who which i'm we're you're they're it's i've we've they've i'll we'll i'd we'd he's she's that's there there's people everyone somebody someone nobody customers users",
);
export const MODALS = words(
  "can could should must will would may might shall can't couldn't shouldn't won't wouldn't mustn't need ought",
);
export const BE = words(
  "is are was were am be been being isn't aren't wasn't weren't it's that's there's i'm we're you're they're what's he's she's here's",
);
export const HAVE = words("has have had hasn't haven't hadn't i've we've they've having");
export const NEGATIONS = words(
  "not don't doesn't didn't never won't can't shouldn't mustn't without no neither nor cannot avoid except excluding isn't aren't wasn't wouldn't couldn't",
);
export const PREPOSITIONS = words(
  'to in on onto into at for from of by with without against via through across towards toward over under within during after before since until per as about between among around than inside upon out up off down along',
);
export const ENV_PREPOSITIONS = words(
  'to in on onto into at for against across towards toward via through within inside over from upon',
);
export const SUBORDINATORS = words(
  'if when whenever once unless until while because since whereas although though provided assuming given which who whose where as so whether that till cause cuz bc',
);
export const CONJUNCTIONS = words(
  'and then but or plus also & + nor yet afterwards afterward subsequently finally otherwise else',
);
export const FINITE = words(
  `does did fixes fix'd adds contains includes brings introduces removes drops deletes changes improves handles supports uses runs looks seems works breaks crashes fails throws
  returns shows causes affects needs wants requires depends goes comes makes takes gets gives says tells thinks broke crashed went came made took got gave said told thought saw seen ran
  began begun kept held left lost won sent built found felt knew known wrote written grew rose fell hit cut hurts leaks leaked sits lives waits means meant ships deploys releases promotes
  rolls passes restarts scales kills resets skips disables enables stops starts starting touches doubles halves serves reads writes lands landed bumps updates upgrades merges closes resolves
  caused became becomes remains stays stayed keeps feels appears behaves sees knows believes hopes asks asked reports reported complains complain report
  had has was were is are been isn't aren't wasn't weren't hasn't haven't hadn't doesn't didn't 's`,
);
const NOT_PAST = words(
  'need feed speed seed embed exceed proceed succeed hundred red bed breed bleed weed indeed shed sled led fed ted ned zed unneeded needed based related named called advanced detailed limited dedicated distributed shared managed hosted',
);

/** A finite past or third person: what tells a statement from an order. */
export function isFinite_(word: string): boolean {
  if (FINITE.has(word)) return true;
  return word.length > 4 && word.endsWith('ed') && !NOT_PAST.has(word);
}

export const POLITE = words(
  `please pls plz ty tyvm tia kindly hi hello hey hiya yo dear team all folks everyone guys everybody ok okay so now then next first firstly secondly third second finally lastly also and but just thanks thx ty cheers
  alright right sure well great cool morning good afternoon evening quick quickly friendly reminder todo task request action step ask job
  bot commander deploybot opsbot shipit buddy robot dear asap urgent urgently immediately afterwards afterward automatically simply directly straight again later either maybe-not plus after-that
  commander's there fyi heads-up psa hotfix important priority p0 p1 p2 high low normal sir mate friend yes yep yeah y'all fellow ops sre devs`,
);
