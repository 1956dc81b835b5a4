import type { Anchor, Found, Rule, TextRange } from '../rule.ts';
import {
  contextBefore,
  DIGIT,
  isAt,
  latin1,
  runEndWithin,
  runStartWithin,
  startsWord,
  WORD,
} from './bytes.ts';
import { NATIONAL_IDS, type NationalId } from './national-id-forms.ts';

const KEYWORD_WITHIN_BYTES = 40;
/** The shortest keyword and what stands between it and the number. */
const KEYWORD_MIN_BYTES = 4;
const ID_MAX_BYTES = 24;
const LETTERS_BEFORE = { mask: WORD, max: 8 };
/** Of numbers with too few digits in a row to be looked at for their own sake. */
const WORDS = [
  'nino',
  'national insurance',
  'national_insurance',
  'ni number',
  'codice',
  'passport',
  'fiscal',
  'nie',
  'pan card',
  'permanent account',
  'medicare',
];
const AHEAD_BYTES = 64;
const ANY_KEYWORD = new RegExp(NATIONAL_IDS.map(({ keyword }) => keyword.source).join('|'));
const RUN = { mask: DIGIT, max: 20 };
/** Digits in one piece that no number here has: seconds, nanoseconds and the like. */
const FOREIGN_LENGTHS = new Set([10, 14, 16, 19]);
/** From such a word to the first digit, with little between: nothing else to be found must be passed over. */
const TO_DIGIT =
  /^[A-Za-z][A-Za-z_]*(?: [a-z]+){0,3}?[ :="'.()#\\-]{0,8}(?<apart>(?:(?<=[^A-Za-z])[A-Za-z]{1,2}[ -])?(?<letters>(?:(?<=[^A-Za-z])[A-Za-z]{1,6})?))(?=\d)/i;

/** The longest beginning of `sample` that is such a number. */
function matchLength(id: NationalId, sample: string): number {
  for (let length = Math.min(sample.length, ID_MAX_BYTES); length >= 8; length--) {
    if (/\w/.test(sample[length] ?? '')) continue;
    const candidate = sample.slice(0, length);
    if (!id.form.test(candidate)) continue;
    if (!id.isValid || id.isValid(candidate.replace(/[\W_]/g, '').toUpperCase())) return length;
  }
  return 0;
}

function isApart(text: TextRange, start: number, end: number): boolean {
  if (!startsWord(text, start) || /[\w.][-.]$/.test(latin1(text, start - 2, start))) return false;
  return !/^[-.]?(?:\d|\[redacted:)/.test(latin1(text, end, end + 12));
}

/** The number of any country that begins at `start` after one of its words. */
function findAt(text: TextRange, start: number, found: Found): boolean {
  const context = contextBefore(text, start, KEYWORD_WITHIN_BYTES);
  if (!ANY_KEYWORD.test(context)) return false;
  const sample = latin1(text, start, start + ID_MAX_BYTES + 1);
  for (const id of NATIONAL_IDS) {
    const length = id.keyword.test(context) ? matchLength(id, sample) : 0;
    if (length === 0 || !isApart(text, start, start + length)) continue;
    found.start = start;
    found.end = start + length;
    return true;
  }
  return false;
}

function findAfterWord(text: TextRange, anchorAt: number, found: Found): boolean {
  const ahead = TO_DIGIT.exec(latin1(text, anchorAt, anchorAt + AHEAD_BYTES));
  if (!ahead) return false;
  const end = anchorAt + ahead[0].length;
  const letters = ahead.groups!.letters!;
  return findAt(text, end - letters.length, found) || findAt(text, end - ahead.groups!.apart!.length, found);
}

/** Numbers of persons, where a word says what they are. */
export const nationalId: Rule = {
  name: 'national-id',
  title: 'National identity, tax and passport numbers near a word for them',
  anchors: ['digits', ...WORDS.map((text): Anchor => ({ text, ignoreCase: true }))],
  find(text, anchorAt, found) {
    if (!isAt(text, anchorAt, DIGIT)) return findAfterWord(text, anchorAt, found);
    if (anchorAt - text.from < KEYWORD_MIN_BYTES) return false;
    if (FOREIGN_LENGTHS.has(runEndWithin(text, anchorAt, RUN) - anchorAt)) return false;
    if (findAt(text, anchorAt, found)) return true;
    const start = runStartWithin(text, anchorAt, LETTERS_BEFORE);
    if (start < anchorAt && findAt(text, start, found)) return true;
    // `1 85 05 ...` and `X-1234567L`: what stands alone before the first run of two digits.
    return isAt(text, anchorAt - 2, WORD) && findAt(text, anchorAt - 2, found);
  },
};
