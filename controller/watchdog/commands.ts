import { CommandRefused, type Person } from '../domain/command.js';
import { type Lane, laneName } from '../domain/release.js';
import { rollbackTargets } from '../ports/rollback-targets.js';
import type { WatchdogNeeds } from './needs.js';
import { openIncident } from './open-incident.js';

type CommandNeeds = Pick<WatchdogNeeds, 'store' | 'clock'>;

/** A person's own verdict on what serves now: bad. The rest is the same rollback as the watchdog's. */
export async function rollBackNow(
  needs: CommandNeeds,
  lane: Lane,
  person: Person,
  reason: string,
): Promise<number> {
  const record = await needs.store.lanes.get(lane);
  const release =
    record?.currentRelease == null ? null : await needs.store.releases.get(record.currentRelease);
  if (release === null)
    throw new CommandRefused(
      `Nothing of ${lane.service} serves in ${lane.environment}: commander status lists what does`,
    );
  if ((await rollbackTargets(needs.store, lane, release)).length === 0)
    throw new CommandRefused(
      `${laneName(lane)} has no earlier release that passed its watch, so there is nothing to go back to`,
    );
  const execution = await needs.store.transaction((tx) =>
    openIncident(tx, needs.clock, {
      release,
      reason: `${person.name} asked for it: ${reason}`,
      evidence: { asked: reason },
      actor: `person:${person.name}`,
    }),
  );
  if (execution === null)
    throw new CommandRefused(`${release.id} has its incident already: commander incidents`);
  return execution;
}

export async function liftQuarantine(
  needs: CommandNeeds,
  id: number,
  person: Person,
  reason: string,
): Promise<void> {
  const found = (await needs.store.quarantine.active(null)).find((record) => record.id === id);
  if (found === undefined)
    throw new CommandRefused(`There is no quarantine ${id}: commander quarantine list shows them`);
  await needs.store.transaction(async (tx) => {
    await tx.write.liftQuarantine(id, person.name);
    await tx.write.audit({
      actor: `person:${person.name}`,
      action: 'quarantine.lifted',
      subject: `service:${found.service}`,
      digest: null,
      reason,
      data: { quarantine: id, commit: found.commit, version: found.version },
    });
    for (const intent of await tx.intents.affectedBy(found.service)) {
      await tx.write.job({ task: 'plan-intent', id: intent, queue: null, runAt: null, priority: 0 });
    }
  });
}
