import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeIncident } from '../../controller/approval/write-incident.js';
import type { IncidentRecord } from '../../controller/domain/records.js';
import { commit, git } from '../git/support.js';
import { incident, release } from '../postgres/samples.js';
import { openApproval } from './support.js';

let site: Awaited<ReturnType<typeof openApproval>>;

beforeAll(async () => {
  site = await openApproval();
});
afterAll(() => site.close());

/** An incident of a service of its own; its number. */
async function opened(name: string, change: Partial<IncidentRecord> = {}): Promise<number> {
  const service = change.service ?? name;
  const id = await site.store.transaction(async (tx) => {
    await tx.write.release(release(name, { service }));
    return tx.write.incident({ ...incident(name), service, ...change });
  });
  if (id === null) throw new Error(`${name} has its incident already`);
  return id;
}

const write = (id: number) => writeIncident(site.needs, String(id));
const files = (id: number) =>
  git(site.path, 'ls-tree', '-r', '--name-only', `commander/incident-${id}`, 'incidents/').split('\n');
const content = (id: number) => git(site.path, 'show', `commander/incident-${id}:${files(id)[0]}`);
const warnings = (id: number) => site.log.lines.filter((line) => line.includes(`"incident":${id}`));

describe('the branch of an incident', () => {
  it('follows its record', async () => {
    const id = await opened('follows');
    await write(id);
    expect(content(id)).toContain('rolling back');
    await site.store.transaction((tx) => tx.write.patchIncident(id, { state: 'resolved' }));
    await write(id);
    expect(content(id)).toContain('rolled back');
    expect((await site.store.incidents.get(id))?.writtenCommit).toBe(
      git(site.path, 'rev-parse', `commander/incident-${id}`),
    );
  });

  it('that was written by us before a crash, and not recorded, is brought up to date', async () => {
    for (const [name, before] of [
      ['first', null],
      ['again', 'recorded'],
    ] as const) {
      const id = await opened(`crash-${name}`);
      if (before === 'recorded') await write(id);
      const recorded = (await site.store.incidents.get(id))?.writtenCommit ?? null;
      commit(site.path, { [`${name}.txt`]: 'main goes on\n' });
      await write(id);
      await site.store.transaction((tx) =>
        tx.write.patchIncident(id, { writtenCommit: recorded, state: 'stuck' }),
      );
      await write(id);
      expect(content(id)).toContain('rollback stuck');
    }
  });

  it("that has a person's commit is left alone, which is told once and not at every poll", async () => {
    const id = await opened('person');
    await write(id);
    git(site.path, 'checkout', '-q', `commander/incident-${id}`);
    const theirs = commit(site.path, { 'incidents/note.md': 'I was here\n' });
    git(site.path, 'checkout', '-q', 'main');
    const before = warnings(id).length;
    for (let poll = 0; poll < 3; poll += 1) await write(id);
    expect(git(site.path, 'rev-parse', `commander/incident-${id}`)).toBe(theirs);
    expect(warnings(id)).toHaveLength(before + 1);
    const timeline = (await site.store.incidents.get(id))?.timeline ?? [];
    expect(timeline.filter(({ event }) => event.includes('has commits of a person'))).toHaveLength(1);
  });

  it('of ours that a person amended is theirs', async () => {
    const id = await opened('amended');
    await write(id);
    git(site.path, 'checkout', '-q', `commander/incident-${id}`);
    git(site.path, 'commit', '-q', '--amend', '-m', 'better words');
    git(site.path, 'checkout', '-q', 'main');
    const theirs = git(site.path, 'rev-parse', `commander/incident-${id}`);
    await write(id);
    expect(git(site.path, 'rev-parse', `commander/incident-${id}`)).toBe(theirs);
  });

  it('has no repository to be in when it is not followed any more: told once', async () => {
    const id = await opened('homeless', { repository: '/gone' });
    for (let poll = 0; poll < 3; poll += 1) await write(id);
    expect(warnings(id)).toHaveLength(1);
  });
});

describe('two incidents of one day and service', () => {
  it('have two files, whichever is written first, and both branches merge', async () => {
    const one = await opened('two-1', { service: 'two' });
    const two = await opened('two-2', { service: 'two', environment: 'production' });
    await write(two);
    await write(one);
    expect(files(one)).toEqual(['incidents/2026-03-01-two.md']);
    expect(files(two)).toEqual([`incidents/2026-03-01-two-production-${two}.md`]);
    for (const id of [one, two])
      git(site.path, 'merge', '-q', '--no-ff', '-m', 'noted', `commander/incident-${id}`);
    await site.store.transaction((tx) => tx.write.patchIncident(one, { state: 'resolved' }));
    await write(one);
    expect(git(site.path, 'diff', '--name-only', `main...commander/incident-${one}`)).toBe(
      'incidents/2026-03-01-two.md',
    );
  });
});
