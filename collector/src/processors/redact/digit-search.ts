import type { CompiledAnchors } from './anchors.ts';
import type { Found, Rule, TextRange } from './rule.ts';

const ZERO = 0x30;
const NINE = 0x39;

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

/** Of the shortest number of an account behind its two letters (ISO 13616: Norway). */
const MIN_ACCOUNT_BYTES = 13;
/** Fewer digits than this, however they are separated, are no number of a card, person or phone. */
const MIN_DIGITS = 7;
/** More of them, in groups, are a table of numbers; there only groups that are long by themselves are looked at. */
const MAX_GROUPED_DIGITS = 64;
/** What stands between groups of digits: space ( ) + - . / and the percent sign of %20. */
const SEPARATORS = new Uint8Array(256);
for (const char of ' ()+-/%') SEPARATORS[char.charCodeAt(0)] = 1;

function countRun(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at - start;
}

/** Where is looked, and where what is found goes. */
export interface Where {
  text: TextRange;
  found: Found;
}

/** A stretch of digits in groups, as long as it goes on. */
interface Stretch {
  end: number;
  digits: number;
  /** Four groups of at most three digits with dots between them: an IPv4 address. */
  isQuad: boolean;
}

const DOT = 0x2e;

function measure(stretch: Stretch, { bytes, end }: TextRange, start: number): void {
  let at = start;
  let digits = 0;
  let dots = 0;
  let others = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (isDigit(byte)) digits++;
    else if (byte === DOT) dots++;
    else if (SEPARATORS[byte] === 1) others++;
    else break;
  }
  stretch.end = at;
  stretch.digits = digits;
  stretch.isQuad = dots === 3 && others === 0 && digits <= 12;
}

/** Asks the rules that look at runs of digits. */
export interface DigitSearch {
  /** No rule wants to be asked about digits before this. */
  quietUntil: number;
  /** Begins another text. */
  begin(): void;
  /** The index of the rule that finds something at the digit at `at`, when that begins a run; else -1. */
  find(where: Where, at: number): number;
}

/** As `createFinder`, for the anchors that are runs of digits. */
export function createDigitSearch(
  rules: readonly Rule[],
  digitRules: CompiledAnchors['digitRules'],
  onWork: () => void,
): DigitSearch {
  const behindLetter = digitRules['letter-digits'];
  const together = digitRules.digits;
  const inTables = digitRules['table-digits'];
  const stretch: Stretch = { end: 0, digits: 0, isQuad: false };

  function ask(asked: readonly number[], at: number, { found, text }: Where): number {
    for (const rule of asked) {
      if (rules[rule]!.find(text, at, found)) return rule;
      onWork();
    }
    return -1;
  }

  const search: DigitSearch = {
    quietUntil: 0,
    begin() {
      stretch.end = 0;
      search.quietUntil = 0;
    },
    find(where, at) {
      const { bytes, end, from } = where.text;
      const before = at > from ? bytes[at - 1]! : 0;
      if (isDigit(before)) return -1;
      if (isLetter(before) && end - at >= MIN_ACCOUNT_BYTES && at - 2 >= from && isLetter(bytes[at - 2]!)) {
        const rule = ask(behindLetter, at, where);
        if (rule >= 0) return rule;
      }
      if (at >= stretch.end) measure(stretch, where.text, at);
      const { digits, isQuad } = stretch;
      if (digits < MIN_DIGITS || isQuad) {
        search.quietUntil = stretch.end;
        return -1;
      }
      const anywhere = ask(inTables, at, where);
      const isTable = digits > MAX_GROUPED_DIGITS && countRun(bytes, at, end) < MIN_DIGITS;
      return anywhere >= 0 || isTable ? anywhere : ask(together, at, where);
    },
  };
  return search;
}
