import type { Found, Rule, TextRange } from '../rule.ts';
import { BASE64, byteAt, equalsAt, isAt, latin1, runEnd } from './bytes.ts';

const BEGIN = '-----BEGIN';
const END = '-----END';
const LABEL =
  /^-----(?:BEGIN|END)(?: |%20|\+)(?:[A-Z0-9]+(?: |%20|\+)){0,3}PRIVATE(?: |%20|\+)KEY(?:(?: |%20|\+)BLOCK)?-----/;
const LABEL_MAX_BYTES = 80;
/** Of the key that stands before an end line whose beginning was cut off. */
const HEADLESS_MAX_BYTES = 16_384;
const MIN_LINE_BYTES = 16;
const MIN_HEADLESS_BYTES = 32;
const BASE64_BEGIN = 'LS0tLS1CRUdJTi';
const BASE64_SAMPLE_BYTES = 88;
const BACKSLASH = 0x5c;

function labelLength(text: TextRange, at: number): number {
  return LABEL.exec(latin1(text, at, at + LABEL_MAX_BYTES))?.[0].length ?? 0;
}

function findBlock(text: TextRange, anchorAt: number, found: Found): boolean {
  const begin = labelLength(text, anchorAt);
  if (begin === 0) return false;
  found.start = anchorAt;
  // Without an end line the key was cut off, and all the rest may be key.
  found.end = text.end;
  for (let at = anchorAt + begin; at < text.end; at++) {
    if (text.bytes[at] !== 0x2d || !equalsAt(text, at, END)) continue;
    const end = labelLength(text, at);
    if (end === 0) continue;
    found.end = at + end;
    break;
  }
  return true;
}

/** Where the base64 before `end` starts: the letter of a `\n` before it is none. */
function lineStart(text: TextRange, end: number, limit: number): number {
  let start = end;
  while (start > limit && isAt(text, start - 1, BASE64)) start--;
  return byteAt(text, start - 1) === BACKSLASH ? start + 1 : start;
}

/** Before the ends of lines that end at `end`, written as they are or as escapes. */
function beforeLineEnd(text: TextRange, end: number, limit: number): number {
  let at = end;
  while (at > limit) {
    const byte = byteAt(text, at - 1);
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === BACKSLASH) at--;
    else if ((byte === 0x6e || byte === 0x72) && byteAt(text, at - 2) === BACKSLASH) at -= 2;
    else break;
  }
  return at;
}

/** The rest of a key whose first lines were cut off, up to its end line. */
function findHeadless(text: TextRange, anchorAt: number, found: Found): boolean {
  // Right behind another end there is no key.
  if (byteAt(text, anchorAt - 1) === 0x2d) return false;
  const label = labelLength(text, anchorAt);
  if (label === 0) return false;
  const limit = Math.max(text.from, anchorAt - HEADLESS_MAX_BYTES);
  let start = anchorAt;
  for (let isLast = true; ; isLast = false) {
    const end = beforeLineEnd(text, start, limit);
    const line = lineStart(text, end, limit);
    if (end <= line || (!isLast && end - line < MIN_LINE_BYTES)) break;
    start = line;
  }
  if (anchorAt - start < MIN_HEADLESS_BYTES) return false;
  found.start = start;
  found.end = anchorAt + label;
  return true;
}

/** A key file in base64 once more, as in Kubernetes secrets. */
function findEncoded(text: TextRange, anchorAt: number, found: Found): boolean {
  const sample = latin1(text, anchorAt, anchorAt + BASE64_SAMPLE_BYTES);
  if (!Buffer.from(sample, 'base64').toString('latin1').includes('PRIVATE KEY')) return false;
  found.start = anchorAt;
  found.end = runEnd(text, anchorAt, BASE64);
  return true;
}

/** Private keys; certificates and public keys are no secret. */
export const pem: Rule = {
  name: 'pem',
  title: 'Private keys (PEM, OpenSSH, PGP)',
  anchors: [{ text: BEGIN }, { text: END }, { text: BASE64_BEGIN }],
  find(text, anchorAt, found) {
    if (equalsAt(text, anchorAt, BEGIN)) return findBlock(text, anchorAt, found);
    if (equalsAt(text, anchorAt, END)) return findHeadless(text, anchorAt, found);
    return findEncoded(text, anchorAt, found);
  },
};
