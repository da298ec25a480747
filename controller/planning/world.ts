import { isAbsolute, resolve } from 'node:path';
import type { Catalog, CatalogProblem, ParsedCatalog } from '../domain/catalog.js';
import { formatProblem, type Problem } from '../domain/problem.js';
import { redact } from '../domain/redact.js';
import type { ParsedSop, Sop } from '../domain/sop.js';
import type { DocumentText } from '../ports/knowledge.js';
import { type CommittedFile, FileTooLarge, type GitOpsRepository } from '../ports/repositories.js';
import type { SopControls } from '../ports/sop-controls.js';
import { withModelControls } from './advisor/model-controls.js';
import { bindControls } from './controls/bind.js';
import { parseCatalog } from './documents/catalog.js';
import { isSopFile, parseSopFile, sopByteLimit } from './knowledge/sop-file.js';
import { remember } from './remember.js';

export const CATALOG_FILE = 'commander.yaml';
export const SOP_FOLDER = 'sops';
const CATALOG_LIMIT = 1024 * 1024;
/** Times that an SOP is read which could not be read in its time: each one holds a repository up for as long. */
const TRIES = 3;

/** What a repository says at one commit, besides its intents. */
export interface World {
  readonly commit: string;
  readonly catalog: Catalog;
  readonly sops: readonly Sop[];
  /** SOP files that cannot be read: reported on themselves, the rest counts. */
  readonly sopProblems: readonly Problem[];
}

export type ReadWorld =
  | { readonly ok: true; readonly world: World }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads catalog and SOPs at a commit. Parsed files are kept by blob id, so an unchanged file is parsed once.
 */
export class WorldReader {
  private readonly catalogs = new Map<string, ParsedCatalog>();
  private readonly sops = new Map<string, ParsedSop>();
  /** Of those that may be read another time. */
  private readonly tries = new Map<string, number>();
  /** With the controls of their sentences, by file and catalog. */
  private readonly bound = new Map<string, Sop>();

  /** `documents`: reads PDFs; null: an SOP that is one is a problem. `modelControls`: what a model made of sentences before. */
  constructor(
    private readonly documents: DocumentText | null = null,
    private readonly modelControls: Pick<SopControls, 'of'> | null = null,
  ) {}

  async read(repository: GitOpsRepository, commit: string): Promise<ReadWorld> {
    const entry = await repository.entry(commit, CATALOG_FILE);
    if (entry === null) return { ok: false, problems: [missingCatalog(repository)] };
    if (entry.kind !== 'file') return { ok: false, problems: [notAFile(entry, 'The catalog')] };
    const parsed = await this.catalog(repository, entry);
    if (!parsed.ok) return parsed;
    const { files: all, complete } = await repository.walk(commit, SOP_FOLDER);
    const files = all.filter(({ path }) => isSopFile(path));
    const sops: Sop[] = [];
    const sopProblems: Problem[] = complete ? [] : [tooManyFiles()];
    for (const file of files) {
      const sop = await this.sop(repository, file);
      if (sop.ok) sops.push(await this.bind(sop, file, entry, parsed.catalog));
      else sopProblems.push(...sop.problems);
    }
    const catalog = atHome(parsed.catalog, repository.id);
    return { ok: true, world: { commit, catalog, sops: await this.withControls(sops), sopProblems } };
  }

  /** What is wrong with the catalog and the SOPs at a commit, for people. */
  async problems(repository: GitOpsRepository, commit: string): Promise<readonly string[]> {
    const read = await this.read(repository, commit);
    return describeProblems(
      read.ok ? [...read.world.catalog.problems, ...read.world.sopProblems] : read.problems,
    );
  }

  private async catalog(repository: GitOpsRepository, entry: CommittedFile): Promise<ParsedCatalog> {
    return remember(this.catalogs, entry.oid, async () => {
      const bytes = await readCapped(repository, entry, CATALOG_LIMIT);
      return Buffer.isBuffer(bytes)
        ? parseCatalog(entry.path, bytes.toString('utf8'))
        : { ok: false, problems: [bytes] };
    });
  }

