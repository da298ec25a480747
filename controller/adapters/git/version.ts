import semver from 'semver';
import type { VersionResolution } from '../../ports/repositories.js';
import { nearNames, nearVersions } from './nearest.js';
import { releaseOf } from './release-number.js';

/** A tag or branch of a service's repository, and the commit that it stands for. */
export interface NamedRef {
  readonly kind: 'tag' | 'branch';
  readonly name: string;
  readonly commit: string;
}

/** What a name stands for; `by-hash` when it could only be the start of a commit id. */
export type Named = VersionResolution | { readonly ok: 'by-hash'; readonly prefix: string };

/** Names that may be meant by one with or without the "v" in front. */
function spellings(asked: string): readonly string[] {
  if (/^\d/.test(asked)) return [asked, `v${asked}`];
  const [, bare] = /^v(\d.*)$/i.exec(asked) ?? [];
  return bare === undefined ? [asked] : [asked, `v${bare}`, bare];
}

/** What a version as written stands for among a repository's tags and branches. Pure. */
export function nameVersion(refs: readonly NamedRef[], asked: string): Named {
  if (asked.toLowerCase() === 'latest') return latestRelease(refs, asked);
  if (/^[0-9a-f]{40}$/i.test(asked)) return { ok: 'by-hash', prefix: asked.toLowerCase() };
  const tag = spellings(asked)
    .map((name) => refs.find((ref) => ref.kind === 'tag' && ref.name === name))
    .find((ref) => ref !== undefined);
  const branch = refs.find((ref) => ref.kind === 'branch' && ref.name === asked);
  if (
    tag !== undefined &&
    branch !== undefined &&
    tag.commit !== branch.commit &&
    releaseOf(asked) === null
  ) {
    return {
      ok: false,
      reason: `"${asked}" is both tag ${tag.name} (${short(tag)}) and branch ${branch.name} (${short(branch)}). Say the commit`,
      near: [tag.commit, branch.commit],
    };
  }
  const found = tag ?? branch;
  if (found !== undefined) return resolved(asked, found);
  return /^[0-9a-f]{7,39}$/i.test(asked)
    ? { ok: 'by-hash', prefix: asked.toLowerCase() }
    : notFound(refs, asked);
}

/** The head of the default branch: the configured one, else the one that the repository's HEAD names. */
export function defaultHead(
  refs: readonly NamedRef[],
  configured: string | null,
  head: string | null,
): VersionResolution {
  const name = configured ?? head;
  const branches = refs.filter((ref) => ref.kind === 'branch');
  const found = branches.find((ref) => ref.name === name);
  if (found !== undefined) return resolved(null, found);
  const names = branches.map((ref) => ref.name);
  const reason =
    name === null
      ? 'The repository does not say which branch is its default. Set defaultBranch in the catalog, or name a version'
      : `The default branch "${name}" does not exist. Set defaultBranch in the catalog, or name a version`;
  return { ok: false, reason, near: nearNames(names, name ?? 'main') };
}

export function notFound(refs: readonly NamedRef[], asked: string): VersionResolution {
  const tags = refs.filter((ref) => ref.kind === 'tag').map((ref) => ref.name);
  const names = [...new Set(refs.map((ref) => ref.name))];
  const near = releaseOf(asked) === null ? nearNames(names, asked) : nearVersions(tags, asked);
  return { ok: false, reason: `There is no tag, branch or commit "${asked}"`, near };
}

export function resolvedCommit(asked: string, commit: string): VersionResolution {
  const tag = `commit-${commit.slice(0, 12)}`;
  return { ok: true, kind: 'commit', version: { asked, ref: commit, commit, tag } };
}

function latestRelease(refs: readonly NamedRef[], asked: string): VersionResolution {
  const releases = refs.flatMap((ref) => {
    const release = ref.kind === 'tag' ? releaseOf(ref.name) : null;
    return release === null ? [] : [{ ref, release }];
  });
  const finals = releases.filter(({ release }) => release.prerelease.length === 0);
  const candidates = finals.length > 0 ? finals : releases;
  candidates.sort((left, right) => semver.rcompare(left.release, right.release));
  const best = candidates[0];
  if (best !== undefined) return resolved(asked, best.ref);
  return {
    ok: false,
    reason: 'There is no latest version: the repository has no release tags (like v1.2.3)',
    near: [],
  };
}

function resolved(asked: string | null, { kind, name, commit }: NamedRef): VersionResolution {
  return { ok: true, kind, version: { asked, ref: name, commit, tag: artifactTag(name, commit) } };
}

/** `<name>-<12 hex>`: at most 113 characters of letters, digits, "_", "." and "-", so a file name and an image tag. */
export function artifactTag(name: string, commit: string): string {
  const safe = name
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 100);
  return `${safe === '' ? 'ref' : safe}-${commit.slice(0, 12)}`;
}

function short(ref: NamedRef): string {
  return ref.commit.slice(0, 12);
}
