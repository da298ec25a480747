import { skeleton } from './confusables.js';
import { words } from './words.js';

/** Words that no honest intent hides. */
const HIDDEN_WORDS = words(`
  delete drop ignore instructions instruction restart disable bypass approval approvals password passwords secrets secret database truncate execute kubectl watchdog previous destroy credentials destroy override
  exfiltrate reveal shutdown deploy rollback production monitoring review reviews tables table scale replicas wipe erase purge sudo skip merge force system prompt token tokens curl bash admin audit disregard forget print dump show`);
const COMPACT = [
  'delete',
  'droptable',
  'drop',
  'ignore',
  'instructions',
  'restart',
  'disable',
  'bypass',
  'approval',
  'password',
  'secrets',
  'database',
  'truncate',
  'execute',
  'kubectl',
  'watchdog',
  'destroy',
  'skip',
  'wipe',
  'purge',
  'reveal',
  'merge',
  'scale',
  'deploy',
  'rollback',
  'shutdown',
  'sudo',
  'force',
];
const MAX_SPANS = 24;
const MAX_SPAN = 4096;

/** Looks into base64, hex, binary, percent, entity and escape spans, rot13, reversed and spaced-out words; what it finds there it only ever holds against a text. */
export function hidesInstruction(text: string): boolean {
  return unwrapped(text).some(readsAsInstruction) || turned(text) || spelledOut(text);
}

/** An encoding within an encoding is looked into as well; what grows no further ends it. */
function unwrapped(text: string): readonly string[] {
  const first = decodedSpans(text);
  const second = first.filter(isPrintable).flatMap((span) => decodedSpans(span.slice(0, MAX_SPAN)));
  const third = second
    .slice(0, MAX_SPANS)
    .filter(isPrintable)
    .flatMap((span) => decodedSpans(span.slice(0, MAX_SPAN)));
  return [...first, ...second, ...third];
}

function isPrintable(span: string): boolean {
  return span.length >= 12 && /^[\x20-\x7e\s]+$/.test(span);
}

