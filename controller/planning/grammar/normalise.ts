/** A text made plain for reading, with a way back: `starts[i]` and `ends[i]` are the original offsets of character i. */
export interface Normalised {
  /** Folded to plain punctuation and spaces, letter case kept. */
  readonly text: string;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Characters of `text` that only look like ASCII (full width, mathematical letters): read for danger, never as identity. */
  readonly styled: Uint8Array;
  readonly hidden: Hidden;
}

export interface Hidden {
  /** What invisible tag characters spell. */
  readonly tags: string;
  readonly bidi: boolean;
  /** Invisible characters where they have no place: zero width, fillers, controls. */
  readonly invisible: boolean;
}

const SPACES = /^[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\v\f]$/;
const BIDI = /^[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]$/;
const INVISIBLE =
  /^(?:\u034f|\u17b4|\u17b5|\u180b|\u180c|\u180d|\u180e|[\u00ad\u115f\u1160\u200b\u200c\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u200d|[\ufe00-\ufe0e]|[\u{e0100}-\u{e01ef}])$/u;
const PICTOGRAPH = /^\p{Extended_Pictographic}$/u;
const KEYCAP_OR_SKIN = /^[\u20e3\ufe0f\u{1f3fb}-\u{1f3ff}]$/u;
const PLAIN: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201b': "'",
  '\u00b4': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u00ab': '"',
  '\u2010': '-',
  '\u2011': '-',
  '\u2212': '-',
  '\u2013': '\u2014',
  '\u2015': '\u2014',
  '\u2026': '.',
  '\uff05': '%',
  '\u2265': '>',
  '\u2264': '<',
  '\u2192': '\u2192',
  '\u21d2': '\u2192',
  '\u27a1': '\u2192',
  '\u279c': '\u2192',
  '\u27f6': '\u2192',
  '\u2794': '\u2192',
  '\u25b6': '\u2192',
  '\u2022': '*',
  '\u00b7': '*',
  '\u25e6': '*',
  '\u2023': '*',
  '\u2610': '*',
  '\u00bd': '0.5',
  '\u00bc': '0.25',
  '\u00be': '0.75',
};

function isTag(code: number): boolean {
  return code >= 0xe0000 && code <= 0xe007f;
}

function isControl(code: number): boolean {
  return (code < 32 && code !== 9 && code !== 10 && code !== 13) || (code >= 0x7f && code < 0xa0);
}

class Builder {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly styled: number[] = [];
  tags = '';
  bidi = false;
  invisible = false;

  push(text: string, start: number, end: number, styled: 0 | 1): void {
    this.parts.push(text);
    for (let index = 0; index < text.length; index += 1) {
      this.starts.push(start);
      this.ends.push(end);
      this.styled.push(styled);
    }
  }

  finish(): Normalised {
    return {
      text: this.parts.join(''),
      starts: Uint32Array.from(this.starts),
      ends: Uint32Array.from(this.ends),
      styled: Uint8Array.from(this.styled),
      hidden: { tags: this.tags, bidi: this.bidi, invisible: this.invisible },
    };
  }
}

/**
 * Makes a text plain: typographic quotes, dashes and spaces become ASCII, compatibility forms are folded (and marked),
 * what cannot be seen is dropped and reported. One pass over the code points.
 */
export function normalise(original: string): Normalised {
  const out = new Builder();
  let offset = 0;
  let before = '';
  for (const char of original) {
    const end = offset + char.length;
    fold(char, before, offset, end, original, out);
    offset = end;
    before = char;
  }
  return out.finish();
}

function fold(
  char: string,
  before: string,
  start: number,
  end: number,
  original: string,
  out: Builder,
): void {
  const code = char.codePointAt(0) ?? 0;
  if (code === 13) {
    if (original.charCodeAt(end) !== 10) out.push('\n', start, end, 0);
    return;
  }
  if (code < 0x7f && !isControl(code)) {
    out.push(char === '\t' ? ' ' : char, start, end, 0);
    return;
  }
  if (isTag(code)) {
    out.tags += code > 0xe0020 && code < 0xe007f ? String.fromCharCode(code - 0xe0000) : ' ';
    return;
  }
  if (BIDI.test(char)) {
    out.bidi = true;
    return;
  }
  if (hides(char, code, before, start, end, original)) {
    out.invisible = true;
    return;
  }
  if (INVISIBLE.test(char) || KEYCAP_OR_SKIN.test(char)) return;
  if (SPACES.test(char)) {
    out.push(' ', start, end, 0);
    return;
  }
  if (char === '\u0085' || char === '\u2028' || char === '\u2029') {
    out.push('\n', start, end, 0);
    return;
  }
  const plain = PLAIN[char];
  if (plain !== undefined) {
    out.push(plain, start, end, 0);
    return;
  }
  const folded = char.normalize('NFKC');
  out.push(folded, start, end, folded !== char && /[A-Za-z0-9]/.test(folded) ? 1 : 0);
}

function hides(
  char: string,
  code: number,
  before: string,
  start: number,
  end: number,
  original: string,
): boolean {
  if (isControl(code)) return char !== '\u0085';
  if (!INVISIBLE.test(char)) return false;
  if (char === '\ufeff' && start === 0) return false;
  if (char !== '\u200d') return true;
  const next = String.fromCodePoint(original.codePointAt(end) ?? 32);
  return !(PICTOGRAPH.test(next) && (PICTOGRAPH.test(before) || KEYCAP_OR_SKIN.test(before)));
}
