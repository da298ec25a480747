import { describe, expect, test } from 'vitest';
import type { Freeze } from '../../controller/domain/catalog.js';
import { freezeOf, frozenUntil, parseWeekMoment } from '../../controller/domain/freeze.js';

const WEEKEND: Freeze = {
  name: 'weekend',
  from: 'Fri 16:00',
  to: 'Mon 08:00',
  timezone: 'UTC',
  environments: [],
};
const at = (text: string) => new Date(text);

describe('a freeze', () => {
  test('holds from its first minute to the minute before its end, over the turn of the week', () => {
    expect(frozenUntil(WEEKEND, at('2026-11-20T15:59:59Z'))).toBeNull();
    expect(frozenUntil(WEEKEND, at('2026-11-20T16:00:00Z'))).toEqual(at('2026-11-23T08:00:00Z'));
    expect(frozenUntil(WEEKEND, at('2026-11-22T12:30:40Z'))).toEqual(at('2026-11-23T08:00:00Z'));
    expect(frozenUntil(WEEKEND, at('2026-11-23T07:59:59Z'))).toEqual(at('2026-11-23T08:00:00Z'));
    expect(frozenUntil(WEEKEND, at('2026-11-23T08:00:00Z'))).toBeNull();
  });

  test('is meant in its own time zone', () => {
    const berlin = { ...WEEKEND, timezone: 'Europe/Berlin' };
    expect(frozenUntil(berlin, at('2026-11-20T14:59:00Z'))).toBeNull();
    expect(frozenUntil(berlin, at('2026-11-20T15:00:00Z'))).toEqual(at('2026-11-23T07:00:00Z'));
  });

  test('that ends where it begins lasts all week', () => {
    const always = { ...WEEKEND, to: 'Fri 16:00' };
    expect(frozenUntil(always, at('2026-11-18T00:00:00Z'))).toEqual(at('2026-11-20T16:00:00Z'));
  });

  test('counts only for its environments, and the longest one is told', () => {
    const short: Freeze = { ...WEEKEND, name: 'lunch', from: 'Sat 12:00', to: 'Sat 13:00' };
    const production = { ...WEEKEND, environments: ['production'] };
    const saturday = at('2026-11-21T12:30:00Z');
    expect(freezeOf([production], 'staging', saturday)).toBeNull();
    expect(freezeOf([short, production], 'production', saturday)?.freeze.name).toBe('weekend');
  });

  test.each(['Friday 16:00', 'fri 7:05'])('%s can be written', (text) => {
    expect(parseWeekMoment(text)).not.toBeNull();
  });
  test.each(['16:00', 'Fri', 'Fri 24:00', 'Fri 12:60', 'Xyz 10:00', ''])(
    '"%s" is no moment of a week',
    (text) => {
      expect(parseWeekMoment(text)).toBeNull();
    },
  );
});