  private async sop(repository: GitOpsRepository, entry: CommittedFile): Promise<ParsedSop> {
    const key = `${entry.path}\0${entry.oid}\0${entry.kind}`;
    const parsed = await this.rememberedSop(repository, entry, key);
    const tries = (this.tries.get(key) ?? 0) + 1;
    if (!parsed.ok && parsed.passing === true && tries < TRIES) {
      this.tries.set(key, tries);
      this.sops.delete(key);
    }
    return parsed;
  }

  private rememberedSop(repository: GitOpsRepository, entry: CommittedFile, key: string): Promise<ParsedSop> {
    return remember(this.sops, key, async () => {
      if (entry.kind !== 'file') return { ok: false, problems: [notAFile(entry, 'An SOP')] };
      const bytes = await readCapped(repository, entry, sopByteLimit(entry.path));
      return Buffer.isBuffer(bytes)
        ? parseSopFile(this.documents, entry.path, bytes)
        : { ok: false, problems: [bytes] };
    });
  }

  private async withControls(sops: readonly Sop[]): Promise<readonly Sop[]> {
    const digests = sops.filter(({ advice }) => advice.length > 0).map(({ digest }) => digest);
    if (this.modelControls === null || digests.length === 0) return sops;
    return withModelControls(sops, await this.modelControls.of(digests));
  }

  /** What the sentences say is said about the names of this catalog. */
  private bind(
    { sop, severityGiven }: Extract<ParsedSop, { ok: true }>,
    file: CommittedFile,
    catalogFile: CommittedFile,
    catalog: Catalog,
  ): Promise<Sop> {
    return remember(this.bound, `${file.path}\0${file.oid}\0${catalogFile.oid}`, async () =>
      bindControls(sop, catalog, severityGiven === true),
    );
  }
}

/** The file, or the problem that it is too large. Anything else that fails is the repository's trouble, and passes. */
async function readCapped(
  repository: GitOpsRepository,
  entry: CommittedFile,
  limit: number,
): Promise<Buffer | Problem> {
  try {
    return await repository.read(entry.oid, limit);
  } catch (error) {
    if (!(error instanceof FileTooLarge)) throw error;
    const fix = `Keep it under ${limit / 1024} KiB`;
    return { file: entry.path, line: null, field: null, message: error.message, fix };
  }
}

/** A service's relative repository path means: relative to the GitOps repository's folder. One that is followed by URL has none. */
function atHome(catalog: Catalog, home: string): Catalog {
  if (isRemote(home)) return { ...catalog, problems: [...catalog.problems, ...homeless(catalog)] };
  const services = catalog.services.map((service) => {
    const { repository } = service;
    if (repository === null || isAbsolute(repository) || isRemote(repository)) return service;
    return { ...service, repository: resolve(home, repository) };
  });
  return { ...catalog, services };
}

function homeless({ services }: Catalog): readonly CatalogProblem[] {
  return services
    .filter(({ repository }) => repository !== null && !isAbsolute(repository) && !isRemote(repository))
    .map(({ name, repository }) => ({
      file: CATALOG_FILE,
      line: null,
      field: `services[${name}].repository`,
      message: `"${repository}" is a relative path, and this repository is no folder that it could be relative to`,
      fix: 'Give a URL, or an absolute path on the machine of the controller',
      subject: { kind: 'service', name },
    }));
}

function isRemote(repository: string): boolean {
  return repository.includes('://') || /^[^/\s]+@[^/\s]+:/.test(repository);
}

function missingCatalog(repository: GitOpsRepository): Problem {
  return {
    file: CATALOG_FILE,
    line: null,
    field: null,
    message: `There is no ${CATALOG_FILE} in the root of ${repository.id} on ${repository.branch}`,
    fix: 'Write one that names your services and environments, or let `commander init` scaffold it, and commit it',
  };
}

function notAFile(entry: CommittedFile, what: string): Problem {
  return {
    file: entry.path,
    line: null,
    field: null,
    message: `${what} must be a file, not a ${entry.kind}`,
    fix: 'Commit the file itself',
  };
}

/** For people. A problem may quote what was written, and that may be a secret. */
export function describeProblems(problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => redact(formatProblem(problem)));
}

function tooManyFiles(): Problem {
  return {
    file: SOP_FOLDER,
    line: null,
    field: null,
    message:
      'There are more files and folders in it than are looked at, and the ones furthest down are not read',
    fix: 'Keep it under 1,000 folders and 10,000 files',
  };
}
