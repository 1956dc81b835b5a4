import { type AnchorGroup, compileAnchors, HIGH, NO_GROUP, ONLY_DIGITS } from './anchors.ts';
import { createDigitSearch, type Where } from './digit-search.ts';
import type { Found, Rule, TextRange } from './rule.ts';

/** Looks for what any of its rules finds. */
export interface Finder {
  rules: readonly Rule[];
  /** Whether the last search met a byte above 0x7f, or ended before it could know. */
  sawHigh: boolean;
  /**
   * The index in `rules` of what is found first from `at` on, with its range in `found`; -1 when there is nothing.
   * Matches do not begin before `text.from`. Linear in the bytes, see `Rule`; throws what `onWork` throws.
   */
  next(text: TextRange, at: number, found: Found): number;
}

/**
 * Makes a finder; rules earlier in the list go first where two begin at the same place. `onWork` is called when a rule
 * was asked in vain.
 */
export function createFinder(rules: readonly Rule[], onWork: () => void): Finder {
  const { digitRules, groups, pairs } = compileAnchors(rules);
  const digitSearch = createDigitSearch(rules, digitRules, onWork);
  const where: Where = { text: { bytes: new Uint8Array(0), from: 0, end: 0 }, found: { start: 0, end: 0 } };

  function findAnchored(group: AnchorGroup, second: number): number {
    const { found, text } = where;
    for (const anchor of group.anchors) {
      const start = second - 1 - anchor.pair;
      if (start < text.from || start + anchor.bytes.length > text.end) continue;
      if ((text.bytes[start + anchor.probe]! | anchor.probeFold) !== anchor.probeByte) continue;
      if (!anchor.isAt(text, start)) continue;
      if (rules[anchor.rule]!.find(text, start, found)) return anchor.rule;
      onWork();
    }
    return -1;
  }

  function findInGroup(group: AnchorGroup, second: number): number {
    if (group.isDigits) {
      const rule = digitSearch.find(where, second - 1);
      if (rule >= 0) return rule;
    }
    return findAnchored(group, second);
  }

  const finder: Finder = {
    rules,
    sawHigh: false,
    next(text, at, found) {
      const { bytes, end } = text;
      where.text = text;
      where.found = found;
      digitSearch.begin();
      // A loop without calls, as nearly all of it is spent here.
      const table = pairs;
      let high = 0;
      let quietUntil = 0;
      let previous = at < end ? bytes[at]! : 0;
      high |= previous;
      if (previous > HIGH) previous = HIGH;
      for (let second = at + 1; second < end; second++) {
        let byte = bytes[second]!;
        high |= byte;
        if (byte > HIGH) byte = HIGH;
        const group = table[(previous << 7) | byte]!;
        previous = byte;
        if (group === NO_GROUP || (group === ONLY_DIGITS && second < quietUntil)) continue;
        const rule = findInGroup(groups[group]!, second);
        if (rule < 0) {
          quietUntil = digitSearch.quietUntil;
          continue;
        }
        finder.sawHigh = true;
        return rule;
      }
      finder.sawHigh = high > HIGH;
      return -1;
    },
  };
  return finder;
}
