import type { Rule, TextRange } from '../rule.ts';
import { byteAt, contextBefore, DIGIT, endsWord, isAt, latin1, runEndWithin, WORD } from './bytes.ts';

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const GROUP = { mask: DIGIT, max: MAX_DIGITS + 1 };
const KEYWORD = /card|visa|master|amex|credit|debit|\bcc\b|\bpan\b|payment/;
const KEYWORD_WITHIN_BYTES = 40;

/** Issuers: first and last prefix, and the lengths of their numbers. */
const ISSUERS: readonly { from: string; to: string; lengths: readonly number[] }[] = [
  { from: '4', to: '4', lengths: [13, 16, 18, 19] },
  { from: '51', to: '55', lengths: [16] },
  { from: '2221', to: '2720', lengths: [16] },
  { from: '34', to: '34', lengths: [15] },
  { from: '37', to: '37', lengths: [15] },
  { from: '300', to: '305', lengths: [14, 16] },
  { from: '36', to: '36', lengths: [14, 16] },
  { from: '38', to: '39', lengths: [14, 16] },
  { from: '6011', to: '6011', lengths: [16, 17, 18, 19] },
  { from: '644', to: '649', lengths: [16, 17, 18, 19] },
  { from: '65', to: '65', lengths: [16, 17, 18, 19] },
  { from: '3528', to: '3589', lengths: [16, 17, 18, 19] },
  { from: '62', to: '62', lengths: [16, 17, 18, 19] },
  { from: '81', to: '81', lengths: [16, 17, 18, 19] },
  { from: '2200', to: '2204', lengths: [16] },
  { from: '50', to: '50', lengths: [13, 14, 15, 16, 17, 18, 19] },
  { from: '56', to: '58', lengths: [13, 14, 15, 16, 17, 18, 19] },
  { from: '63', to: '63', lengths: [13, 14, 15, 16, 17, 18, 19] },
  { from: '67', to: '67', lengths: [13, 14, 15, 16, 17, 18, 19] },
  { from: '60', to: '60', lengths: [16] },
];
/** Lengths that only cards have among the numbers that telemetry is full of. */
const SURE_LENGTHS = new Set([14, 15, 16]);
const GROUPS = /^(?:4,4,4,4(?:,[123])?|4,6,[45]|4,4,5|6,13|8,8|4,5,6)$/;

/** A beginning of the text that may be a card's number, with how its digits are grouped. */
interface Candidate {
  digits: string;
  groups: string;
  end: number;
}

/** What ends with a group of digits from `at` on: up to 19, with the same single space or dash between groups. */
function candidates(text: TextRange, at: number): Candidate[] {
  const results: Candidate[] = [];
  const groups: number[] = [];
  let digits = '';
  let separator = 0;
  for (let start = at; digits.length < MAX_DIGITS; ) {
    const end = runEndWithin(text, start, GROUP);
    if (end === start || digits.length + end - start > MAX_DIGITS) break;
    digits += latin1(text, start, end);
    groups.push(end - start);
    if (digits.length >= MIN_DIGITS) results.push({ digits, groups: groups.join(','), end });
    const byte = byteAt(text, end);
    if (!isSeparator(byte) || (separator !== 0 && byte !== separator)) break;
    separator = byte;
    start = end + 1;
  }
  return results.reverse();
}

/** Whether at least 13 digits begin at `at`, with single spaces or dashes between them; no more is looked at. */
function hasDigits(text: TextRange, at: number): boolean {
  let digits = 0;
  for (let next = at; digits < MIN_DIGITS; next++) {
    if (isAt(text, next, DIGIT)) digits++;
    else if (!isSeparator(byteAt(text, next)) || !isAt(text, next + 1, DIGIT)) return false;
  }
  return true;
}

function isSeparator(byte: number): boolean {
  return byte === 0x20 || byte === 0x2d;
}

function hasIssuer(digits: string): boolean {
  return ISSUERS.some(({ from, lengths, to }) => {
    const prefix = digits.slice(0, from.length);
    return prefix >= from && prefix <= to && lengths.includes(digits.length);
  });
}

/** Whether the last digit is the check digit of ISO/IEC 7812. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 0x30;
    const weighed = i % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Whether a number, a version or an identifier goes on before or after. */
function isPartOfMore(text: TextRange, start: number, end: number): boolean {
  if (isAt(text, start - 1, WORD)) return true;
  const before = byteAt(text, start - 1);
  if (before === 0x2e || (before === 0x2d && isAt(text, start - 2, WORD))) return true;
  if (!endsWord(text, end)) return true;
  const after = byteAt(text, end);
  return (after === 0x2d || after === 0x2e) && !endsWord(text, end + 1);
}

function isCard(text: TextRange, start: number, { digits, end, groups }: Candidate): boolean {
  if (!hasIssuer(digits) || !isLuhn(digits) || isPartOfMore(text, start, end)) return false;
  if (groups !== String(digits.length)) return GROUPS.test(groups);
  return SURE_LENGTHS.has(digits.length) || KEYWORD.test(contextBefore(text, start, KEYWORD_WITHIN_BYTES));
}

/** Payment card numbers. */
export const card: Rule = {
  name: 'card',
  title: 'Payment card numbers',
  anchors: ['table-digits'],
  find(text, anchorAt, found) {
    const first = byteAt(text, anchorAt);
    if (first < 0x32 || first > 0x38 || first === 0x37 || !hasDigits(text, anchorAt)) return false;
    for (const candidate of candidates(text, anchorAt)) {
      if (!isCard(text, anchorAt, candidate)) continue;
      found.start = anchorAt;
      found.end = candidate.end;
      return true;
    }
    return false;
  },
};
