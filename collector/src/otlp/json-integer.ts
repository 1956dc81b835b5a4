/** An integer of any sign with a magnitude of 64 bits, in unsigned halves. */
export interface Integer {
  isNegative: boolean;
  lo: number;
  hi: number;
}

const TWO_32 = 0x1_0000_0000;
const MAX_UINT64 = 0xffff_ffff_ffff_ffffn;
/** Decimal digits of the largest 64-bit integer. */
const MAX_DIGITS = 20;

/**
 * Reads the number `bytes[start, end)`, which has the form of a JSON number, without rounding: also `1e3` and
 * `5.0` are integers. False when it is none or its magnitude needs more than 64 bits.
 */
export function parseInteger(value: Integer, bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  value.isNegative = bytes[at] === 0x2d;
  if (value.isNegative) at++;
  // Up to 15 digits a double is exact; the rest, at most 5 that matter, is carried by hand.
  let low = 0;
  for (const stop = Math.min(end, at + 15); at < stop; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return parseUnusual(value, bytes, { start, end });
    low = low * 10 + digit;
  }
  let hi = Math.floor(low / TWO_32);
  low -= hi * TWO_32;
  for (; at < end; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return parseUnusual(value, bytes, { start, end });
    low = low * 10 + digit;
    const carry = Math.floor(low / TWO_32);
    low -= carry * TWO_32;
    hi = hi * 10 + carry;
    if (hi >= TWO_32) return parseUnusual(value, bytes, { start, end });
  }
  value.lo = low;
  value.hi = hi;
  return true;
}

/** Numbers with a fraction or an exponent: rare, so done with text and BigInt. */
function parseUnusual(value: Integer, bytes: Uint8Array, range: { start: number; end: number }): boolean {
  const text = Buffer.from(bytes.subarray(range.start, range.end)).toString('latin1');
  const [mantissa = '', exponentText = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const exponent = Number(exponentText) - fraction.length;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.slice(0, lastNonZero(digits) + 1);
  const shift = exponent + digits.length - significant.length;
  value.lo = 0;
  value.hi = 0;
  if (significant === '') return true;
  if (shift < 0 || significant.length + shift > MAX_DIGITS) return false;
  const magnitude = BigInt(significant + '0'.repeat(shift));
  if (magnitude > MAX_UINT64) return false;
  value.lo = Number(magnitude & 0xffff_ffffn);
  value.hi = Number(magnitude >> 32n);
  return true;
}

function lastNonZero(digits: string): number {
  let at = digits.length - 1;
  while (at >= 0 && digits[at] === '0') at--;
  return at;
}

/** Turns sign and magnitude into two's complement halves. */
export function negate(value: Integer): void {
  if (!value.isNegative) return;
  const lo = (~value.lo + 1) >>> 0;
  value.hi = (~value.hi + (lo === 0 ? 1 : 0)) >>> 0;
  value.lo = lo;
}
