import { type Act, type Gathered, scope } from './gather.js';
import type { Reading } from './reading.js';
import { isSpecification } from './subject.js';
import { isPunct, isWord, type Token } from './token.js';
import type { VersionMention } from './version-roles.js';
import { scanVersions, type VersionScan } from './versions.js';
import { words } from './words.js';

export interface Chosen {
  readonly version: string | null;
  readonly token: Token | null;
  readonly several: readonly string[];
  /** What it replaces, when the text says so. */
  readonly leaves: string | null;
  readonly older: Token | null;
}

/** Which version a text asks for. */
export function findVersion(gathered: Gathered, readings: readonly Reading[]): Chosen {
  const ordered = gathered.acts.filter((act) => !(act.action === 'test' && gathered.acts.length > 1));
  const scans = ordered.map((act) => act.versions);
  const said = scans.some(({ mentions }) => mentions.some(({ role }) => role === 'to' || role === 'plain'));
  const extra = readings
    .filter(
      (reading) => (reading.mood === 'name' && !isAboutTheBad(reading, ordered)) || isSpecification(reading),
    )
    .map((reading) => besides(scanVersions(scope(reading)), reading, said));
  const all = [...scans, ...extra].flatMap((scan) => scan.mentions);
  const older = [...scans, ...extra].map((scan) => scan.older).find((token) => token !== null) ?? null;
  const leaves =
    all.find((mention) => mention.role === 'from')?.version ??
    all.find((mention) => mention.role === 'other')?.version ??
    running(readings);
  const wanted = pick(
    all.filter((mention) => mention.role === 'to'),
    all.filter((mention) => mention.role === 'plain'),
    ordered,
  );
  const chosen =
    wanted.length > 0 || !refersBack(ordered) || older !== null ? wanted : told(readings, gathered);
  const versions = [...new Set(chosen.map((mention) => mention.version))];
  if (versions.length > 1) return { version: null, token: null, several: versions, leaves, older };
  return { version: versions[0] ?? null, token: chosen[0]?.token ?? null, several: [], leaves, older };
}

/** "Roll back ledger. The 4.9.0 that we deployed books twice": a fragment beside a rollback names what is left. */
function isAboutTheBad({ tokens, clause }: Reading, ordered: readonly Act[]): boolean {
  const back = ordered.length > 0 && ordered.every(({ action }) => action === 'rollback');
  const beside = ordered.every(({ reading }) => reading.clause.sentence !== clause.sentence);
  const labelled = isPunct(tokens[1], ':', '=') || isWord(tokens[0], 'to', 'back', 'version', 'target');
  return back && beside && !labelled && !tokens.some(({ services }) => services.length > 0);
}

/** "billing charges twice with 8.8.1": of a version that a fragment only mentions, where the order has one of its own. */
function besides(scan: VersionScan, { tokens }: Reading, said: boolean): VersionScan {
  const mentioned = ({ token }: VersionMention) =>
    isWord(tokens[tokens.indexOf(token) - 1], 'with', 'since', 'in', 'under');
  return said ? { ...scan, mentions: scan.mentions.filter((mention) => !mentioned(mention)) } : scan;
}

const COUNTS = words('two three four five six seven eight nine ten several couple few some many');

/** "roll back two versions": which one that is, the text does not say. */
export function countsBack(gathered: Gathered): Token | null {
  for (const act of gathered.acts) {
    if (act.action !== 'rollback') continue;
    const { tokens } = act.reading;
    const at = tokens.findIndex(
      (token, index) =>
        isWord(token, 'versions', 'releases', 'builds', 'steps', 'tags') &&
        [1, 2, 3].some((step) => {
          const before = tokens[index - step];
          return before?.kind === 'number' || COUNTS.has(before?.text ?? '');
        }),
    );
    if (at >= 0) return tokens[at] ?? null;
  }
  return null;
}

