import type { Anchor, Found, Rule, TextRange } from '../rule.ts';
import {
  CLASSES,
  DASH,
  DIGIT,
  endsWord,
  equalsAt,
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

export interface TokenFamily {
  name: string;
  title: string;
  prefixed: readonly PrefixedToken[];
  infixed?: readonly InfixedToken[];
}

const SHAPE_MAX_CHARACTERS = 300;
const VARIETY_SAMPLE = 64;
const MIN_DIFFERENT_BYTES = 5;

/** One rule for a family of tokens. */
export function createTokenRule({ name, title, prefixed, infixed = [] }: TokenFamily): Rule {
  const byFirst: PrefixedToken[][] = Array.from({ length: 256 }, () => []);
  // The longest prefix speaks first: `sk-ant-` is not an OpenAI key.
  const longestFirst = [...prefixed].sort((left, right) => right.prefix.length - left.prefix.length);
  for (const token of longestFirst) byFirst[token.prefix.charCodeAt(0)]!.push(token);
  return {
    name,
    title,
    anchors: anchorsOf([...prefixed.map(({ prefix }) => prefix), ...infixed.map(({ infix }) => infix)]),
    find(text, anchorAt, found) {
      for (const token of byFirst[text.bytes[anchorAt]!]!) {
        if (findPrefixed(token, { text, at: anchorAt }, found)) return true;
      }
      for (const token of infixed) {
        if (findInfixed(token, { text, at: anchorAt }, found)) return true;
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
  if (!equalsAt(text, at, token.prefix) || !startsWord(text, at)) return false;
  const start = at + token.prefix.length;
  const max = token.max === undefined ? Math.max(token.min, SHAPE_MAX_CHARACTERS) : token.max + 1;
  const run = { mask: token.alphabet, max };
  const seen = withoutDots(text, start, runEndWithin(text, start, run));
  const length = seen - start;
  if (length < token.min || (token.max !== undefined && length > token.max)) return false;
  if (!isVaried(text, start, { mask: token.alphabet, max: length })) return false;
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

/** A dot after a token ends the sentence. */
function withoutDots(text: TextRange, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && text.bytes[trimmed - 1] === 0x2e) trimmed--;
  return trimmed;
}

/** Not `xxxxxxxx`, nor words joined by dashes such as `your-key-here`. */
function isVaried(text: TextRange, start: number, run: Run): boolean {
  const sampleEnd = start + Math.min(run.max, VARIETY_SAMPLE);
  const joinsWords = (run.mask & (DASH | UNDERSCORE)) !== 0;
  let different = 0;
  let digits = 0;
  for (let at = start; at < sampleEnd; at++) {
    const byte = text.bytes[at]!;
    if ((CLASSES[byte]! & DIGIT) !== 0) digits++;
    let earlier = start;
    while (earlier < at && text.bytes[earlier] !== byte) earlier++;
    if (earlier === at) different++;
  }
  return different >= MIN_DIFFERENT_BYTES && (!joinsWords || digits > 0);
}
