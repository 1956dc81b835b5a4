import type { Found, Rule, TextRange } from '../rule.ts';
import {
  byteAt,
  DIGIT,
  DOT,
  endsWord,
  HEX,
  latin1,
  runEndWithin,
  runStartWithin,
  startsWord,
} from './bytes.ts';

const V4 = { mask: DIGIT | DOT, max: 16 };
const HEX_GROUP = { mask: HEX, max: 5 };
const V6_MAX_BYTES = 46;
const V4_FORM = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

function isV6(address: string): boolean {
  return address.length >= 6 && URL.canParse(`http://[${address}]/`);
}

function findV4(text: TextRange, anchorAt: number, found: Found): boolean {
  const start = runStartWithin(text, anchorAt, V4);
  const seen = runEndWithin(text, anchorAt, V4);
  const end = byteAt(text, seen - 1) === 0x2e ? seen - 1 : seen;
  if (!startsWord(text, start) || !endsWord(text, end) || byteAt(text, start - 1) === 0x2d) return false;
  if (!V4_FORM.test(latin1(text, start, end))) return false;
  found.start = start;
  found.end = end;
  return true;
}

function findV6(text: TextRange, anchorAt: number, found: Found): boolean {
  const start = runStartWithin(text, anchorAt, HEX_GROUP);
  if (!startsWord(text, start) || byteAt(text, start - 1) === 0x3a) return false;
  const candidate = latin1(text, start, start + V6_MAX_BYTES).match(
    /^[\da-f:]*:\d{1,3}(?:\.\d{1,3}){3}|^[\da-f:]*/i,
  )![0];
  const address = candidate.replace(/([^:]):$/, '$1');
  const end = start + address.length;
  if (!isV6(address) || !endsWord(text, end)) return false;
  if (byteAt(text, end) === 0x3a && !endsWord(text, end + 1)) return false;
  found.start = start;
  found.end = end;
  return true;
}

/** IPv4 and IPv6 addresses. */
export const ip: Rule = {
  name: 'ip',
  title: 'IP addresses',
  anchors: [{ text: '.' }, { text: ':' }],
  find(text, anchorAt, found) {
    return byteAt(text, anchorAt) === 0x2e ? findV4(text, anchorAt, found) : findV6(text, anchorAt, found);
  },
};
