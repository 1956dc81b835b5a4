import type { Found, Rule, TextRange } from '../rule.ts';
import {
  BASE64_EXTRA,
  byteAt,
  DOT,
  equalsAnyCaseAt,
  isRedactedAt,
  latin1,
  runEnd,
  runEndWithin,
  startsWord,
  tableOf,
  URL64,
} from './bytes.ts';

const CREDENTIAL = URL64 | DOT | BASE64_EXTRA;
const SAMPLE_BYTES = 128;
const SPACE = /^(?:%20|\+|\\u0020)/;
const DIGEST_PARAMETERS = /^(?:\w+=(?:\\*"[^"\\]{0,200}\\*"|[\w.+/=-]{1,200})(?:, ?)?)+/;
const DIGEST_MAX_BYTES = 300;

type Judge = (value: string) => boolean;

/** What the text after each scheme must look like to be a credential. */
const SCHEMES: readonly { word: string; looksRight: Judge }[] = [
  { word: 'bearer', looksRight: (value) => value.length >= 8 && isRandom(value) },
  { word: 'basic', looksRight: isNameAndPassword },
  { word: 'token', looksRight: (value) => value.length >= 20 && isRandom(value) },
  { word: 'apikey', looksRight: (value) => value.length >= 16 && isRandom(value) },
];

const CASE_BIT = 0x20;
const FIRSTS = tableOf(['digest', ...SCHEMES.map(({ word }) => word)].map((word) => word[0]).join(''));

function isRandom(value: string): boolean {
  if (/=[^=]/.test(value)) return false;
  if (/\d/.test(value) && /[A-Za-z]/.test(value))
    return !/^(?:v?\d+(?:\.\d+)+|sha\d+|oauth\d|https?)/i.test(value);
  if (value.length >= 16 && /^\d+$/.test(value)) return true;
  return value.length >= 16 && /[a-z][A-Z]+[a-z]/.test(value) && !/[-_.]/.test(value);
}

function isNameAndPassword(value: string): boolean {
  if (value.length < 6 || !/^[\w+/-]+={0,2}$/.test(value)) return false;
  return /^[\x20-\x7e\x80-\xff]*:[^\0]*$/.test(Buffer.from(value, 'base64').toString('latin1'));
}

function spaceAfter(text: TextRange, at: number): number {
  const byte = byteAt(text, at);
  if (byte === 0x20) return byteAt(text, at + 1) === 0x20 ? 2 : 1;
  return byte === 0x25 || byte === 0x2b || byte === 0x5c
    ? (SPACE.exec(latin1(text, at, at + 6))?.[0].length ?? 0)
    : 0;
}

function findDigest(text: TextRange, start: number, found: Found): boolean {
  const parameters = DIGEST_PARAMETERS.exec(latin1(text, start, start + DIGEST_MAX_BYTES))?.[0];
  if (!parameters || !/\b(?:username|response)=/.test(parameters)) return false;
  found.start = start;
  found.end = start + parameters.length;
  // A header longer than what was looked at goes to the end of its line.
  if (parameters.length >= DIGEST_MAX_BYTES - 1) {
    while (found.end < text.end && text.bytes[found.end]! >= 0x20) found.end++;
  }
  return true;
}

/** Whether a credential follows the scheme of HTTP authentication at `anchorAt`; fills `found` with it alone. */
export function findCredentialAfterScheme(text: TextRange, anchorAt: number, found: Found): boolean {
  const first = byteAt(text, anchorAt) | CASE_BIT;
  if (FIRSTS[first] === 0 || !startsWord(text, anchorAt)) return false;
  if (equalsAnyCaseAt(text, anchorAt, 'digest')) {
    const space = spaceAfter(text, anchorAt + 6);
    return space > 0 && findDigest(text, anchorAt + 6 + space, found);
  }
  for (const { word, looksRight } of SCHEMES) {
    if (!equalsAnyCaseAt(text, anchorAt, word)) continue;
    const space = spaceAfter(text, anchorAt + word.length);
    if (space === 0) return false;
    const start = anchorAt + word.length + space;
    if (isRedactedAt(text, start)) return false;
    const run = latin1(text, start, runEndWithin(text, start, { mask: CREDENTIAL, max: SAMPLE_BYTES }));
    const sample = run.replace(/\.+$/, '');
    if (!looksRight(sample) || isRedactedAt(text, start + run.length)) return false;
    found.start = start;
    found.end = start + sample.length;
    // What is longer than the sample is a credential to its end.
    if (run.length === SAMPLE_BYTES) found.end = runEnd(text, start, CREDENTIAL);
    while (byteAt(text, found.end - 1) === 0x2e) found.end--;
    return true;
  }
  return false;
}

/** Credentials of HTTP authentication; the scheme stays. */
export const bearerBasic: Rule = {
  name: 'bearer-basic',
  title: 'Credentials after Bearer, Basic, Token or Digest',
  anchors: ['bearer', 'basic', 'token', 'apikey', 'digest'].map((text) => ({ text, ignoreCase: true })),
  find: findCredentialAfterScheme,
};
