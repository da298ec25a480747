import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scaffoldService } from '../../../controller/cli/scaffold.js';

/** What a version of a test service does; everything not named is as it should be. */
export interface VersionOptions {
  readonly tag: string;
  readonly failShare?: number;
  readonly slowMilliseconds?: number;
  readonly crash?: boolean;
  /** How /healthz answers: 500, or not at all. */
  readonly health?: 'failing' | 'hanging';
  /** How /metrics answers. */
  readonly metrics?: 'missing' | 'html' | 'hanging' | 'backwards' | 'huge';
}

const SERVER = join(import.meta.dirname, 'server.js');

/** Makes a service's repository, a commit and a tag for each version. */
export async function makeService(
  folder: string,
  versions: readonly VersionOptions[],
  extra: Readonly<Record<string, string>> = {},
): Promise<void> {
  await scaffoldService(folder, versions, { 'server.js': await readFile(SERVER, 'utf8'), ...extra });
}
