import { type AnchorGroup, compileAnchors, HIGH_GROUP, NO_GROUP } from './anchors.ts';
import type { Found, Rule, TextRange } from './rule.ts';

/** Looks for what any of its rules finds. */
export interface Finder {
  rules: readonly Rule[];
  /** Whether the last search met a byte above 0x7f. */
  sawHigh: boolean;
  /**
   * The index in `rules` of what is found first from `at` on, with its range in `found`; -1 when there is nothing.
   * Matches do not begin before `text.from`. Linear in the bytes, see `Rule`; throws what `onMiss` throws.
   */
  next(text: TextRange, at: number, found: Found): number;
}

const ZERO = 0x30;
const NINE = 0x39;

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isLetter(byte: number): boolean {
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}

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
interface Where {
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

/**
 * Makes a finder; rules earlier in the list go first where two begin at the same place. `onMiss` is called when a rule
 * was asked in vain.
 */
export function createFinder(rules: readonly Rule[], onMiss: () => void): Finder {
  const { digitRules, groups, pairs } = compileAnchors(rules);
  const behindLetter = digitRules['letter-digits'];
  const together = digitRules.digits;
  const stretch: Stretch = { end: 0, digits: 0, isQuad: false };

  function ask(asked: readonly number[], at: number, { found, text }: Where): number {
    for (const rule of asked) {
      if (rules[rule]!.find(text, at, found)) return rule;
      onMiss();
    }
    return -1;
  }

  function findDigits(where: Where, at: number): number {
    const { bytes, end, from } = where.text;
    if (at > from && isLetter(bytes[at - 1]!)) {
      const rule = ask(behindLetter, at, where);
      if (rule >= 0) return rule;
    }
    if (at >= stretch.end) measure(stretch, where.text, at);
    const { digits, isQuad } = stretch;
    if (digits < MIN_DIGITS || isQuad) return -1;
    const isTable = digits > MAX_GROUPED_DIGITS && countRun(bytes, at, end) < MIN_DIGITS;
    return isTable ? -1 : ask(together, at, where);
  }

  function findAnchored(group: AnchorGroup, { text, found }: Where, second: number): number {
    for (const anchor of group.anchors) {
      const start = second - 1 - anchor.pair;
      if (start < text.from || start + anchor.bytes.length > text.end) continue;
      if (!anchor.isAt(text, start)) continue;
      if (rules[anchor.rule]!.find(text, start, found)) return anchor.rule;
      onMiss();
    }
    return -1;
  }

  const finder: Finder = {
    rules,
    sawHigh: false,
    next(text, at, found) {
      const { bytes, end } = text;
      const where = { text, found };
      finder.sawHigh = false;
      stretch.end = 0;
      if (end - at < 1) return -1;
      let previous = bytes[at]!;
      if (previous > 0x7f) finder.sawHigh = true;
      for (let second = at + 1; second < end; second++) {
        const byte = bytes[second]!;
        const group = pairs[(previous << 8) | byte]!;
        previous = byte;
        if (group === NO_GROUP) continue;
        if (group === HIGH_GROUP) {
          finder.sawHigh = true;
          continue;
        }
        if (byte > 0x7f) finder.sawHigh = true;
        const anchors = groups[group]!;
        if (anchors.isDigits && !(second - 1 > text.from && isDigit(bytes[second - 2]!))) {
          const rule = findDigits(where, second - 1);
          if (rule >= 0) return rule;
        }
        const rule = findAnchored(anchors, where, second);
        if (rule >= 0) return rule;
      }
      return -1;
    },
  };
  return finder;
}
