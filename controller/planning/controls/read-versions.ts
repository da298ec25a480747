import { type OpenClause, pattern, type Taken, without, withoutKeepingNames } from './pattern.js';

const MOVING =
  '(?:(?:the|a|any|from|of|with|using|tag|floating|moving|mutable|feature|default|bare|branch|version) )*(?:latest|main|master|head|trunk|branch(?:es)?|branch names?|snapshots?|(?:floating|moving|mutable) tags?)(?: (?:branch|tag|version|versions|tags|branches))?';
const MOVINGS = `${MOVING}(?:(?:,|,? or|,? and| nor|/) ?${MOVING})*`;
const DEPLOY =
  '(?:deploy|deployed|use|used|release|released|ship|shipped|run|deploying|using|go|reach|promoted?|deployed from|be)';
const PINNED =
  '(?:exact|pinned|explicit|specific|fixed|immutable|concrete|tagged|released?|semantic|semver|numbered|versioned|named|full)';
const VERSION =
  '(?:release tags?|version tags?|version numbers?|git tags?|commit sha|versions?|tags?|commits?|releases?|sha|builds?|code)';

const NEVER = pattern(
  `(?:(?:(?:pin (?:the )?versions?:?|only|always|ever|please|use|deploy|release|ship) ){0,4}(?:(?:an? |the )?(?:(?:full|exact|fixed|version|release|tagged|git) ){0,2}(?:tags?|versions?|commits?(?: (?:sha|hash(?:es)?|id))?|sha)(?: or)? ?){0,3}(?:only)?(?: for (?:anything|everything|whatever) that goes (?:to|into) <E>)?,? <NOT> (?:(?:an?|the|any) )?${MOVINGS}(?: names?)?|${DEPLOY}(?: to <E>)? (?:as |from |of )?${MOVINGS}|${MOVINGS} <NOT> (?:be |ever )?${DEPLOY}|untagged (?:versions?|commits?|builds?|code))`,
);
const ONLY = pattern(
  `only (?:from )?(?:<THE>)(?:${PINNED} (?:or )?)+${VERSION}(?: or (?:tagged )?(?:commits?|releases?))?(?: <P>)?(?: (?:be )?${DEPLOY})?|only (?:from )?(?:release |version |git )?tags(?: <P>)?(?: (?:be )?${DEPLOY})?`,
);
const MUST = pattern(
  `<MUST> (?:always )?(?:(?:be|have|use|name|reference|specify|deploy|carry|state|give|be deployed (?:from|as|by|with)|come from|be pinned to|be identified by|point to|be|refer to) )*<THE>(?:(?:${PINNED} )+${VERSION}|(?:release|version|git|commit) (?:tags?|sha)|pinned|tagged)(?: (?:or|of|to) <THE>(?:${PINNED} )*${VERSION})?`,
);
const SIGNED = pattern(
  `(?:only (?:from )?(?:<THE>)(?:(?:gpg|pgp|cryptographically|properly|git)[- ])?signed (?:release |git |annotated |version )*(?:tags?|commits?|versions?|releases?)(?: <P>)?(?: be)?(?: ${DEPLOY})?|signed (?:tags?|commits?|versions?|releases?|images?|artifacts?|builds?) only|(?:(?:git |release |version )?(?:tags?|commits?) )?<MUST> (?:(?:be|have|use|come from|carry|bear|deployed from|reference|(?:the |each |every |a )?(?:version|tag|commit|release|image)s? (?:is|are)) )*<THE>(?:(?:gpg|pgp|cryptographically|cryptographic|digitally|digital|valid)[- ])*(?:signed (?:tags?|commits?|versions?|releases?)|signed(?! off|-off)|signature)(?: (?:with|by) (?:gpg|pgp))?)`,
);
const UNSIGNED = pattern(
  `(?:${DEPLOY} )?(?:an? |any )?unsigned (?:tags?|commits?|versions?|releases?|builds?|images?|artifacts?|packages?|code)(?: <NOT>(?: be)?(?: ${DEPLOY})?)?|without <THE>(?:valid |gpg |pgp )*signature`,
);

/** A version that cannot move, or one that somebody signed. */
export function readVersions({ text, negative }: OpenClause): Taken | null {
  const signed = (negative ? UNSIGNED : SIGNED).exec(text);
  if (signed !== null) {
    const pinned = /\bonly\b.*\btags?\b/i.test(signed[0]) ? [{ kind: 'pinned-version' } as const] : [];
    return { demands: [{ kind: 'signed-version' }, ...pinned], text: without(text, signed) };
  }
  const pinned = negative ? NEVER.exec(text) : (ONLY.exec(text) ?? MUST.exec(text));
  if (pinned === null) return null;
  return {
    demands: [{ kind: 'pinned-version' }],
    text: withoutKeepingNames(text, pinned),
  };
}
