import { shapeOf } from './classify.js';
import { isDisguised, skeleton } from './confusables.js';
import type { Normalised } from './normalise.js';
import { NOTHING, type Token, type TokenKind } from './token.js';

/** What the scanner must know of the catalog: is this word, separators removed, a name in it? */
export type IsName = (lower: string) => boolean;

const LETTER = /[\p{L}\p{N}\p{M}_]/u;
const CONNECTORS = "-._/@:+=~'&";
const CLITICS = new Set(["n't", "'s", "'ll", "'re", "'ve", "'d", "'m"]);
const COMPOUND =
  /^(?:(?:smoke|sanity|unit|integration|e2e|regression|acceptance|error|failure|roll|release|post|run|notify|end|first|then|last|known|good|watch|soak|bake|go|re|pre|deploy|back|p95|staging|test|health|happy|two|three|five|ten|fifteen|twenty|thirty|half|one|an?|hour|minute|min|second|sec|per|cent|percent|\d+(?:\.\d+)?)-)+(?:tests?|testing|check|checks|rate|rates|back|out|steps?|good|hour|hours|minute|minutes|min|mins|second|seconds|sec|percent|cent|deploy|release|build|first|staging|prod|production|live|threshold|period|window|time|watch|team|suite|latency|known|tested)$/;
const FLAGS: Readonly<Record<string, string>> = {
  u: 'you',
  ur: 'your',
  thru: 'through', dont: "don't", doesnt: "doesn't", cant: "can't", wont: "won't", shouldnt: "shouldn't", lets: "let's", didnt: "didn't", isnt: "isn't", wasnt: "wasn't", "can't": "can't", cannot: "can't", mustnt: "mustn't" }; // biome-ignore format: a table

/** Cuts a normalised text into tokens: one pass, every character looked at a bounded number of times. */
export function scan(source: Normalised, isName: IsName): Token[] {
  const scanner = new Scanner(source, isName);
  return scanner.run();
}

class Scanner {
  private readonly tokens: Token[] = [];
  private readonly text: string;
  private readonly lower: string;

  constructor(
    private readonly source: Normalised,
    private readonly isName: IsName,
  ) {
    this.text = source.text;
    const lower = source.text.toLowerCase();
    this.lower = lower.length === source.text.length ? lower : lowerEach(source.text);
  }

  run(): Token[] {
    let at = 0;
    while (at < this.text.length) at = this.step(at);
    return this.tokens;
  }

