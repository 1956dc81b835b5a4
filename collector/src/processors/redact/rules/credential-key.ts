import type { TextRange } from '../rule.ts';
import { DASH, DOT, equalsAnyCaseAt, equalsAt, isAt, latin1, runStartWithin, UPPER, WORD } from './bytes.ts';

/** How much a value must look like a credential to be taken for one: `secret` little, `token` much. */
export type KeyKind = 'secret' | 'token' | 'cookie' | 'authorization';

export interface CredentialKey {
  kind: KeyKind;
  /** What stands before the known words in the same key. */
  prefix: string;
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
const SUFFIX_MAX_BYTES = 24;
const PREFIX = { mask: WORD | DASH | DOT, max: 48 };

function joined(first: string, second: string): KeyWord[] {
  return ['', '_', '-', ' '].map((joint) => ({
    word: first + joint + second,
    kind: 'secret',
    suffix: PLURAL,
  }));
}

const WORDS: readonly KeyWord[] = [
  { word: 'password', kind: 'secret' },
  { word: 'passwd', kind: 'secret' },
  { word: 'passphrase', kind: 'secret' },
  { word: 'passcode', kind: 'secret' },
  { word: 'pwd', kind: 'secret', standsAlone: true },
  { word: 'pass', kind: 'secret', standsAlone: true, suffix: new RegExp(`^${NO_MORE}`) },
  { word: 'secret', kind: 'secret' },
  { word: 'token', kind: 'token', suffix: TOKEN_SUFFIX },
  { word: 'credential', kind: 'token', suffix: PLURAL },
  { word: 'authorization', kind: 'authorization', suffix: PLURAL },
  { word: 'auth', kind: 'token', standsAlone: true, suffix: new RegExp(`^${NO_MORE}`) },
  { word: 'cookie', kind: 'cookie', suffix: PLURAL },
  { word: 'jsessionid', kind: 'token' },
  { word: 'phpsessid', kind: 'token' },
  ...joined('api', 'key'),
  ...joined('access', 'key'),
  ...joined('private', 'key'),
  ...joined('signing', 'key'),
  ...joined('encryption', 'key'),
  ...joined('account', 'key'),
  ...joined('master', 'key'),
];

/** The words that the rule looks for. */
export const CREDENTIAL_WORDS: readonly string[] = WORDS.map(({ word }) => word);

/** Tokens of language models, of pages of results and of parsers. */
const OTHER_TOKEN =
  /(?:page|next|prev|previous|continuation|sync|resume|scroll|prompt|completion|max|min|total|per|first|last|stop|eos|bos|pad|unk|mask|sep|cls|special|num|input|output|cached|reasoning|unexpected|cancellation|consumer|design|syntax|parse|idempotency|lock|fencing)[_.\- ]?$/i;
/** `pwd` and `pass` that are joined to a word without a mark between. */
const JOINED_OWNER = /(?:db|user|my|sql|old|new|root|admin|ssh|ftp|smtp|pg|redis)$/i;

function standsAlone(text: TextRange, at: number, prefix: string): boolean {
  if (prefix === '' || /[_\-.]$/.test(prefix)) return true;
  return (isAt(text, at, UPPER) && /[a-z\d]$/.test(prefix)) || JOINED_OWNER.test(prefix);
}

/** The key of which the word at `at` is the last one that counts, or null. */
export function credentialKeyAt(text: TextRange, at: number): CredentialKey | null {
  for (const { kind, standsAlone: isWhole, suffix = SUFFIX, word } of WORDS) {
    if (!equalsAnyCaseAt(text, at, word)) continue;
    const end = at + word.length;
    const more = suffix.exec(latin1(text, end, end + SUFFIX_MAX_BYTES))?.[0];
    if (more === undefined) continue;
    const start = runStartWithin(text, at, PREFIX);
    if (equalsAt(text, start - MARKER.length, MARKER)) return null;
    const prefix = latin1(text, start, at);
    if (isWhole && !standsAlone(text, at, prefix)) return null;
    if (word === 'token' && OTHER_TOKEN.test(latin1(text, at - 20, at))) return null;
    return { kind, prefix, start, end: end + more.length, isUpper: isAt(text, at + 1, UPPER) };
  }
  return null;
}
