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

/** Fewer digits than this, however they are separated, are no number of a card, person or phone. */
const MIN_DIGITS = 7;
/** More of them, in groups, are a table of numbers; there only groups that are long by themselves are looked at. */
const MAX_GROUPED_DIGITS = 64;
/** What stands between groups of digits: space ( ) + - . / and the percent sign of %20. */
const SEPARATORS = new Set([...' ()+-./%'].map((char) => char.charCodeAt(0)));

function countRun(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at++;
  return at - start;
}

/** A stretch of digits in groups, as long as it goes on. */
interface Stretch {
  end: number;
  digits: number;
}

function measure(stretch: Stretch, { bytes, end }: TextRange, start: number): void {
  let at = start;
  stretch.digits = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (isDigit(byte)) stretch.digits++;
    else if (!SEPARATORS.has(byte)) break;
  }
  stretch.end = at;
}

/**
 * Makes a finder; rules earlier in the list go first where two begin at the same place. `onMiss` is called when a rule
 * was asked in vain.
 */
export function createFinder(rules: readonly Rule[], onMiss: () => void): Finder {
  const { digitRules, groups, pairs } = compileAnchors(rules);
  const stretch: Stretch = { end: 0, digits: 0 };

  function findDigits(text: TextRange, at: number, found: Found): number {
    const { bytes, end } = text;
    if (at >= stretch.end) measure(stretch, text, at);
    const { digits } = stretch;
    if (digits < MIN_DIGITS || (digits > MAX_GROUPED_DIGITS && countRun(bytes, at, end) < MIN_DIGITS))
      return -1;
    for (const rule of digitRules) {
      if (rules[rule]!.find(text, at, found)) return rule;
      onMiss();
    }
    return -1;
  }

  function findAnchored(
    group: AnchorGroup,
    { text, found }: { text: TextRange; found: Found },
    second: number,
  ): number {
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
          const rule = findDigits(text, second - 1, found);
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