  private step(at: number): number {
    const char = this.text[at] ?? '';
    if (char === ' ') return at + 1;
    if (char === '\n') return this.emit('newline', at, at + 1);
    const pair = this.text.slice(at, at + 2);
    if (pair === '->' || pair === '=>' || pair === '>>') return this.emitArrow(at, pair);
    if (char === '.' && /^\.{1,2}\/$/.test(this.text.slice(at, at + (pair === '..' ? 3 : 2)))) {
      return this.emit('path', at, this.endOfRun(at + (pair === '..' ? 3 : 2), '-._/'));
    }
    if (char === '\u2192') return this.emit('arrow', at, at + 1);
    if (char === '-' && /^-{2,}>/.test(this.text.slice(at, at + 4)))
      return this.emit('arrow', at, at + this.text.slice(at, at + 4).indexOf('>') + 1);
    if ((char === '#' || char === '@') && this.isPart(at + 1) && !this.isPart(at - 1))
      return this.tagged(at, char);
    if ((char === '.' || char === '/' || char === '~') && this.isPart(at + 1) && !this.isPart(at - 1))
      return this.dotted(at, char);
    if (this.isPart(at)) return this.run_(at);
    const size = (this.text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    return this.emit('punct', at, at + size);
  }

  private emitArrow(at: number, pair: string): number {
    let end = at + pair.length;
    while (this.text[end] === '>') end += 1;
    return this.emit('arrow', at, end);
  }

  /** `#channel`, `#4512`, `@person`. */
  private tagged(at: number, char: string): number {
    const end = this.endOfRun(at + 1, '-_.');
    if (char === '@') return this.emit('mention', at, end);
    return this.emit(/^\d/.test(this.text.slice(at + 1, end)) ? 'ticket' : 'channel', at, end);
  }

  /** `.env`, `/etc/passwd`, `/deploy`: a path, or a slash command's sign. */
  private dotted(at: number, char: string): number {
    const end = this.endOfRun(at + 1, '-._/');
    const body = this.text.slice(at + 1, end);
    if (char === '/' && !body.includes('/') && !body.includes('.')) return this.emit('punct', at, at + 1);
    if (char === '.' && /^\d/.test(body)) return this.emitRange(at, end, 'number', Number(`0.${body}`));
    return this.emit('path', at, end);
  }

  private run_(at: number): number {
    const end = this.endOfRun(at, CONNECTORS);
    if (this.text.startsWith('://', end) || /^www\./.test(this.lower.slice(at, at + 4))) return this.link(at);
    const percent = this.text[end] === '%' && /\d/.test(this.text[end - 1] ?? '') ? end + 1 : end;
    this.pieces(at, percent, 0);
    return percent;
  }

  private link(at: number): number {
    let end = at;
    while (end < this.text.length && !/[\s<>"]/.test(this.text[end] ?? '')) end += 1;
    while (/[.,;:!?)\]]/.test(this.text[end - 1] ?? '') && end > at + 1) end -= 1;
    return this.emit('link', at, end);
  }

  private endOfRun(at: number, connectors: string): number {
    let end = at;
    while (end < this.text.length) {
      const char = this.text[end] ?? '';
      if (this.isPart(end)) end += (this.text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
      else if (this.isJoint(end, char, connectors)) end += 1;
      else break;
    }
    return end;
  }

  private isJoint(at: number, char: string, connectors: string): boolean {
    if (!this.isPart(at + 1)) return false;
    if (char === ',')
      return /\d/.test(this.text[at - 1] ?? '') && /^\d+(?![.\d])/.test(this.text.slice(at + 1, at + 5));
    return connectors.includes(char);
  }

  private isPart(at: number): boolean {
    const code = this.text.codePointAt(at);
    if (code === undefined || at < 0) return false;
    if (code < 128)
      return (
        (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
      );
    return LETTER.test(String.fromCodePoint(code));
  }

  /** Splits a run where its shape says that it is more than one thing. */
  private pieces(from: number, to: number, depth: number): void {
    const lower = this.lower.slice(from, to);
    if (this.isName(lower)) return void this.emit('word', from, to);
    const shape = shapeOf(lower, this.text.slice(from, to));
    if (shape !== null) return void this.emitRange(from, to, shape.kind, shape.value);
    if (depth === 0 && this.isBranch(lower)) return void this.emit('path', from, to);
    const cut = depth > 8 ? -1 : this.cutAt(lower);
    if (cut < 0) return void this.emit('word', from, to);
    this.pieces(from, from + cut, depth + 1);
    const sign = lower[cut] ?? '';
    if (sign === "'") return void this.emit('word', from + cut, to);
    if (!'-_.~'.includes(sign)) this.emit('punct', from + cut, from + cut + 1);
    this.pieces(from + cut + 1, to, depth + 1);
  }

  /** "branch jo/rate-limits". */
  private isBranch(lower: string): boolean {
    const before = this.tokens.at(-1);
    return before?.kind === 'word' && before.text === 'branch' && /^\w[\w.-]*(?:\/[\w.-]+)+$/.test(lower);
  }

  private cutAt(lower: string): number {
    for (const sign of ['=', '@', ':', '&', '+']) if (lower.includes(sign)) return lower.indexOf(sign);
    if (lower.includes('/')) return lower.indexOf('/');
    const clitic = lower.lastIndexOf("'");
    if (
      clitic > 0 &&
      CLITICS.has(lower.slice(clitic)) &&
      lower.slice(clitic) === "'s" &&
      lower !== "let's" &&
      lower !== "it's" &&
      lower !== "that's" &&
      lower !== "what's" &&
      lower !== "there's" &&
      lower !== "here's"
    )
      return clitic;
    const version = /[-_~](?=v?\d+(?:\.\d+)+)/.exec(lower);
    if (version !== null && version.index > 0 && this.namesThing(lower.slice(0, version.index)))
      return version.index;
    const short = /[-_](?=v\d+$)/.exec(lower);
    if (short !== null && this.isName(lower.slice(0, short.index))) return short.index;
    const sentence = /[a-z]\.(?=[a-z])/.exec(lower);
    if (sentence !== null && lower.length > 60) return sentence.index + 1;
    if (lower.includes('_') || COMPOUND.test(lower)) return firstOf(lower, '-_');
    return -1;
  }

  private namesThing(lower: string): boolean {
    return this.isName(lower) || ['version', 'ver', 'tag', 'v'].includes(lower);
  }

  private emit(kind: TokenKind, from: number, to: number): number {
    return this.emitRange(from, to, kind, Number.NaN);
  }

  private emitRange(from: number, to: number, kind: TokenKind, value: number): number {
    const lower = this.lower.slice(from, to);
    const text = kind === 'word' ? (FLAGS[lower] ?? lower) : lower;
    const styled = this.source.styled.subarray(from, to).includes(1);
    this.tokens.push({
      kind,
      text,
      raw: this.text.slice(from, to),
      start: this.source.starts[from] ?? 0,
      end: this.source.ends[to - 1] ?? 0,
      spaced: from === 0 || /\s/.test(this.text[from - 1] ?? ' '),
      value,
      fold: skeleton(text),
      odd: styled || isDisguised(text),
      services: NOTHING,
      environments: NOTHING,
    });
    return to;
  }
}

function firstOf(text: string, signs: string): number {
  for (let index = 1; index < text.length; index += 1) if (signs.includes(text[index] ?? '')) return index;
  return -1;
}

function lowerEach(text: string): string {
  let out = '';
  for (const char of text) {
    const lower = char.toLowerCase();
    out += lower.length === char.length ? lower : char;
  }
  return out;
}
