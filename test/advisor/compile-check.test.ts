import { describe, expect, it } from 'vitest';
import { NO_GUARDS } from '../../controller/domain/catalog.js';
import { checkedControl } from '../../controller/planning/advisor/compile-check.js';
import { indexNames } from '../../controller/planning/grammar/names.js';
import { catalogOf } from '../planning/sample.js';

const names = indexNames(catalogOf());

/** What becomes of a model's answer about a sentence: the demand and its scope; null when it is not believed. */
function compiled(sentence: string, control: Readonly<Record<string, unknown>>) {
  const answer = { control: { services: [], environments: [], ...control } };
  const found = checkedControl(answer, sentence, 'release', names);
  if (found === null) return null;
  const { quote, origin, severity: _severity, ...demand } = found;
  expect({ quote, origin }).toEqual({ quote: sentence, origin: 'model' });
  return demand;
}

const production = { services: [], environments: ['production'], actions: [] };

describe('a control that a model makes of a sentence', () => {
  it('has the steps that the sentence speaks of', () => {
    const sentence = 'It is imperative that smoke tests accompany each release.';
    const control = { kind: 'require-steps', steps: ['smoke_tests'] };
    expect(compiled(sentence, control)).toEqual({ ...control, scope: null });
    expect(compiled(sentence, { ...control, steps: ['smoke_tests', 'notify'] })).toBeNull();
    expect(compiled(sentence, { ...control, steps: [] })).toBeNull();
    expect(compiled(sentence, { ...control, steps: ['rm -rf'] })).toBeNull();
  });

  it('has the environments and the hours of the sentence, by their names in the catalog', () => {
    const sentence = 'Whatever reaches production has to have spent 2 days in staging beforehand.';
    const control = {
      kind: 'environments-first',
      first: ['Staging'],
      hours: 48,
      environments: ['production'],
    };
    expect(compiled(sentence, control)).toEqual({
      kind: 'environments-first',
      environments: ['staging'],
      hours: 48,
      scope: production,
    });
    expect(compiled(sentence, { ...control, hours: 1 })).toBeNull();
    expect(compiled(sentence, { ...control, hours: -48 })).toBeNull();
    expect(compiled(sentence, { ...control, first: ['qa'] })).toBeNull();
    expect(compiled(sentence, { ...control, first: ['production'] })).toBeNull();
    expect(compiled(sentence, { ...control, first: [] })).toBeNull();
  });

  it('that leaves out an environment or a service of the sentence is not believed', () => {
    const sentence = 'Whatever reaches production has to have spent 2 days in staging beforehand.';
    expect(compiled(sentence, { kind: 'environments-first', first: ['staging'], hours: 48 })).toBeNull();
    expect(compiled('In production, checkout runs pinned versions.', { kind: 'pinned-version' })).toBeNull();
  });

  it('that names one that is not in the sentence, or not in the catalog, is not believed', () => {
    const sentence = 'Only a pinned version goes to production.';
    const control = { kind: 'pinned-version', environments: ['production'] };
    expect(compiled(sentence, control)).toEqual({ kind: 'pinned-version', scope: production });
    expect(compiled(sentence, { ...control, environments: ['production', 'staging'] })).toBeNull();
    expect(compiled(sentence, { ...control, services: ['payments'] })).toBeNull();
    expect(compiled(sentence, { ...control, services: ['__proto__'] })).toBeNull();
  });

  it('has the days and times of the sentence, and is a week that has them', () => {
    const sentence = 'Keep your hands off production on a Friday once it is past 16:00.';
    const freeze = { kind: 'freeze', from: 'Fri 16:00', to: 'Sat 00:00', timezone: 'UTC' };
    const control = { ...freeze, environments: ['production'] };
    expect(compiled(sentence, control)).toEqual({
      kind: 'freeze',
      freeze: {
        name: 'release',
        from: 'Fri 16:00',
        to: 'Sat 00:00',
        timezone: 'UTC',
        environments: ['production'],
      },
      scope: production,
    });
    expect(compiled(sentence, { ...control, from: 'Thu 16:00' })).toBeNull();
    expect(compiled(sentence, { ...control, from: 'Fri 15:00' })).toBeNull();
    expect(compiled(sentence, { ...control, from: 'Fri 00:00' })).toBeNull();
    expect(compiled(sentence, { ...control, to: 'Mon 08:00' })).toBeNull();
    expect(compiled(sentence, { ...control, to: 'Fri 16:00' })).toBeNull();
    expect(compiled(sentence, { ...control, to: 'someday' })).toBeNull();
    expect(compiled(sentence, { ...control, timezone: 'Europe/Berlin' })).toBeNull();
  });

  it('has the bounds of the sentence, in their units, and all of them are right or none counts', () => {
    const sentence = 'Requests that fail stay within 2 % and we keep watching for 30 minutes.';
    const control = { kind: 'guards', errorRatePercent: 2, watchMinutes: 30 };
    const guards = { ...NO_GUARDS, errorRate: 0.02, watchSeconds: 1800 };
    expect(compiled(sentence, control)).toEqual({ kind: 'guards', guards, scope: null });
    expect(compiled(sentence, { ...control, watchMinutes: 1 })).toBeNull();
    expect(compiled(sentence, { ...control, errorRatePercent: 100 })).toBeNull();
    expect(compiled(sentence, { ...control, latencyP95Ms: 2 })).toBeNull();
    expect(compiled(sentence, { ...control, healthFailures: 30 })).toBeNull();
    expect(compiled(sentence, { kind: 'guards' })).toBeNull();
    expect(
      compiled('p95 latency remains below 0.5 seconds.', { kind: 'guards', latencyP95Ms: 500 }),
    ).toMatchObject({
      guards: { latencyP95Ms: 500 },
    });
  });

  it('has the number of people of the sentence, at most ten', () => {
    const sentence = 'A pair of eyes is not enough: three approvals it is.';
    expect(compiled(sentence, { kind: 'approvals', count: 3 })).toEqual({
      kind: 'approvals',
      count: 3,
      scope: null,
    });
    expect(compiled(sentence, { kind: 'approvals', count: 0 })).toBeNull();
    expect(compiled(sentence, { kind: 'approvals', count: 1 })).toBeNull();
    expect(
      compiled('3 Personen stimmen zu, so die Genehmigung.', { kind: 'approvals', count: 3 }),
    ).not.toBeNull();
    expect(compiled('5000 people approve.', { kind: 'approvals', count: 5000 })).toBeNull();
  });

  it('has approvers as the sentence names them, not just any of its words', () => {
    const sentence = 'Expect to have the approval of @alice or of the database team first.';
    for (const name of ['@alice', 'database', 'database team'])
      expect(compiled(sentence, { kind: 'approver', names: [name] })).toEqual({
        kind: 'approver',
        names: [name],
        scope: null,
      });
    for (const name of ['@bob', 'approval', 'the', '@ali', '', '@alice or'])
      expect(compiled(sentence, { kind: 'approver', names: [name] })).toBeNull();
    expect(compiled(sentence, { kind: 'approver', names: [] })).toBeNull();
  });

  it('is about what the sentence is about', () => {
    expect(compiled('Lunch is at noon.', { kind: 'pinned-version' })).toBeNull();
    expect(compiled('Lunch is at noon.', { kind: 'signed-version' })).toBeNull();
    expect(compiled('Lunch is at noon.', { kind: 'alone' })).toBeNull();
    expect(compiled('Two people sign off.', { kind: 'signed-version' })).toBeNull();
    expect(compiled('Tags bear the signature of a maintainer.', { kind: 'signed-version' })).not.toBeNull();
    expect(compiled('Nothing else moves at the same time.', { kind: 'alone' })).not.toBeNull();
  });

  it('weighs as much as the sentence says', () => {
    const severity = (sentence: string) =>
      checkedControl({ control: { kind: 'pinned-version' } }, sentence, 'release', names)?.severity;
    expect(severity('A version must be an exact one.')).toBeNull();
    expect(severity('A version should be an exact one.')).toBe('medium');
    expect(severity('Consider an exact version.')).toBe('low');
  });

  it('is nothing when the answer is anything else', () => {
    const sentence = 'Only a pinned version goes out.';
    const answers: readonly unknown[] = [
      null,
      [],
      'pinned-version',
      {},
      { control: null },
      { control: [] },
      { control: { kind: 'none' } },
      { control: { kind: 'constructor' } },
      { control: { kind: ['pinned-version'] } },
      Object.create({ control: { kind: 'pinned-version' } }),
      { control: Object.create({ kind: 'pinned-version' }) },
      JSON.parse('{"__proto__":{"control":{"kind":"pinned-version"}}}'),
      { control: { kind: 'approvals', count: '2' } },
      { control: { kind: 'approvals', count: Number.NaN } },
    ];
    for (const answer of answers) expect(checkedControl(answer, sentence, 'release', names)).toBeNull();
  });

  it('is nothing when the sentence is endless, or its letters are look-alikes', () => {
    const answer = { control: { kind: 'pinned-version' } };
    expect(
      checkedControl(answer, `The version is pinned${' and so on'.repeat(200)}.`, 'release', names),
    ).toBeNull();
    expect(checkedControl(answer, 'The versiоn tag is pinned.', 'release', names)).toBeNull();
  });
});
