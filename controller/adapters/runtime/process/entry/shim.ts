import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { READY, TAKEN } from '../../control/detached.js';
import { ControlRefused, type ControlRequest } from '../../control/messages.js';
import { identify, killRecordedGroup, signalGroup } from '../../control/process-identity.js';
import { claimPlace } from '../../control/server.js';
import { adoptDraft, readSpec, readState, stateToJson, writeState } from '../instance-record.js';
import { createLogWriter } from '../log-writer.js';
import { createSupervisor, type Supervisor } from '../supervisor.js';

/**
 * The process behind one instance: parent of the service's program, so that the program outlives the controller and its
 * end is seen by somebody. Started with the instance's folder, its socket and perhaps a draft of its spec; answers status, pause, resume and stop there.
 */
async function main(folder: string, socket: string, draft: string | undefined): Promise<void> {
  const place = { folder, socket };
  let supervisor: Supervisor | null = null;
  let giveUp = (): void => undefined;
  const lost = (): void => {
    const pid = supervisor?.state().child?.pid;
    if (pid !== undefined) signalGroup(pid, 'SIGKILL');
    giveUp();
    process.exit(1);
  };
  // Claim first: everything after this happens in one process only.
  let opened: (supervisor: Supervisor) => void = () => undefined;
  const open = new Promise<Supervisor>((resolve) => {
    opened = resolve;
  });
  const claim = await claimPlace(place, async (request) => answer(request, await open), lost);
  if (claim === null) return say(TAKEN);
  giveUp = claim.release;

  if (draft !== undefined) adoptDraft(folder, draft);
  const spec = await readSpec(folder);
  if (spec === null) throw new Error(`${folder} has no readable instance.json`);
  const before = await readState(folder);
  if (before?.child) await killRecordedGroup(before.child);
  const log = createLogWriter(join(folder, 'logs'), spec.logFileBytes);
  supervisor = createSupervisor({
    spec,
    shim: identify(process.pid),
    log,
    record: (state) => recordState(folder, state),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void supervisor?.stop());
  process.on('SIGHUP', () => undefined);
  supervisor.start();
  opened(supervisor);
  say(READY);
  await supervisor.ended;
  claim.release();
  // Somebody who left the group may hold the log's pipes open for ever.
  setTimeout(() => process.exit(0), 1_000).unref();
}

async function answer(request: ControlRequest, supervisor: Supervisor) {
  switch (request.op) {
    case 'status':
      break;
    case 'pause':
      supervisor.pause();
      break;
    case 'resume':
      supervisor.resume();
      break;
    case 'stop':
      await supervisor.stop();
      break;
    default:
      throw new ControlRefused('unknown-op', `No such operation: ${request.op}`);
  }
  return stateToJson(supervisor.state());
}

/** A full disk must not end the service; the socket still tells the state. */
function recordState(...args: Parameters<typeof writeState>): void {
  try {
    writeState(...args);
  } catch {
    // See above.
  }
}

function say(word: string): void {
  writeSync(1, `${word}\n`);
}

const [folder = '', socket = '', draft] = process.argv.slice(2);
await main(folder, socket, draft);
