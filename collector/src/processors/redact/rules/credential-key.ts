import type { TextRange } from '../rule.ts';
import {
  byteAt,
  DASH,
  DOT,
  equalsAnyCaseAt,
  equalsAt,
  isAt,
  latin1,
  runStartWithin,
  UPPER,
  WORD,
} from './bytes.ts';

/** How much a value must look like a credential to be taken for one: `secret` and `sql` little, `token` much. */
export type KeyKind = 'secret' | 'token' | 'sql' | 'cookie' | 'authorization';

export interface CredentialKey {
  kind: KeyKind;
  /** What stands before the known words in the same key. */
  prefix: string;
  /** Whether values are numbers, as of one-time passwords. */
  isNumber: boolean;
  /** What values must look like; undefined for anything. */
  shape: RegExp | undefined;
  /** Start and end of the whole key. */
  start: number;
  end: number;
  isUpper: boolean;
}

interface KeyWord {
  word: string;
  kind: KeyKind;
  /** Must be a word of its own within the key: `pwd`, `db_pwd`, `dbPwd`, but not `cpwd`. */
  standsAlone?: boolean;
  suffix?: RegExp;
  /** The word alone is none. */
  mustGoOn?: boolean;
  /** Values are numbers, as of one-time passwords. */
  isNumber?: boolean;
  /** What values must look like. */
  shape?: RegExp;
  /** Looked for only with one of these behind it, as it stands in many words. */
  before?: readonly string[];
}

const NO_MORE = '(?![\\w-]|\\.\\w)';
const SUFFIX = new RegExp(
  `^(?:s|[_-]?\\d{1,2}|[_-]?(?:confirmation|confirm|value|hash|string|text|plain|raw|new|old|b64|base64|key))?${NO_MORE}`,
  'i',
);
const TOKEN_SUFFIX = new RegExp(`^(?:[_-]?(?:value|secret|string|key|\\d))?${NO_MORE}`, 'i');
const PLURAL = new RegExp(`^s?${NO_MORE}`, 'i');
/** The name of a rule is no key. */
const MARKER = '[redacted:';
const OTP_SUFFIX = new RegExp(`^(?:[_-]?code)?${NO_MORE}`, 'i');
const CASE_BIT = 0x20;
const SUFFIX_MAX_BYTES = 64;
const PREFIX = { mask: WORD | DASH | DOT, max: 48 };

const WHOLE = new RegExp(`^${NO_MORE}`);
const SIGNS = ['=', ':', '"', "'", '\\', ' =', ' :'];
/** Longer than a name. */
const LONG = /^[\w+/=:-]{20,}$/;
/** Nor parts with marks between, as routing keys of queues are. */
const SOLID = /^[A-Za-z\d]{20,}$/;

function joined(first: string, second: string, rest: Omit<KeyWord, 'word'>): KeyWord[] {
  return ['', '_', '-', ' '].map((joint) => ({ word: first + joint + second, suffix: PLURAL, ...rest }));
}

function keysOf(owners: readonly string[], rest: Omit<KeyWord, 'word'>): KeyWord[] {
  return owners.flatMap((owner) => joined(owner, 'key', rest));
}

