/** One country's number for people. */
export interface NationalId {
  /** Words of which one must stand before it; in lower case, letters with accents as two characters. */
  keyword: RegExp;
  /** The whole number as it is written. */
  form: RegExp;
  /** Check digits, over the number without its separators, in upper case. */
  isValid?: (id: string) => boolean;
}

function weighed(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0);
}

function isSteuerId(id: string): boolean {
  let product = 10;
  for (const digit of id.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === Number(id[10]);
}

const DNI_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

function isDni(id: string): boolean {
  const digits = id.replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter))).slice(0, -1);
  return DNI_LETTERS[Number(digits) % 23] === id.at(-1);
}

/** Values of letters and digits at odd places of an Italian code, in the order 0-9 (as A-J), A-Z. */
const ODD_VALUES = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];

function isCodiceFiscale(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const code = id.charCodeAt(i);
    const value = code < 0x41 ? code - 0x30 : code - 0x41;
    sum += i % 2 === 0 ? ODD_VALUES[value]! : value;
  }
  return String.fromCharCode(0x41 + (sum % 26)) === id[15];
}

function isBsn(id: string): boolean {
  return weighed(id, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

function isPesel(id: string): boolean {
  return (10 - (weighed(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(id[10]);
}

function isCpf(id: string): boolean {
  if (/^(\d)\1+$/.test(id)) return false;
  const check = (count: number) => {
    const weights = Array.from({ length: count }, (_, i) => count + 1 - i);
    return ((weighed(id, weights) * 10) % 11) % 10;
  };
  return check(9) === Number(id[9]) && check(10) === Number(id[10]);
}

const VERHOEFF =
  '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210';
const VERHOEFF_SHIFTS = '01234567891576283094580379614289160435279453126870428657390127938064157046913258';

function isVerhoeff(id: string): boolean {
  let check = 0;
  for (let i = 0; i < id.length; i++) {
    const digit = Number(id[id.length - 1 - i]);
    const shifted = Number(VERHOEFF_SHIFTS[(i % 8) * 10 + digit]);
    check = Number(VERHOEFF[check * 10 + shifted]);
  }
  return check === 0;
}

function isLuhnId(id: string): boolean {
  let sum = 0;
  for (let i = 0; i < id.length; i++) {
    const digit = Number(id[id.length - 1 - i]) * (1 + (i % 2));
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function isAhv(id: string): boolean {
  return (10 - (weighed(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(id[12]);
}

function isNhs(id: string): boolean {
  return (11 - (weighed(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(id[9]);
}

const CHINESE_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isChinese(id: string): boolean {
  return '10X98765432'[weighed(id, CHINESE_WEIGHTS) % 11] === id[17];
}

function isMyNumber(id: string): boolean {
  const rest = weighed(id, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === Number(id[11]);
}

function isInn(id: string): boolean {
  const first = (weighed(id, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  const second = (weighed(id, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10;
  return first === Number(id[10]) && second === Number(id[11]);
}

/** A word in other letters as the context has it: a character for each byte. */
const inBytes = (word: string) => Buffer.from(word).toString('latin1').toLowerCase();

/** The numbers that are known; those without check digits have an exact form. */
export const NATIONAL_IDS: readonly NationalId[] = [
  {
    keyword: /\bssn|_ssn|social.?security|\btin\b|tax.?(?:id|payer)|\bitin\b|\bsocial\b/,
    form: /^(?!000|666)\d{3}([- ]?)(?!00)\d{2}\1(?!0000)\d{4}$/,
  },
  {
    keyword: /national.?insurance|\bnino\b|\bni[_ -]?(?:number|no)\b|\bnin\b/,
    form: /^(?:QQ|(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]$/i,
  },
  {
    keyword: /steuer.?(?:id|nummer|nr)|steuerliche|identifikationsnummer|\btin\b|tax.?id|\bidnr\b/,
    form: /^[1-9]\d ?\d{3} ?\d{3} ?\d{3}$/,
    isValid: isSteuerId,
  },
  {
    keyword: /\bdni\b|\bnie\b|\bnif\b|documento|identidad/,
    form: /^(?:\d{8}|\d{2}\.\d{3}\.\d{3}|[XYZ]-?\d{7})-? ?[TRWAGMYFPDXBNJZSQVHLCKE]$/i,
    isValid: isDni,
  },
  {
    keyword: /\bnir\b|\binsee\b|s.{1,2}curit.{1,2}.?sociale|\bs.{1,2}cu\b|carte.?vitale|\bss\b/,
    form: /^[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}$/i,
  },
  {
    keyword: /codice.?fiscale|\bcf\b|fiscal.?code|codice_fiscale|tax.?(?:id|code)/,
    form: /^[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]$/i,
    isValid: isCodiceFiscale,
  },
  { keyword: /\bbsn\b|burgerservice|sofi/, form: /^\d{9}$|^\d{3}[. ]\d{3}[. ]\d{3}$/, isValid: isBsn },
  { keyword: /pesel/, form: /^\d{11}$/, isValid: isPesel },
  { keyword: /\bcpf\b|cadastro/, form: /^\d{3}\.?\d{3}\.?\d{3}-?\d{2}$/, isValid: isCpf },
  { keyword: /aadh?aar|\buidai\b|\buid\b/, form: /^[2-9]\d{3}([ -]?)\d{4}\1\d{4}$/, isValid: isVerhoeff },
  { keyword: /\bpan\b|permanent account/, form: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/ },
  { keyword: /\bsin\b|social.?insurance/, form: /^\d{3}([- ]?)\d{3}\1\d{3}$/, isValid: isLuhnId },
  { keyword: /personnummer|\bpnr\b/, form: /^\d{6}[-+]?\d{4}$/, isValid: isLuhnId },
  {
    keyword: /\bcpr\b|cpr.?(?:nummer|nr)|personnummer/,
    form: /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}$/,
  },
  { keyword: /\bahv|\bavs\b/, form: /^756\.?\d{4}\.?\d{4}\.?\d{2}$/, isValid: isAhv },
  { keyword: /\bnhs\b/, form: /^\d{3}([- ]?)\d{3}\1\d{4}$/, isValid: isNhs },
  { keyword: /medicare|\bmbi\b/, form: /^[1-9][A-Z][A-Z\d]\d-?[A-Z][A-Z\d]\d-?[A-Z]{2}\d{2}$/i },
  { keyword: new RegExp(inBytes('身份证')), form: /^\d{17}[\dX]$/i, isValid: isChinese },
  {
    keyword: new RegExp(`${inBytes('マイナンバー')}|my.?number`),
    form: /^\d{4}[- ]?\d{4}[- ]?\d{4}$/,
    isValid: isMyNumber,
  },
  { keyword: new RegExp(`${inBytes('инн')}|${inBytes('ИНН')}|\\binn\\b`), form: /^\d{12}$/, isValid: isInn },
  { keyword: new RegExp(inBytes('паспорт')), form: /^\d{2} ?\d{2} ?\d{6}$/ },
  {
    keyword: /passport|reisepass|passeport|pasaporte|passaporto|travel.?document/,
    form: /^(?=(?:.*\d){6})[A-Z\d]{2}?\d{5,8}[A-Z\d]?$|^[A-Z]{1,3}\d{6,8}[A-Z\d]?$|^[CFGHJKLMNPRTVWXYZ\d]{9}$/,
  },
];
