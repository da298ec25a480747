/** Takes user names, passwords, query strings and fragments out of every URL in a text, and control characters out of all of it. */
export function stripCredentials(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s@'"]*@/gi, '$1')
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s'"?#]*)[?#][^\s'"]*/gi, '$1')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]+/g, ' ');
}

/** The last lines of what a program said, on one line, short enough for an error message. */
export function lastWords(output: string, limit = 400): string {
  const lines = stripCredentials(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const text = lines.slice(-4).join(' | ');
  return text.length > limit ? `…${text.slice(-limit)}` : text;
}
