import { constants } from 'node:fs';
import { access, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ScriptNotAllowed } from '../../ports/scripts.js';

const NAME = /^[a-z0-9][a-z0-9._-]*$/;

/** Names of the regular, executable files directly in a folder, sorted. No symlinks; nothing when there is no such folder. */
export async function allowedScripts(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  const allowed = await Promise.all(names.sort().map((name) => isScript(directory, name)));
  return names.filter((_, index) => allowed[index]);
}

async function isScript(directory: string, name: string): Promise<boolean> {
  if (!NAME.test(name)) return false;
  const path = join(directory, name);
  const status = await lstat(path).catch(() => null);
  if (status === null || !status.isFile()) return false;
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The one allowed file that a catalog's script name means: its exact name, or the name without extension if only one has it. */
export function chooseScript(asked: string, allowed: readonly string[], directory: string): string {
  if (allowed.includes(asked)) return asked;
  const matches = allowed.filter((name) => withoutExtension(name) === asked);
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  throw new ScriptNotAllowed(refusal(asked, matches, allowed, directory));
}

function withoutExtension(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

function refusal(
  asked: string,
  matches: readonly string[],
  allowed: readonly string[],
  directory: string,
): string {
  const shown = JSON.stringify(asked.slice(0, 100));
  if (matches.length > 1)
    return `Script ${shown} can mean ${matches.join(' or ')}: write the whole file name`;
  const list = allowed.length === 0 ? 'none' : allowed.join(', ');
  return (
    `Script ${shown} is not in the allow-list, the executable files directly in ${directory} (now: ${list}). ` +
    'Name one of those, or put the script there with its executable bit set'
  );
}