function decodedSpans(text: string): string[] {
  const out: string[] = [];
  const take = (pattern: RegExp, decode: (span: string) => string) => {
    let found = 0;
    for (const match of text.matchAll(pattern)) {
      if (found >= MAX_SPANS) return;
      found += 1;
      out.push(decode(match[0].slice(0, MAX_SPAN)));
    }
  };
  take(/[A-Za-z0-9+/_-]{12,}={0,2}/g, (span) => Buffer.from(span, 'base64').toString('utf8'));
  take(/(?:[0-9a-fA-F]{2}[\s:]?){8,}/g, (span) =>
    Buffer.from(span.replace(/[\s:]/g, ''), 'hex').toString('utf8'),
  );
  take(/(?:\\{1,2}x[0-9a-fA-F]{2}|0x[0-9a-fA-F]{2}[\s,]*){4,}/g, (span) =>
    Buffer.from(span.replace(/\\{1,2}x|0x|[\s,]/g, ''), 'hex').toString('utf8'),
  );
  take(/(?:[01]{8}[\s]?){4,}/g, (span) =>
    String.fromCharCode(
      ...(span.match(/[01]{8}/g) ?? []).slice(0, 500).map((bits) => Number.parseInt(bits, 2)),
    ),
  );
  take(/[A-Z2-7]{16,}={0,6}/g, base32);
  if (/(?:%[0-9a-fA-F]{2}[\w\s%]{0,12}){3}/.test(text))
    out.push(
      text
        .slice(0, MAX_SPAN)
        .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
  if (/&#x?[0-9a-fA-F]{2,6};/.test(text)) out.push(entities(text));
  if (/\\u\{?[0-9a-fA-F]{4}/.test(text))
    out.push(
      text.replace(/\\u\{?([0-9a-fA-F]{4,5})\}?/g, (_, hex: string) => codePoint(Number.parseInt(hex, 16))),
    );
  return out;
}

function entities(text: string): string {
  const spans = text.match(/(?:&#x?[0-9a-fA-F]{2,6};[\w\s]{0,3})+/g) ?? [];
  return spans
    .slice(0, MAX_SPANS)
    .join(' ')
    .replace(/&#x([0-9a-fA-F]{2,6});/g, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{2,7});/g, (_, decimal: string) => codePoint(Number(decimal)));
}

function codePoint(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
}

function base32(span: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = 0;
  let value = 0;
  const bytes: number[] = [];
  for (const char of span.replace(/=+$/, '')) {
    value = ((value << 5) | alphabet.indexOf(char)) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >> bits) & 0xff);
    }
  }
  return Buffer.from(bytes).toString('latin1');
}

/** Readable words, several of them or one that no honest intent hides. */
function readsAsInstruction(decoded: string): boolean {
  if (decoded.length < 4) return false;
  let printable = 0;
  for (const char of decoded) if (/[\x20-\x7e\n\p{L}]/u.test(char) && char !== '\ufffd') printable += 1;
  if (printable / [...decoded].length < 0.92) return false;
  const parts = decoded
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length > 1);
  if (parts.some((word) => HIDDEN_WORDS.has(skeleton(word)))) return true;
  return (
    /\s/.test(decoded.trim()) &&
    parts.filter((word) => /^[a-z]{2,}$/.test(word) && /[aeiouy]/.test(word)).length >= 3
  );
}

/** rot13, reversed and leet spellings, word by word. */
function turned(text: string): boolean {
  let [rotated, reversed, leet] = [0, 0, 0];
  for (const match of text.toLowerCase().matchAll(/[a-z0-9@$!|]{4,40}/g)) {
    const word = match[0];
    if (HIDDEN_WORDS.has(word)) continue;
    if (HIDDEN_WORDS.has(rot13(word))) rotated += word.length;
    if (HIDDEN_WORDS.has([...word].reverse().join(''))) reversed += word.length;
    if (/[0-9@$!|]/.test(word) && /[a-z]/.test(word) && unleet(word)) leet += word.length;
  }
  return rotated >= 6 || reversed >= 6 || leet >= 4;
}

function rot13(word: string): string {
  return word.replace(/[a-z]/g, (char) => String.fromCharCode(((char.charCodeAt(0) - 97 + 13) % 26) + 97));
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '8': 'b',
};

function unleet(word: string): boolean {
  const plain = word.replace(/[!|]+$/, '');
  if (!/[0-9@$!|]/.test(plain)) return false;
  const one = plain.replace(/[0134578@$!|]/g, (char) => LEET[char] ?? char);
  const other = plain.replace(/1/g, 'l').replace(/[034578@$!|]/g, (char) => LEET[char] ?? char);
  return isHarmful(one) || isHarmful(other);
}

const OURS = words('deploy rollback production monitoring review reviews');

/** "depl0y" is a slip; "dr0p" is not. */
function isHarmful(word: string): boolean {
  return HIDDEN_WORDS.has(word) && !OURS.has(word);
}

/** "d r o p", "i.g.n.o.r.e": letters one by one. */
function spelledOut(text: string): boolean {
  let found = 0;
  for (const match of text.matchAll(
    /(?<![\p{L}\p{N}])(?:[A-Za-z][\s.\-_*]{1,3}){3,200}[A-Za-z](?![\p{L}\p{N}])/gu,
  )) {
    const joined = match[0].replace(/[^A-Za-z]/g, '').toLowerCase();
    if (COMPACT.some((word) => joined.includes(word))) return true;
    found += 1;
    if (found > MAX_SPANS) return false;
  }
  return false;
}

const SECRET_VALUES = [
  /\bgh[pousr]_[A-Za-z0-9]{16,}/, /\bgithub_pat_[A-Za-z0-9_]{20,}/, /\bglpat-[A-Za-z0-9_-]{16,}/, /\b(?:AKIA|ASIA)[A-Z0-9]{12,}/, /\bxox[abeoprs]-[A-Za-z0-9-]{8,}/, /-----BEGIN [A-Z ]*(?:KEY|CERTIFICATE)/, /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}/,
  /\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{16,}/, /\bAIza[A-Za-z0-9_-]{20,}/, /\bnpm_[A-Za-z0-9]{20,}/, /\bhvs\.[A-Za-z0-9_-]{12,}/, /\bSG\.[A-Za-z0-9_-]{12,}/, /\b[a-z][a-z0-9+]{1,20}:\/\/[^\s:@/]{1,60}:[^\s@/]{2,100}@/i,
  /\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret|token)\s{0,3}(?:[:=]|\bis\b)\s{0,3}["']?(?=[^\s"']{0,60}[0-9!@#$%^&*])[^\s"',;]{6,}/i, /\bBearer\s+[A-Za-z0-9._~+/-]{12,}/,
]; // biome-ignore format: a table

/** Does a text carry a credential itself? It is then refused, and repeated nowhere. */
export function carriesSecret(text: string): boolean {
  return SECRET_VALUES.some((pattern) => pattern.test(text));
}
