import type { CustomRule } from './custom-rules.ts';
import { createFinder } from './finder.ts';
import { COSTLY_RULE, FAILED_RULE, markerOf } from './marker.ts';
import type { Found, Rule, TextRange } from './rule.ts';
import { TooCostlyError } from './time-budget.ts';

/** Replaces what the rules find in one text. */
export interface TextRedactor {
  /** Whether there may be something; never throws, and true when a rule fails. */
  scan: { sawHigh: boolean; isSpot(bytes: Uint8Array, start: number, end: number): boolean };
  /**
   * The text at `bytes[start, end)` with what was found replaced, or null when that is nothing; calls `onHit` with the
   * rule's name for each. When a rule fails the whole text goes.
   */
  redact(bytes: Uint8Array, start: number, end: number): Uint8Array | null;
}

export interface TextRedactorDeps {
  rules: readonly Rule[];
  custom: readonly CustomRule[];
  isAllowed: (found: string) => boolean;
  /** What stands in the place of a found text; its marker, unless a rule has something else. */
  replace: (rule: string, found: string) => string;
  onHit: (rule: string) => void;
  /** Called for each question to a rule and each match; what it throws takes the whole text along. */
  onWork: () => void;
}

/** Makes a redactor that applies all `rules` and then all `custom` rules. */
export function createTextRedactor(deps: TextRedactorDeps): TextRedactor {
  const finder = createFinder(deps.rules, deps.onWork);
  const isIdle = deps.rules.length === 0 && deps.custom.length === 0;
  const text: TextRange = { bytes: new Uint8Array(0), from: 0, end: 0 };
  const found: Found = { start: 0, end: 0 };

  function open(bytes: Uint8Array, start: number, end: number): void {
    text.bytes = bytes;
    text.from = start;
    text.end = end;
  }

  /** The text with what the built-in rules find replaced; null for nothing. */
  function applyRules(bytes: Uint8Array, start: number, end: number): Buffer | null {
    const parts: Uint8Array[] = [];
    let kept = start;
    open(bytes, start, end);
    for (let rule = finder.next(text, start, found); rule >= 0; rule = finder.next(text, text.from, found)) {
      if (found.end <= found.start || found.start < kept) throw new Error('a rule found what is not there');
      text.from = found.end;
      deps.onWork();
      const value = Buffer.from(
        bytes.buffer,
        bytes.byteOffset + found.start,
        found.end - found.start,
      ).toString();
      if (deps.isAllowed(value)) continue;
      const { name } = deps.rules[rule]!;
      parts.push(bytes.subarray(kept, found.start), Buffer.from(deps.replace(name, value)));
      deps.onHit(name);
      kept = found.end;
    }
    if (parts.length === 0) return null;
    parts.push(bytes.subarray(kept, end));
    return Buffer.concat(parts);
  }

  function applyCustom(before: Buffer): Buffer | null {
    let after: string | null = null;
    for (const rule of deps.custom) {
      if (!rule.mayBeIn(before)) continue;
      const changed = rule.apply(after ?? before.toString());
      if (changed === null) continue;
      after = changed;
      deps.onHit(rule.name);
    }
    return after === null ? null : Buffer.from(after);
  }

  const redactor: TextRedactor = {
    scan: {
      sawHigh: false,
      isSpot(bytes, start, end) {
        redactor.scan.sawHigh = true;
        if (isIdle) return false;
        open(bytes, start, end);
        try {
          const isFound = finder.next(text, start, found) >= 0;
          redactor.scan.sawHigh = isFound || finder.sawHigh;
          return isFound || mayBeCustom(deps.custom, text);
        } catch {
          return true;
        }
      },
    },
    redact(bytes, start, end) {
      try {
        const applied = applyRules(bytes, start, end);
        if (deps.custom.length === 0) return applied;
        const before = applied ?? Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
        return applyCustom(before) ?? applied;
      } catch (error) {
        const rule = error instanceof TooCostlyError ? COSTLY_RULE : FAILED_RULE;
        deps.onHit(rule);
        return Buffer.from(markerOf(rule));
      }
    },
  };
  return redactor;
}

function mayBeCustom(custom: readonly CustomRule[], { bytes, from, end }: TextRange): boolean {
  if (custom.length === 0) return false;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from);
  return custom.some((rule) => rule.mayBeIn(view));
}