/** "update 1.2 to 1.3": the one it goes to counts. */
function pick(
  to: readonly VersionMention[],
  plain: readonly VersionMention[],
  acts: readonly Act[],
): readonly VersionMention[] {
  if (to.length === 0) return undoes(acts) ? [] : plain;
  const moves = acts.some(
    (act) =>
      act.reading.verb?.class === 'move' ||
      act.action === 'rollback' ||
      ['upgrade', 'downgrade', 'roll'].includes(act.reading.verb?.lemma ?? ''),
  );
  return moves ? to : [...plain, ...to];
}

/** "undo 2.4.1": the version is what it leaves. */
function undoes(acts: readonly Act[]): boolean {
  return acts.some((act) =>
    ['undo', 'revert', 'backout', 'unship', 'back'].includes(act.reading.verb?.lemma ?? ''),
  );
}

/** "it", "that version", or nothing at all: the version was told before. */
function refersBack(acts: readonly Act[]): boolean {
  return acts.some(
    (act) =>
      (act.action !== 'rollback' || backToThat(act)) &&
      (act.reading.tokens.some((token) => isWord(token, 'it', 'this', 'that')) ||
        !act.reading.tokens.some((token) => token.services.length > 0)),
  );
}

/** "go back to that": the version that was said to be good. */
function backToThat(act: Act): boolean {
  const { tokens } = act.reading;
  return tokens.some((token, at) => isWord(token, 'to') && isWord(tokens[at + 1], 'that', 'it', 'this'));
}

function told(readings: readonly Reading[], gathered: Gathered): readonly VersionMention[] {
  if (gathered.acts.some((act) => act.action === 'rollback' && !backToThat(act))) return [];
  return readings
    .filter(
      (reading) =>
        (reading.mood === 'state' || reading.mood === 'context' || reading.clause.lead === 'time') &&
        !reading.clause.told,
    )
    .flatMap((reading) => scanVersions(reading.tokens).mentions)
    .filter((mention) => mention.role === 'plain');
}

/** "production is on 2.0", "running 2.0". */
function running(readings: readonly Reading[]): string | null {
  for (const reading of readings) {
    if (reading.mood !== 'state' && reading.mood !== 'context') continue;
    if (
      !reading.tokens.some((token) =>
        isWord(
          token,
          'crashes',
          'crashed',
          'fails',
          'failed',
          'broke',
          'leaks',
          'buggy',
          'on',
          'at',
          'running',
          'runs',
          'currently',
          'broken',
          'live',
        ),
      )
    )
      continue;
    const found = scanVersions(reading.tokens).mentions.find(
      (mention) => mention.role !== 'foreign' && !isDay(mention.token, reading.tokens),
    );
    if (found !== undefined) return found.version;
  }
  return null;
}

/** "since 12.03.", "ran into it on 3.11": a day and a month, and not what something runs on. */
function isDay(token: Token, tokens: readonly Token[]): boolean {
  const at = tokens.indexOf(token);
  const [day = 0, month = 0] = /^(\d{1,2})\.(\d{2})$/.exec(token.text)?.slice(1).map(Number) ?? [];
  const dated = isWord(tokens[at - 1], 'on', 'since', 'until', 'by', 'from');
  const runs = isWord(
    tokens[at - 2],
    'is',
    'are',
    'runs',
    'running',
    'still',
    'now',
    'currently',
    'live',
    'was',
  );
  return day >= 1 && day <= 31 && month >= 1 && month <= 12 && dated && !runs;
}

/** Is `left` a smaller number than `right`? Only plain dotted numbers can be told apart. */
export function isLower(left: string, right: string): boolean {
  const parts = (text: string) => /^v?(\d+(?:\.\d+)+)$/i.exec(text)?.[1]?.split('.').map(Number);
  const [mine, other] = [parts(left), parts(right)];
  if (mine === undefined || other === undefined) return false;
  for (let at = 0; at < Math.max(mine.length, other.length); at += 1) {
    const difference = (mine[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
