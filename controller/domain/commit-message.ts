const LINE_LIMIT = 200;

/**
 * Somebody's words as part of one line of a commit message: no line of their own, so no trailer and no heading; mentions
 * and references to issues, which a forge would act on, are defused.
 */
export function messageLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replace(/[@#]/g, '$&\u200b');
  const characters = [...line];
  return characters.length <= LINE_LIMIT ? line : `${characters.slice(0, LINE_LIMIT - 1).join('')}…`;
}