const WORDS: readonly KeyWord[] = [
  { word: 'password', kind: 'secret' },
  { word: 'passwd', kind: 'secret' },
  { word: 'passphrase', kind: 'secret' },
  { word: 'passcode', kind: 'secret' },
  { word: 'pwd', kind: 'secret', standsAlone: true },
  { word: 'pw', kind: 'secret', standsAlone: true, suffix: WHOLE, before: SIGNS },
  { word: 'pass', kind: 'secret', standsAlone: true, suffix: WHOLE },
  { word: 'passwort', kind: 'secret' },
  { word: 'kennwort', kind: 'secret' },
  { word: 'wachtwoord', kind: 'secret' },
  { word: 'mot de passe', kind: 'secret' },
  { word: 'contrase', kind: 'secret', mustGoOn: true, suffix: /^(?:\u00c3\u00b1|n)as?(?![\w-])/i },
  { word: 'senha', kind: 'secret', standsAlone: true },
  { word: 'otp', kind: 'secret', standsAlone: true, isNumber: true, suffix: OTP_SUFFIX },
  { word: 'pin', kind: 'secret', standsAlone: true, isNumber: true, suffix: WHOLE, before: SIGNS },
  ...joined('verification', 'code', { kind: 'secret', isNumber: true }),
  { word: 'identified', kind: 'sql', mustGoOn: true, suffix: /^(?: with [\w"'`]{1,40})? by(?= )/i },
  { word: 'secret', kind: 'secret' },
  { word: 'token', kind: 'token', suffix: TOKEN_SUFFIX },
  { word: 'credential', kind: 'token', suffix: PLURAL },
  { word: 'authorization', kind: 'authorization', suffix: PLURAL },
  { word: 'auth', kind: 'token', standsAlone: true, suffix: WHOLE },
  { word: 'cookie', kind: 'cookie', suffix: PLURAL },
  { word: 'jsessionid', kind: 'token' },
  { word: 'phpsessid', kind: 'token' },
  { word: 'oauth_signature', kind: 'token', suffix: WHOLE },
  ...keysOf(['api', 'access', 'private', 'signing', 'encryption', 'account', 'master'], { kind: 'secret' }),
  ...keysOf(['auth', 'app', 'application', 'license', 'subscription', 'write'], {
    kind: 'token',
    shape: LONG,
  }),
  ...keysOf(['integration', 'routing'], { kind: 'token', shape: SOLID }),
  ...joined('honeycomb', 'team', { kind: 'token', shape: LONG }),
];

const FOUND = WORDS.flatMap(({ before = [''], word }) => before.map((sign) => word + sign));
/** The texts that the rule looks for: where a key may be. */
export const CREDENTIAL_ANCHORS: readonly string[] = FOUND.filter(
  (text) => !FOUND.some((other) => other !== text && text.startsWith(other)),
);

/** Words by their first two letters, in lower case. */
const BY_LETTERS = new Map<number, KeyWord[]>();
for (const word of WORDS) {
  const letters = lettersOf(word.word.charCodeAt(0), word.word.charCodeAt(1));
  BY_LETTERS.set(letters, [...(BY_LETTERS.get(letters) ?? []), word]);
}

function lettersOf(first: number, second: number): number {
  return ((first | CASE_BIT) << 8) | second | CASE_BIT;
}

/** Tokens of language models, of pages of results and of parsers. */
const OTHER_TOKEN =
  /(?:page|next|prev|previous|continuation|sync|resume|scroll|prompt|completion|max|min|total|per|first|last|stop|eos|bos|pad|unk|mask|sep|cls|special|num|input|output|cached|reasoning|unexpected|cancellation|consumer|design|syntax|parse|idempotency|lock|fencing)[_.\- ]?$/i;
/** `pwd` and `pass` that are joined to a word without a mark between. */
const JOINED_OWNER =
  /(?:db|user|my|sql|old|new|root|admin|ssh|ftp|smtp|pg|redis|store|key|trust|mail|proxy|http)$/i;

function standsAlone(text: TextRange, at: number, prefix: string): boolean {
  if (prefix === '' || /[_\-.]$/.test(prefix)) return true;
  return (isAt(text, at, UPPER) && /[a-z\d]$/.test(prefix)) || JOINED_OWNER.test(prefix);
}

/** Whether nothing of a key stands at `at`. */
function endsKey(text: TextRange, at: number): boolean {
  if (isAt(text, at, WORD | DASH)) return false;
  return byteAt(text, at) !== 0x2e || !isAt(text, at + 1, WORD);
}

/** Length of what follows the word and belongs to the key; -1 when the word is a part of another. */
function suffixLength(text: TextRange, end: number, { mustGoOn, suffix = SUFFIX }: KeyWord): number {
  if (!mustGoOn) {
    if (endsKey(text, end)) return 0;
    if (suffix === WHOLE) return -1;
  }
  return suffix.exec(latin1(text, end, end + SUFFIX_MAX_BYTES))?.[0].length ?? -1;
}

/** The key of which the word at `at` is the last one that counts, or null. */
export function credentialKeyAt(text: TextRange, at: number): CredentialKey | null {
  const words = BY_LETTERS.get(lettersOf(byteAt(text, at), byteAt(text, at + 1)));
  if (!words) return null;
  for (const known of words) {
    const { kind, isNumber = false, shape, standsAlone: isWhole, word } = known;
    if (!equalsAnyCaseAt(text, at, word)) continue;
    const end = at + word.length;
    const more = suffixLength(text, end, known);
    if (more < 0) continue;
    const start = runStartWithin(text, at, PREFIX);
    if (equalsAt(text, start - MARKER.length, MARKER)) return null;
    const prefix = latin1(text, start, at);
    if (isWhole && !standsAlone(text, at, prefix)) continue;
    if (word === 'token' && OTHER_TOKEN.test(latin1(text, at - 20, at))) return null;
    return { kind, isNumber, shape, prefix, start, end: end + more, isUpper: isAt(text, at + 1, UPPER) };
  }
  return null;
}
