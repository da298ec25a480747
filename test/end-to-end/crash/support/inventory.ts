import { readdir, readFile } from 'node:fs/promises';
import { openRuntimes } from '../../../../controller/app/resources.js';
import { silentLog } from '../../../../controller/ports/log.js';
import type { Site } from '../../harness.js';

/** Ids of all instances that the process runtime knows, sorted. */
export async function instancesOf(site: Site): Promise<readonly string[]> {
  const runtime = openRuntimes(site.context().config(), silentLog).get('process');
  const listed = (await runtime?.list()) ?? [];
  return listed.map(({ instance }) => instance.id).sort();
}

/** Commands of the processes of a site that are neither its controller nor its PostgreSQL, by what they are. */
export async function processesOf(site: Site): Promise<{
  /** Supervising process of an instance: its folder's name. */
  readonly shims: readonly string[];
  readonly gateways: readonly string[];
  /** Version that a service's program was started as. */
  readonly programs: readonly string[];
}> {
  const shims: string[] = [];
  const gateways: string[] = [];
  const programs: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = (await read(`/proc/${pid}/cmdline`)).split('\0');
    const environment = (await read(`/proc/${pid}/environ`)).split('\0');
    const place = command.find((part) => part.startsWith(site.dataDir)) ?? '';
    if (command.some((part) => part.endsWith('/entry/shim.js')) && place !== '') shims.push(place);
    else if (command.some((part) => part.endsWith('/entry/gateway.js')) && place !== '') gateways.push(place);
    else if (command.includes('server.js') && environment.includes(`HOME=${site.folder}`))
      programs.push(settingOf(environment, 'COMMANDER_VERSION'));
  }
  return { shims: shims.sort(), gateways, programs: programs.sort() };
}

function settingOf(environment: readonly string[], name: string): string {
  return environment.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
