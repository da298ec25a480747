const HIDDEN = '[redacted]';

interface Rule {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/**
 * Shapes of secrets. Every pattern is linear: a match can start only at a fixed prefix, and no two unbounded parts of it
 * can match the same text.
 */
const RULES: readonly Rule[] = [
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github
  { pattern: /\bgh[oprsu]_[A-Za-z0-9]{16,}/g, replacement: HIDDEN },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{16,}/g, replacement: HIDDEN },
  { pattern: /\bglpat-[A-Za-z0-9_-]{16,}/g, replacement: HIDDEN },
  { pattern: /\bnpm_[A-Za-z0-9]{30,}/g, replacement: HIDDEN },
  { pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, replacement: HIDDEN },
  { pattern: /\bAIza[0-9A-Za-z_-]{30,}/g, replacement: HIDDEN },
  { pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{8,}/g, replacement: HIDDEN },
  { pattern: /\b[rs]k[-_][A-Za-z0-9_-]{20,}/g, replacement: HIDDEN },
  // JSON Web Tokens: two or three base64url parts, the first starts with {" in base64.
  {
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
    replacement: HIDDEN,
  },
  // scheme://user:password@host, up to the last @ before the path.
  { pattern: /:\/\/[^\s/"'<>]*@/g, replacement: `://${HIDDEN}@` },
  { pattern: /\b(bearer\s{1,4})[A-Za-z0-9._~+/=-]{12,}/gi, replacement: `$1${HIDDEN}` },
  {
    pattern:
      /\b((?:proxy-)?authorization["']?\s{0,4}[:=]\s{0,4}["']?(?:basic|token|bearer)\s{1,4})[^\s"',;]+/gi,
    replacement: `$1${HIDDEN}`,
  },
  {
    pattern:
      /((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key)["']?\s{0,4}[:=]\s{0,4})(?:"[^"\n]*"|'[^'\n]*'|[^\s"',;&]+)/gi,
    replacement: `$1${HIDDEN}`,
  },
];

/**
 * Hides what looks like a secret. `known`: values that are secret whatever they look like (shorter than 6 characters are
 * left, as hiding them would mangle the text). Takes time linear in the text's length.
 */
export function redact(text: string, known: readonly string[] = []): string {
  const withoutKnown = known
    .filter((secret) => secret.length >= 6)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return RULES.reduce((rest, rule) => rest.replace(rule.pattern, rule.replacement), hideKeys(withoutKnown));
}

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/;

/** PEM private keys, also one whose beginning or end was cut off. */
function hideKeys(text: string): string {
  if (!text.includes('PRIVATE KEY')) return text;
  const kept: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (inside) {
      inside = !END.test(line);
      continue;
    }
    if (END.test(line) && !BEGIN.test(line)) {
      dropKeyBody(kept);
      kept.push(HIDDEN);
      continue;
    }
    inside = BEGIN.test(line) && !END.test(line);
    kept.push(BEGIN.test(line) ? HIDDEN : line);
  }
  return kept.join('\n');
}

function dropKeyBody(lines: string[]): void {
  while (/^[A-Za-z0-9+/=\s]{16,}$/.test(lines.at(-1) ?? '')) lines.pop();
}
