const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** People's words are shown, never interpreted: control characters out, Markdown and mentions defused. */
export function plain(text: string): string {
  return (
    text
      .replace(HIDDEN_CHARACTERS, ' ')
      .replace(/[\\`*_[\]<>|#&~$]/g, '\\$&')
      // Mentions and references are looked for after the backslashes are gone.
      .replace(/@/g, '@\u200b')
      .replace(/(#|\bGH-)(?=\d)/gi, '$1\u200b')
  );
}

/** A block of code that its content cannot end: the fence is longer than every run of backticks in it. Nothing hides in it. */
export function fenced(language: string, text: string): readonly string[] {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return [
    `${fence}${language}`,
    ...text.split('\n').map((line) => line.replace(HIDDEN_CHARACTERS, ' ')),
    fence,
  ];
}
