import type { Found, Rule, TextRange } from '../rule.ts';
import { byteAt, contextBefore, DIGIT, endsWord, isAt, latin1, startsWord, WORD } from './bytes.ts';

const MAX_BYTES = 32;
const KEYWORD_WITHIN_BYTES = 30;
const KEYWORD_MIN_BYTES = 4;
/** Calling codes; after those of one or two digits no longer one begins. */
const COUNTRY =
  /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-69]\d|3[578]\d|42\d|50\d|59\d|6[789]\d|8[05789]\d|9[679]\d)/;
const NORTH_AMERICAN = /^(?:1[-. ]{1,2})?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}-)[2-9]\d{2}[-. ]\d{4}(?![\w])/;
const NUMBER = /^\(?\d+\)?(?:(?:[-./ ]|%20|\) | \(| - )?\(?\d+\)?)*/;
/** With only a few words between it and the number. */
const KEYWORD =
  /(?:phone|mobile|\btel|telefon|\bcell|\bcall|\bfax|\bsms|whatsapp|msisdn|portable|\bhandy|rufnummer|tel.{1,2}fono|m.{1,2}vil\b)[a-z_]{0,12}[^\d\n;{}|]{0,18}$/;
const JOINTS = new Set(Buffer.from('-. '));
const DATE =
  /^(?:19|20)\d\d[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])|^\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d\b/;
const QUADS = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function digitsOf(number: string): string {
  return number.replace(/%20|\D/g, '');
}

/** The number that begins at `start`, as long as digits and single separators go on. */
function readNumber(text: TextRange, start: number): string {
  return NUMBER.exec(latin1(text, start, start + MAX_BYTES))?.[0] ?? '';
}

/** Beginnings of `number` that end with a group of digits, the longest first. */
function beginnings(number: string): string[] {
  return [...number.matchAll(/\d+/g)]
    .map((group) => number.slice(0, group.index + group[0].length))
    .reverse();
}

function isInternational(number: string): boolean {
  const digits = digitsOf(number);
  const code = COUNTRY.exec(digits)?.[0];
  if (!code || digits.length < 8 || digits.length > 15) return false;
  if (code === '1') return /^1[2-9]\d{2}[2-9]\d{6}$/.test(digits);
  return digits.length >= 9 || /\D/.test(number);
}

function isPlain(number: string): boolean {
  const { length } = digitsOf(number);
  if (length < 7 || length > 15) return false;
  return !/^1\d{9}$|^1\d{12}$|^1\d{15}/.test(number) && !DATE.test(number) && !QUADS.test(number);
}

/** `(201) ...`, `201-...`, `1 (201) ...` */
function mayBeAmerican(number: string): boolean {
  return number[0] === '(' || number[3] === '-' || (number[0] === '1' && JOINTS.has(number.charCodeAt(1)));
}

/** A number without a country: in the North American form, or any other beside a word for telephones. */
function nationalNumber(text: TextRange, start: number, number: string): string | undefined {
  const american = mayBeAmerican(number) ? NORTH_AMERICAN.exec(number)?.[0] : undefined;
  if (american) return american;
  if (start - text.from < KEYWORD_MIN_BYTES || isAt(text, start - 2, DIGIT)) return undefined;
  if (!KEYWORD.test(contextBefore(text, start, KEYWORD_WITHIN_BYTES))) return undefined;
  return beginnings(number).find(isPlain);
}

interface Opening {
  start: number;
  isInternational: boolean;
}

/** Bytes of the plus sign before `at`, which may be escaped; 0 without one. */
function signBefore(text: TextRange, at: number): number {
  const byte = byteAt(text, at - 1);
  if (byte === 0x2b) return 1;
  return (byte | 0x20) === 0x62 && latin1(text, at - 3, at - 1) === '%2' ? 3 : 0;
}

function before(text: TextRange, start: number): Opening | null {
  const sign = signBefore(text, start);
  if (sign === 0) return null;
  const at = start - sign;
  return isAt(text, at - 1, WORD) && !startsWord(text, at) ? null : { start: at, isInternational: true };
}

/** Where the number may begin that the digits at `at` belong to: `+1 (` and `1-` stand before longer runs. */
function opening(text: TextRange, at: number): Opening | null {
  let start = byteAt(text, at - 1) === 0x28 ? at - 1 : at;
  const code =
    JOINTS.has(byteAt(text, start - 1)) &&
    /(?:^|[^\w.,-])(?:\+|%2B|00)?([17])[-. ]$/i.exec(latin1(text, start - 6, start));
  if (code) {
    const digit = start - 2;
    const plus = before(text, digit);
    if (plus) return plus;
    if (startsWord(text, digit)) start = digit;
  }
  const international = before(text, start);
  if (international) return international;
  return startsWord(text, start) && !/[.#]$|\d:$|\w[-_]$/.test(latin1(text, start - 2, start))
    ? { start, isInternational: false }
    : null;
}

function find(text: TextRange, anchorAt: number, found: Found): boolean {
  const place = opening(text, anchorAt);
  if (!place) return false;
  let numberStart = place.start;
  if (place.isInternational) numberStart += byteAt(text, place.start) === 0x2b ? 1 : 3;
  const seen = readNumber(text, numberStart);
  const number = place.isInternational
    ? beginnings(seen).find(isInternational)
    : nationalNumber(text, place.start, seen);
  if (!number) return false;
  const end = numberStart + number.length;
  if (
    end <= anchorAt ||
    !endsWord(text, end) ||
    /^[-.:/](?:\d|\[redacted:)/.test(latin1(text, end, end + 12))
  )
    return false;
  found.start = place.start;
  found.end = end;
  return true;
}

/** Telephone numbers. */
export const phone: Rule = { name: 'phone', title: 'Telephone numbers', anchors: ['digits'], find };
