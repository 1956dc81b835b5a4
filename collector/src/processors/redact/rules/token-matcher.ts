import type { Anchor, Found, Rule, TextRange } from '../rule.ts';
import {
  CLASSES,
  DASH,
  DIGIT,
  endsWord,
  equalsAnyCaseAt,
  equalsAt,
  isAt,
  latin1,
  type Run,
  runEnd,
  runEndWithin,
  runStartWithin,
  startsWord,
  UNDERSCORE,
} from './bytes.ts';

/** A token known by how it begins. */
export interface PrefixedToken {
  prefix: string;
  /** Classes of the bytes after the prefix. */
  alphabet: number;
  min: number;
  /** A longer run is something else. Without it the token goes on to the end of the run. */
  max?: number;
  /** Checked on what follows the prefix, of which no more than 300 characters are seen. */
  shape?: RegExp;
  /** The prefix stays: it is an address or a name, not a part of the secret. */
  keepsPrefix?: boolean;
}

/** A token known by a piece inside it. */
export interface InfixedToken {
  infix: string;
  before: Run & { min: number };
  after: Run & { min: number };
}

/** A token that opens with a number. */
export interface NumberedToken {
  digits: { min: number; max: number };
  /** What follows the number. */
  infix: string;
  after: Run & { min: number };
  /** What stands before the number and belongs to the token; of no more than 24 characters. */
  lead?: RegExp;
}

/** A token of a common form, known by a word before it. */
export interface WordedToken {
  /** In lower case. */
  word: string;
  /** Matched from the word on over no more than 160 characters; `token` is what goes. */
  shape: RegExp;
}

export interface TokenFamily {
  name: string;
  title: string;
  prefixed: readonly PrefixedToken[];
  infixed?: readonly InfixedToken[];
  numbered?: readonly NumberedToken[];
  worded?: readonly WordedToken[];
}

const SHAPE_MAX_CHARACTERS = 300;
const VARIETY_SAMPLE = 64;
const MIN_DIFFERENT_BYTES = 5;
const LEAD_MAX_BYTES = 24;
const WORDED_MAX_BYTES = 160;

/** One rule for a family of tokens. */
export function createTokenRule({
  name,
  title,
  prefixed,
  infixed = [],
  numbered = [],
  worded = [],
}: TokenFamily): Rule {
  const byFirst: PrefixedToken[][] = Array.from({ length: 256 }, () => []);
  // The longest prefix speaks first: `sk-ant-` is not an OpenAI key.
  const longestFirst = [...prefixed].sort((left, right) => right.prefix.length - left.prefix.length);
  for (const token of longestFirst) byFirst[token.prefix.charCodeAt(0)]!.push(token);
  return {
    name,
    title,
    anchors: [
      ...anchorsOf([...prefixed.map(({ prefix }) => prefix), ...infixed.map(({ infix }) => infix)]),
      ...worded.map(({ word }) => ({ text: word, ignoreCase: true, startsWord: true })),
      ...(numbered.length > 0 ? (['digits'] as const) : []),
    ],
    find(text, anchorAt, found) {
      if (numbered.length > 0 && isAt(text, anchorAt, DIGIT)) {
        if (findNumbered(numbered, { text, at: anchorAt }, found)) return true;
      }
      const candidates = byFirst[text.bytes[anchorAt]!]!;
      if (candidates.length > 0 && startsWord(text, anchorAt)) {
        for (const token of candidates) {
          if (findPrefixed(token, { text, at: anchorAt }, found)) return true;
        }
      }
      for (const token of infixed) {
        if (findInfixed(token, { text, at: anchorAt }, found)) return true;
      }
      for (const token of worded) {
        if (findWorded(token, { text, at: anchorAt }, found)) return true;
      }
      return false;
    },
  };
}

function anchorsOf(texts: string[]): Anchor[] {
  const shortest = texts.filter((text) => !texts.some((other) => other !== text && text.startsWith(other)));
  return [...new Set(shortest)].map((text) => ({ text }));
}

interface Place {
  text: TextRange;
  at: number;
}

