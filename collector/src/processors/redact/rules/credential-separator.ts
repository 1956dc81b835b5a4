import type { TextRange } from '../rule.ts';
import {
  ALNUM,
  BASE64_EXTRA,
  byteAt,
  DASH,
  DOT,
  equalsAnyCaseAt,
  equalsAt,
  isAt,
  latin1,
  runEndWithin,
  runStartWithin,
  tableOf,
  URL64,
  WORD,
} from './bytes.ts';
import type { CredentialKey } from './credential-key.ts';

/** Where a value begins after its key, and what ends it. */
export interface ValueStart {
  at: number;
  /** The text that opened a quoted value, with its backslashes: `"`, `\"`, `&quot;`; empty without quotes. */
  quote: string;
  isLoose: boolean;
  isInTag: boolean;
  /** Goes on as far as tokens do: it stands in prose. */
  isToken?: true;
}

const SEPARATOR_MAX_BYTES = 64;
const TAG_MAX_BYTES = 200;
const NAMESPACE = { mask: WORD | DASH, max: 32 };
/** What may stand right after a key that has a value. */
const FIRSTS = tableOf('=:%>\\"\'`&], \t\r\n');
/** What may stand behind the `b` or `u` of a Python string. */
const PLAIN_QUOTES = tableOf('"\'');
const QUOTE = `\\\\{0,15}["'\`]|&quot;|&#34;|%22`;
const SEPARATOR = new RegExp(
  `^(?<close>${QUOTE})?(?<bracket>\\])?(?<sign>\\s{0,4}(?:=>|:=|={1,3}|:|%3D|%3A)\\s{0,4}|>)` +
    `(?<list>\\[)?(?:[bu](?=["']))?(?<open>${QUOTE})?`,
  'i',
);
const OPEN_QUOTE = new RegExp(`^\\[?(?:[bu](?=["']))?(?<open>${QUOTE})?`, 'i');
/** The value as a neighbour of its name: `"name": "cookie", "value": "..."`, `["cookie", "..."]`. */
const NEIGHBOUR = new RegExp(
  `^(?<close>${QUOTE})\\s{0,2},\\s{0,2}(?<name>(?:${QUOTE})value(?:${QUOTE})\\s{0,2}:\\s{0,2}` +
    `(?:\\{\\s?(?:${QUOTE})stringValue(?:${QUOTE})\\s{0,2}:\\s{0,2})?)?(?<open>${QUOTE})`,
  'i',
);
/** The same in XML: `<add key="Secret" value="..." />`. */
const ATTRIBUTE = /^\\{0,7}["']\s{1,4}value\s?=\s?(?<open>\\{0,7}["'])/i;
const PROSE = /^( (?:is|was) )(?=\S*\d)/;
/** A value that is one even after a mere space: nothing else is that long and mixed. */
const RANDOM = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{20}/;
/** What tokens are made of. */
export const TOKEN_BYTES = URL64 | DOT | BASE64_EXTRA;
const RANDOM_RUN = { mask: TOKEN_BYTES, max: 64 };
const QUOTE_MAX_BYTES = 20;

function isFlag(key: CredentialKey, text: TextRange): boolean {
  return key.prefix.startsWith('--') || (key.prefix === '' && equalsAt(text, key.start - 2, '--'));
}

/** Lists of headers have names and values side by side. */
function isHeader({ kind, prefix }: CredentialKey): boolean {
  return kind === 'cookie' || kind === 'authorization' || /^x-/i.test(prefix);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

/** Whether the key is the name of a tag: `<Password`, `<wsse:Password`. */
function isTagName(text: TextRange, key: CredentialKey): boolean {
  let before = key.start - 1;
  if (byteAt(text, before) === 0x3a) before = runStartWithin(text, before, NAMESPACE) - 1;
  return byteAt(text, before) === 0x3c;
}

/** The text of a tag whose name has attributes behind it, or null. */
function afterAttributes(text: TextRange, key: CredentialKey): ValueStart | null {
  const limit = Math.min(text.end, key.end + TAG_MAX_BYTES);
  let at = key.end;
  while (at < limit && text.bytes[at] !== 0x3c && text.bytes[at] !== 0x3e) at++;
  if (byteAt(text, at) !== 0x3e || byteAt(text, at - 1) === 0x2f || at >= limit) return null;
  return { at: at + 1, quote: '', isLoose: false, isInTag: true };
}

/** The quote at `at`, or none, and the value behind it. */
function openedAt(text: TextRange, at: number): ValueStart {
  const opened = OPEN_QUOTE.exec(latin1(text, at, at + QUOTE_MAX_BYTES))!;
  return { at: at + opened[0].length, quote: opened.groups!.open ?? '', isLoose: true, isInTag: false };
}

/** `my password is hunter2`. */
function afterVerb(text: TextRange, key: CredentialKey): ValueStart | null {
  const second = byteAt(text, key.end + 1);
  if (key.kind !== 'secret' || (second !== 0x69 && second !== 0x77)) return null;
  const prose = PROSE.exec(latin1(text, key.end, key.end + SEPARATOR_MAX_BYTES));
  return prose ? openedAt(text, key.end + prose[1]!.length) : null;
}

/** The value at `at` after nothing but a space, which takes more than a name before it. */
function afterSpace(text: TextRange, key: CredentialKey, at: number): ValueStart | null {
  if (byteAt(text, key.end) !== 0x20 && byteAt(text, key.end) !== 0x09) return null;
  if (isTagName(text, key)) return afterAttributes(text, key);
  if (isFlag(key, text)) return byteAt(text, at) === 0x2d ? null : openedAt(text, at);
  // `PASSWORD 'x'` is SQL.
  const quote = byteAt(text, at);
  if (key.kind === 'sql')
    return quote === 0x27 || (quote === 0x22 && key.isUpper) ? openedAt(text, at) : null;
  if (key.kind === 'secret' && key.isUpper && quote === 0x27) return openedAt(text, at);
  const prose = afterVerb(text, key);
  if (prose) return prose;
  const isNamed = key.kind === 'secret' || (key.kind === 'token' && key.prefix !== '');
  if (!isNamed || !RANDOM.test(latin1(text, at, runEndWithin(text, at, RANDOM_RUN)))) return null;
  return { at, quote: '', isLoose: true, isInTag: false, isToken: true };
}

/** `...:secret:name` and the like: colons join the parts of a name. */
function isInName(text: TextRange, key: CredentialKey): boolean {
  return (
    byteAt(text, key.start - 1) === 0x3a &&
    byteAt(text, key.end) === 0x3a &&
    !isSpace(byteAt(text, key.end + 1)) &&
    equalsAnyCaseAt(text, key.start, 'secret')
  );
}

/** The value right after the sign at `at`, or after spaces; null when there is more to read there. */
function plainValueStart(text: TextRange, sign: number): ValueStart | null {
  let at = sign + 1;
  while (at < sign + 5 && isSpace(byteAt(text, at))) at++;
  if (!isAt(text, at, ALNUM) || PLAIN_QUOTES[byteAt(text, at + 1)] === 1) return null;
  return { at, quote: '', isLoose: at > sign + 1, isInTag: false };
}

/** Finds where the value of `key` begins; null when nothing gives the key a value. */
export function valueStartAfter(text: TextRange, key: CredentialKey): ValueStart | null {
  const first = byteAt(text, key.end);
  if (FIRSTS[first] === 0 || isInName(text, key)) return null;
  if (isSpace(first)) {
    let at = key.end + 1;
    while (at < key.end + 4 && isSpace(byteAt(text, at))) at++;
    const sign = byteAt(text, at);
    if (sign !== 0x3d && sign !== 0x3a && sign !== 0x25) return afterSpace(text, key, at);
  }
  if (first === 0x3e && !isTagName(text, key)) return null;
  const plain = first === 0x3d || first === 0x3a ? plainValueStart(text, key.end) : null;
  if (plain) return plain;
  const after = latin1(text, key.end, key.end + SEPARATOR_MAX_BYTES);
  if (first !== 0x3d && first !== 0x3a) {
    const neighbour = after.includes(',') ? NEIGHBOUR.exec(after) : null;
    if (neighbour && (neighbour.groups!.name || isHeader(key))) return startOf(key, neighbour);
    const attribute = after.includes('=') ? ATTRIBUTE.exec(after) : null;
    if (attribute) return startOf(key, attribute);
  }
  const match = SEPARATOR.exec(after);
  if (!match) return null;
  const { close, sign } = match.groups!;
  if (sign === '>' && !isTagName(text, key)) return null;
  return { ...startOf(key, match), isInTag: sign === '>', isLoose: /^\s|\s$/.test(sign!) && !close };
}

function startOf(key: CredentialKey, match: RegExpExecArray): ValueStart {
  const quote = match.groups!.open ?? '';
  return { at: key.end + match[0].length, quote, isLoose: false, isInTag: false };
}
