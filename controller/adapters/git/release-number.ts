import semver from 'semver';

/** A number that tags are sorted by: "1.2.3", "v2", "v1.2-rc.1"; null for other tags. */
export function releaseOf(tag: string): semver.SemVer | null {
  const [, numbers, rest] = /^v?(\d{1,9}(?:\.\d{1,9}){0,2})((?:[-+][\w.+-]+)?)$/i.exec(tag) ?? [];
  if (numbers === undefined) return null;
  const full = [...numbers.split('.'), '0', '0'].slice(0, 3).join('.');
  return semver.parse(`${full}${rest ?? ''}`, { loose: true });
}
