import type { Rule, TextRange } from '../rule.ts';
import {
  ALNUM,
  byteAt,
  CLASSES,
  DASH,
  DIGIT,
  DOT,
  endsEscape,
  endsWord,
  equalsAt,
  isAt,
  LETTER,
  latin1,
  runEndWithin,
  WORD,
} from './bytes.ts';

const LOCAL_MAX_BYTES = 64;
const DOMAIN_RUN = { mask: WORD | DASH | DOT, max: 254 };
/** Without those that rather part an address from what stands before it: `&`, `=`, `?`, braces. */
const LOCAL_MARKS = new Set(Buffer.from(".!#$%'*+^_~-"));
/** Marks of a name that are rather what stands around it. */
const EDGES = new Set(Buffer.from(".!#$%'*+^~-"));
/** Characters that no name holds, written with a percent sign. */
const ENCODED_ENDS = /^%(?:20|22|26|27|2[cCfF]|3[a-fA-F])/;
const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}(?:[a-z]{2,24}|xn--[a-z\d-]{2,30})(?![\w])/i;
/** The same with letters beyond ASCII, of which each byte is a character here. */
const WIDE_DOMAIN =
  /^(?:[a-z\d\x80-\xff](?:[a-z\d\x80-\xff-]{0,61}[a-z\d\x80-\xff])?\.){1,8}(?:[a-z\x80-\xff]{2,48}|xn--[a-z\d-]{2,30})(?![\w\x80-\xff])/i;
/** `logo@2x.png`, `user@1000.service`, `pkg@1.2.3-rc.beta`. */
const NO_DOMAIN =
  /^(?:\dx\.|\d+\.\d)|\.(?:png|jpe?g|gif|svg|webp|avif|js|mjs|cjs|ts|tsx|jsx|css|json|html?|service|socket|timer|mount|target|slice|scope|git|tgz|zip|ya?ml|local|localdomain|internal|lan)$/i;
const REMOTE_USERS = new Set(['git', 'hg', 'svn']);

function isLocalByte(text: TextRange, at: number): boolean {
  const byte = text.bytes[at]!;
  return (CLASSES[byte]! & (ALNUM | DASH)) !== 0 || LOCAL_MARKS.has(byte);
}

/** Whether letters of three bytes begin with `lead`; punctuation and symbols (e2), CJK marks and wide forms are none. */
function isWideLead(lead: number, next: number): boolean {
  return lead >= 0xe0 && lead <= 0xed && lead !== 0xe2 && !(lead === 0xe3 && next === 0x80);
}

/** Length of the letter beyond ASCII (`ü` in `jürgen`) that ends before `at`, or 0; `max` 2 leaves out Chinese. */
function wideLetterBefore(text: TextRange, at: number, max: number): number {
  if ((byteAt(text, at - 1) & 0xc0) !== 0x80) return 0;
  const lead = byteAt(text, at - 2);
  if (lead >= 0xc3 && lead <= 0xdf) return 2;
  return max > 2 && (lead & 0xc0) === 0x80 && isWideLead(byteAt(text, at - 3), lead) ? 3 : 0;
}

/** Length of the letter beyond ASCII at `at`, or 0. */
function wideLetterAt(text: TextRange, at: number): number {
  const lead = byteAt(text, at);
  const next = byteAt(text, at + 1);
  if ((next & 0xc0) !== 0x80) return 0;
  if (lead >= 0xc3 && lead <= 0xdf) return 2;
  return isWideLead(lead, next) && (byteAt(text, at + 2) & 0xc0) === 0x80 ? 3 : 0;
}

/** Where the name before `at` starts, or -1 when it is empty or too long. */
function localStart(text: TextRange, at: number): number {
  let start = at;
  // Chinese stands right before a name in Latin letters, so only a name that ends in it has it.
  const maxLetter = byteAt(text, at - 1) > 0x7f ? 3 : 2;
  while (start > text.from) {
    if (at - start > LOCAL_MAX_BYTES) break;
    if (isLocalByte(text, start - 1)) {
      if (ENCODED_ENDS.test(latin1(text, start - 1, start + 2))) {
        start += 2;
        break;
      }
      start--;
      continue;
    }
    const wide = wideLetterBefore(text, start, maxLetter);
    if (wide === 0) break;
    start -= wide;
  }
  if (at - start > LOCAL_MAX_BYTES) return -1;
  start = Math.min(at, afterEscape(text, start));
  while (start < at && EDGES.has(text.bytes[start]!)) start++;
  return start < at && byteAt(text, at - 1) !== 0x2e ? start : -1;
}

/** The place after the rest of an escape whose backslash stands before `start`. */
function afterEscape(text: TextRange, start: number): number {
  if (byteAt(text, start - 1) !== 0x5c) return start;
  const length = byteAt(text, start) === 0x75 ? 5 : 1;
  return endsEscape(text, start + length) ? start + length : start;
}

/** Where the run that may be a domain with letters beyond ASCII ends. */
function wideRunEnd(text: TextRange, start: number): number {
  let end = start;
  while (end - start < DOMAIN_RUN.max) {
    const length = isAt(text, end, DOMAIN_RUN.mask) ? 1 : wideLetterAt(text, end);
    if (length === 0) break;
    end += length;
  }
  return end;
}

function domainEnd(text: TextRange, start: number): number {
  const end = runEndWithin(text, start, DOMAIN_RUN);
  let domain = DOMAIN.exec(latin1(text, start, end))?.[0];
  const letter = wideLetterAt(text, end);
  // Letters of two bytes belong to the word; Chinese may follow an address without a space.
  if (letter === 2 || (letter > 0 && !domain)) {
    domain = WIDE_DOMAIN.exec(latin1(text, start, wideRunEnd(text, start)))?.[0] ?? domain;
  }
  if (!domain || NO_DOMAIN.test(domain) || !endsWord(text, start + domain.length)) return -1;
  return start + domain.length;
}

/** `git@host:path` and `ssh://git@host` name a place; so does the user in any `scheme://user@host`. */
function isRemote(text: TextRange, start: number, at: number): boolean {
  return (
    REMOTE_USERS.has(latin1(text, start, Math.min(at, start + 4))) ||
    (byteAt(text, start - 1) === 0x2f && equalsAt(text, start - 3, '://'))
  );
}

/** E-mail addresses, also percent-encoded. */
export const email: Rule = {
  name: 'email',
  title: 'E-mail addresses',
  anchors: [{ text: '@' }, { text: '%40' }],
  find(text, anchorAt, found) {
    const sign = byteAt(text, anchorAt) === 0x40 ? 1 : 3;
    if (!isAt(text, anchorAt + sign, LETTER | DIGIT) && wideLetterAt(text, anchorAt + sign) === 0)
      return false;
    if (!isLocalByte(text, anchorAt - 1) && byteAt(text, anchorAt - 1) <= 0x7f) return false;
    const end = domainEnd(text, anchorAt + sign);
    if (end < 0) return false;
    const start = localStart(text, anchorAt);
    if (start < 0 || isRemote(text, start, anchorAt)) return false;
    found.start = start;
    found.end = end;
    return true;
  },
};
