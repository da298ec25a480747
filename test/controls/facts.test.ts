import { describe, expect, it } from 'vitest';
import type { ReleaseRecord } from '../../controller/domain/records.js';
import { goodIn, secondsCurrent } from '../../controller/planning/controls/facts.js';
import { catalogOf, grounded } from '../planning/sample.js';
import { release } from '../postgres/samples.js';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 1, hour));
const hours = (of: ReleaseRecord, all: readonly ReleaseRecord[], current: string | null, now = at(20)) =>
  secondsCurrent(of, all, current, now) / 3600;

describe('how long users have reached a release', () => {
  const first = release('first', { currentAt: at(2), goodAt: at(3) });

  it('is counted from the switch to now while it is current', () => {
    expect(hours(first, [first], 'first')).toBe(18);
    expect(hours(first, [first], null)).toBe(0);
    expect(hours(release('never'), [], null)).toBe(0);
  });

  it('ends when the next one came, or when it was ended', () => {
    const second = release('second', { currentAt: at(8) });
    expect(hours(first, [first, second], 'second')).toBe(6);
    expect(hours({ ...first, endedAt: at(5) }, [first, second], 'second')).toBe(3);
  });

  it('begins anew when it came back after another, also where the record still has its first switch', () => {
    const bad = release('bad', { currentAt: at(10), endedAt: at(12), state: 'bad' });
    expect(hours(first, [first, bad], 'first')).toBe(8);
    expect(hours({ ...first, currentAt: at(12) }, [first, bad], 'first')).toBe(8);
  });
});

describe('where a version is good', () => {
  it('is told by environment, with its longest time there', async () => {
    const commit = grounded().version.commit;
    const mine = release('mine', { commit, currentAt: at(2), goodAt: at(3) });
    const other = release('other', { currentAt: at(12), goodAt: at(13) });
    const inStaging = [other, mine];
    const needs = {
      releases: {
        get: () => Promise.resolve(null),
        good: ({ environment }: { readonly environment: string }) =>
          Promise.resolve(environment === 'staging' ? inStaging : []),
        ofLane: () => Promise.resolve(inStaging),
      },
      lanes: {
        get: () =>
          Promise.resolve({
            service: 'checkout',
            environment: 'staging',
            holder: null,
            currentRelease: 'other',
            fence: 1,
          }),
      },
      serviceRepositories: null as never,
    };
    expect(await goodIn(needs, grounded(), catalogOf(), at(20))).toEqual([
      { environment: 'staging', seconds: 10 * 3600, current: false },
    ]);
  });
});
