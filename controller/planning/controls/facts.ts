import type { Catalog } from '../../domain/catalog.js';
import type { ReleaseRecord } from '../../domain/records.js';
import type { Sop } from '../../domain/sop.js';
import type { Signature } from '../../ports/repositories.js';
import type { GoodIn } from '../advise-needs.js';
import type { Grounded, GroundNeeds } from '../ground.js';

/** How many releases back is looked: a version that was replaced so often has to come again. */
const RELEASES_SEARCHED = 100;

/** Where the version has passed its watch, and how long it has been what users reach there. */
export async function goodIn(
  { releases, lanes }: GroundNeeds,
  { service, version }: Grounded,
  catalog: Catalog,
  now: Date,
): Promise<readonly GoodIn[]> {
  const found = await Promise.all(
    catalog.environments.map(async ({ name }) => {
      const lane = { service: service.name, environment: name };
      const good = (await releases.good(lane, RELEASES_SEARCHED)).filter(
        ({ commit }) => commit === version.commit,
      );
      if (good.length === 0) return [];
      const [all, record] = await Promise.all([releases.ofLane(lane, RELEASES_SEARCHED), lanes.get(lane)]);
      const current = record?.currentRelease ?? null;
      const seconds = good.map((release) => secondsCurrent(release, all, current, now));
      return [
        { environment: name, seconds: Math.max(...seconds), current: good.some(({ id }) => id === current) },
      ];
    }),
  );
  return found.flat();
}

/**
 * How long users have reached a release, without a break. It ended when it was replaced, or when the next one came; one that
 * came back after another was rolled back counts from then on, so that it is never taken for longer than it was.
 */
export function secondsCurrent(
  release: ReleaseRecord,
  all: readonly ReleaseRecord[],
  current: string | null,
  now: Date,
): number {
  if (release.currentAt === null) return 0;
  const since = release.currentAt.getTime();
  const later = all.filter(
    ({ id, currentAt }) => id !== release.id && currentAt !== null && currentAt.getTime() > since,
  );
  if (release.id === current) {
    const ends = later.map(({ currentAt, endedAt }) => (endedAt ?? currentAt ?? now).getTime());
    return Math.max(0, (now.getTime() - Math.max(since, ...ends)) / 1000);
  }
  const next = later.map(({ currentAt }) => (currentAt ?? now).getTime());
  const end = Math.min(...next, release.endedAt?.getTime() ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(end) ? Math.max(0, (end - since) / 1000) : 0;
}

/** Only asked where an SOP wants to know. */
export async function signatureFor(
  { serviceRepositories }: GroundNeeds,
  { service, version }: Grounded,
  sops: readonly Sop[],
): Promise<Signature> {
  const wanted = sops.some((sop) => sop.controls.some(({ kind }) => kind === 'signed-version'));
  return wanted ? serviceRepositories.signature(service.repository, version.ref, version.commit) : 'unknown';
}
