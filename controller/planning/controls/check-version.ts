import type { Finding } from '../../domain/sop.js';
import type { Check } from './check.js';

export function pinnedVersion({ grounded, finding }: Check): Finding {
  const { asked, ref, commit } = grounded.version;
  if (grounded.request.action === 'rollback') return finding('complies', `${ref} is a recorded release`, '');
  const named = asked ?? grounded.request.promotedFrom ?? null;
  const pinned =
    named !== null && named !== 'latest' && (isReleaseTag(ref) || commit.startsWith(named.toLowerCase()));
  if (pinned) return finding('complies', `${ref} is pinned`, '');
  return finding(
    'deviates',
    `${asked === null ? 'No version' : asked} is not a pinned version`,
    'Name a release tag, for example v1.2.3',
  );
}

function isReleaseTag(ref: string): boolean {
  return /^v?\d+\.\d+/.test(ref);
}

/** Whether a signature is there can be told; whether it is good, only by somebody who has the keys. */
export function signedVersion({ needs, grounded, finding }: Check): Finding {
  const { ref } = grounded.version;
  if (grounded.request.action === 'rollback') return finding('complies', `${ref} is a recorded release`, '');
  switch (needs.signature) {
    case 'none':
      return finding('deviates', `${ref} has no signature`, `Sign it: git tag -s ${ref}, and push the tag`);
    case 'present':
      return finding(
        'cannot-tell',
        `${ref} has a signature; this controller does not verify keys`,
        `Verify it: git verify-tag ${ref}`,
      );
    case 'unknown':
      return finding(
        'cannot-tell',
        `Whether ${ref} is signed could not be read`,
        `Verify it: git verify-tag ${ref}`,
      );
  }
}
