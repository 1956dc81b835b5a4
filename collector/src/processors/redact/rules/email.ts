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
/** `logo@2x.png`, `user@1000.service`, `pkg@1.2.3-rc.beta`. */
const NO_DOMAIN =
  /^(?:\dx\.|\d+\.\d)|\.(?:png|jpe?g|gif|svg|webp|avif|js|mjs|cjs|ts|tsx|jsx|css|json|html?|service|socket|timer|mount|target|slice|scope|git|tgz|zip|ya?ml|local)$/i;
const REMOTE_USERS = new Set(['git', 'hg', 'svn']);

function isLocalByte(text: TextRange, at: number): boolean {
  const byte = text.bytes[at]!;
  return (CLASSES[byte]! & (ALNUM | DASH)) !== 0 || LOCAL_MARKS.has(byte);
}

/** Length of the letter of two bytes (as in `jürgen`) that ends before `at`, or 0. */
function wideLetterBefore(text: TextRange, at: number): number {
  const lead = byteAt(text, at - 2);
  return lead >= 0xc3 && lead <= 0xdf && (byteAt(text, at - 1) & 0xc0) === 0x80 ? 2 : 0;
}

/** Where the name before `at` starts, or -1 when it is empty or too long. */
function localStart(text: TextRange, at: number): number {
  let start = at;
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
    const wide = wideLetterBefore(text, start);
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

function domainEnd(text: TextRange, start: number): number {
  const end = runEndWithin(text, start, DOMAIN_RUN);
  const domain = DOMAIN.exec(latin1(text, start, end))?.[0];
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
    if (!isAt(text, anchorAt + sign, LETTER | DIGIT)) return false;
    const end = domainEnd(text, anchorAt + sign);
    if (end < 0) return false;
    const start = localStart(text, anchorAt);
    if (start < 0 || isRemote(text, start, anchorAt)) return false;
    found.start = start;
    found.end = end;
    return true;
  },
};