function findPrefixed(token: PrefixedToken, { text, at }: Place, found: Found): boolean {
  if (!equalsAt(text, at, token.prefix)) return false;
  const start = at + token.prefix.length;
  const least = Math.min(token.min, VARIETY_SAMPLE);
  if (runEndWithin(text, start, { mask: token.alphabet, max: least }) - start < least) return false;
  const sample = Math.min(token.max ?? VARIETY_SAMPLE, VARIETY_SAMPLE);
  if (!isVaried(text, start, { mask: token.alphabet, max: sample })) return false;
  const max = token.max === undefined ? Math.max(token.min, SHAPE_MAX_CHARACTERS) : token.max + 1;
  const run = { mask: token.alphabet, max };
  const seen = withoutDots(text, start, runEndWithin(text, start, run));
  const length = seen - start;
  if (length < token.min || (token.max !== undefined && length > token.max)) return false;
  if (token.shape && !token.shape.test(latin1(text, start, Math.min(seen, start + SHAPE_MAX_CHARACTERS)))) {
    return false;
  }
  const end = length < max ? seen : withoutDots(text, start, runEnd(text, seen, token.alphabet));
  if (length < max && !endsWord(text, end)) return false;
  found.start = token.keepsPrefix ? start : at;
  found.end = end;
  return true;
}

function findInfixed({ infix, before, after }: InfixedToken, { text, at }: Place, found: Found): boolean {
  if (!equalsAt(text, at, infix)) return false;
  const start = runStartWithin(text, at, before);
  if (at - start < before.min || !startsWord(text, start)) return false;
  const rest = at + infix.length;
  const end = runEndWithin(text, rest, after);
  if (end - rest < after.min || !endsWord(text, end)) return false;
  found.start = start;
  found.end = end;
  return true;
}

function findWorded({ shape, word }: WordedToken, { text, at }: Place, found: Found): boolean {
  if (!equalsAnyCaseAt(text, at, word)) return false;
  const match = shape.exec(latin1(text, at, at + WORDED_MAX_BYTES));
  if (!match) return false;
  const token = match.groups!.token!;
  found.end = at + match[0].length;
  found.start = found.end - token.length;
  return endsWord(text, found.end);
}

function findNumbered(tokens: readonly NumberedToken[], { text, at }: Place, found: Found): boolean {
  const longest = Math.max(...tokens.map(({ digits }) => digits.max));
  const digitsEnd = runEndWithin(text, at, { mask: DIGIT, max: longest + 1 });
  for (const { after, digits, infix, lead } of tokens) {
    const count = digitsEnd - at;
    if (count < digits.min || count > digits.max || !equalsAt(text, digitsEnd, infix)) continue;
    const rest = digitsEnd + infix.length;
    const end = runEndWithin(text, rest, after);
    if (end - rest < after.min || !endsWord(text, end)) continue;
    const before = lead ? lead.exec(latin1(text, at - LEAD_MAX_BYTES, at)) : null;
    if (lead && !before) continue;
    found.start = at - (before?.[0].length ?? 0);
    found.end = end;
    return true;
  }
  return false;
}

/** A dot after a token ends the sentence. */
function withoutDots(text: TextRange, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && text.bytes[trimmed - 1] === 0x2e) trimmed--;
  return trimmed;
}

/** Not `xxxxxxxx`, nor words joined by dashes such as `your-key-here`. */
function isVaried(text: TextRange, start: number, run: Run): boolean {
  let needsDigit = (run.mask & (DASH | UNDERSCORE)) !== 0;
  let different = 0;
  const sampleEnd = Math.min(text.end, start + run.max);
  for (let at = start; at < sampleEnd; at++) {
    const byte = text.bytes[at]!;
    if ((CLASSES[byte]! & run.mask) === 0) break;
    if ((CLASSES[byte]! & DIGIT) !== 0) needsDigit = false;
    if (different < MIN_DIFFERENT_BYTES) {
      let earlier = start;
      while (earlier < at && text.bytes[earlier] !== byte) earlier++;
      if (earlier === at) different++;
    }
    if (different >= MIN_DIFFERENT_BYTES && !needsDigit) return true;
  }
  return false;
}
