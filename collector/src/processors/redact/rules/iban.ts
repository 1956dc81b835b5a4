import type { Rule, TextRange } from '../rule.ts';
import { ALNUM, byteAt, DIGIT, endsWord, isAt, LETTER, latin1, startsWord } from './bytes.ts';

/** Form of the account part by country (ISO 13616): `n` digits, `a` capital letters, `c` either, with their counts. */
const FORMS: Readonly<Record<string, string>> = {
  AD: 'n8c12',
  AE: 'n19',
  AL: 'n8c16',
  AT: 'n16',
  AZ: 'a4c20',
  BA: 'n16',
  BE: 'n12',
  BG: 'a4n6c8',
  BH: 'a4c14',
  BI: 'n23',
  BR: 'n23a1c1',
  BY: 'c4n4c16',
  CH: 'n5c12',
  CR: 'n18',
  CY: 'n8c16',
  CZ: 'n20',
  DE: 'n18',
  DJ: 'n23',
  DK: 'n14',
  DO: 'c4n20',
  EE: 'n16',
  EG: 'n25',
  ES: 'n20',
  FI: 'n14',
  FK: 'a2n12',
  FO: 'n14',
  FR: 'n10c11n2',
  GB: 'a4n14',
  GE: 'a2n16',
  GI: 'a4c15',
  GL: 'n14',
  GR: 'n7c16',
  GT: 'c20',
  HR: 'n17',
  HU: 'n24',
  IE: 'a4n14',
  IL: 'n19',
  IQ: 'a4n15',
  IS: 'n22',
  IT: 'a1n10c12',
  JO: 'a4n4c18',
  KW: 'a4c22',
  KZ: 'n3c13',
  LB: 'n4c20',
  LC: 'a4c24',
  LI: 'n5c12',
  LT: 'n16',
  LU: 'n3c13',
  LV: 'a4c13',
  LY: 'n21',
  MC: 'n10c11n2',
  MD: 'c20',
  ME: 'n18',
  MK: 'n3c10n2',
  MN: 'n16',
  MR: 'n23',
  MT: 'a4n5c18',
  MU: 'a4n19a3',
  NI: 'a4n20',
  NL: 'a4n10',
  NO: 'n11',
  OM: 'n3c16',
  PK: 'a4c16',
  PL: 'n24',
  PS: 'a4c21',
  PT: 'n21',
  QA: 'a4c21',
  RO: 'a4c16',
  RS: 'n18',
  RU: 'n14c15',
  SA: 'n2c18',
  SC: 'a4n20a3',
  SD: 'n14',
  SE: 'n20',
  SI: 'n15',
  SK: 'n20',
  SM: 'a1n10c12',
  SO: 'n19',
  ST: 'n21',
  SV: 'a4n20',
  TL: 'n19',
  TN: 'n20',
  TR: 'n5c17',
  UA: 'n6c19',
  VA: 'n18',
  VG: 'a4n16',
  XK: 'n16',
  YE: 'a4n4c18',
};
const CLASS_OF: Readonly<Record<string, string>> = { n: '\\d', a: '[A-Z]', c: '[A-Z\\d]' };

const shapes = new Map(
  Object.entries(FORMS).map(([country, form]) => {
    const parts = [...form.matchAll(/([nac])(\d+)/g)];
    const length = parts.reduce((sum, [, , count]) => sum + Number(count), 4);
    const account = parts.map(([, kind, count]) => `${CLASS_OF[kind!]}{${count}}`).join('');
    return [country, { length, shape: new RegExp(`^[A-Z]{2}\\d{2}${account}$`) }];
  }),
);

const GROUP = 4;

function isSeparator(byte: number): boolean {
  return byte === 0x20 || byte === 0x2d;
}

/** ISO 7064 mod 97-10 over the number with its first four characters moved to the end. */
function hasCheckDigits(iban: string): boolean {
  let rest = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Where the account number that starts at `start` ends, or -1 when there is none. */
function ibanEnd(text: TextRange, start: number): number {
  if (!isAt(text, start, LETTER) || !isAt(text, start + 1, LETTER) || !isAt(text, start + 2, DIGIT))
    return -1;
  const known = shapes.get(latin1(text, start, start + 2).toUpperCase());
  if (!known) return -1;
  let end = start;
  let iban = '';
  const separator = byteAt(text, start + GROUP);
  while (iban.length < known.length) {
    const isGap = iban.length > 0 && iban.length % GROUP === 0 && isSeparator(separator);
    if (isGap && byteAt(text, end) !== separator) return -1;
    if (isGap) end++;
    if (!isAt(text, end, ALNUM)) return -1;
    iban += String.fromCharCode(text.bytes[end]!);
    end++;
  }
  const upper = iban.toUpperCase();
  return endsWord(text, end) && known.shape.test(upper) && hasCheckDigits(upper) ? end : -1;
}

/** International bank account numbers, in one piece or in groups of four. */
export const iban: Rule = {
  name: 'iban',
  title: 'Bank account numbers (IBAN)',
  anchors: ['letter-digits'],
  find(text, anchorAt, found) {
    const start = anchorAt - 2;
    const end = startsWord(text, start) ? ibanEnd(text, start) : -1;
    if (end < 0) return false;
    found.start = start;
    found.end = end;
    return true;
  },
};
