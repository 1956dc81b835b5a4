import type { TextRange } from '../rule.ts';
import { byteAt, equalsAt, latin1 } from './bytes.ts';
import type { CredentialKey } from './credential-key.ts';

/** Where a value begins after its key, and what ends it. */
export interface ValueStart {
  at: number;
  /** The text that opened a quoted value, with its backslashes: `"`, `\"`, `&quot;`; empty without quotes. */
  quote: string;
  isLoose: boolean;
  isInTag: boolean;
}

const SEPARATOR_MAX_BYTES = 64;
const QUOTE = `\\\\{0,15}["'\`]|&quot;|&#34;|%22`;
const SEPARATOR = new RegExp(
  `^(?<close>${QUOTE})?(?<bracket>\\])?(?<sign>\\s{0,4}(?:=>|:=|={1,3}|:|%3D|%3A)\\s{0,4}|>|[ \\t]{1,4})` +
    `(?<list>\\[)?(?:[bu](?=["']))?(?<open>${QUOTE})?`,
  'i',
);
/** The value as a neighbour of its name: `"name": "cookie", "value": "..."`, `["cookie", "..."]`. */
const NEIGHBOUR = new RegExp(
  `^(?<close>${QUOTE})\\s{0,2},\\s{0,2}(?<name>(?:${QUOTE})value(?:${QUOTE})\\s{0,2}:\\s{0,2}` +
    `(?:\\{\\s?(?:${QUOTE})stringValue(?:${QUOTE})\\s{0,2}:\\s{0,2})?)?(?<open>${QUOTE})`,
  'i',
);
const PROSE = /^ (?:is|was) (?=\S*\d)(?<open>["'`])?/i;

function isFlag(key: CredentialKey, text: TextRange): boolean {
  return key.prefix.startsWith('--') || (key.prefix === '' && equalsAt(text, key.start - 2, '--'));
}

/** Lists of headers have names and values side by side. */
function isHeader({ kind, prefix }: CredentialKey): boolean {
  return kind === 'cookie' || kind === 'authorization' || /^x-/i.test(prefix);
}

/** Finds where the value of `key` begins; null when nothing gives the key a value. */
export function valueStartAfter(text: TextRange, key: CredentialKey): ValueStart | null {
  const after = latin1(text, key.end, key.end + SEPARATOR_MAX_BYTES);
  const neighbour = NEIGHBOUR.exec(after);
  if (neighbour && (neighbour.groups!.name || isHeader(key))) {
    return startOf(key, neighbour[0], neighbour.groups!);
  }
  const prose = key.kind === 'secret' ? PROSE.exec(after) : null;
  if (prose) return { ...startOf(key, prose[0], prose.groups!), isLoose: true };
  const match = SEPARATOR.exec(after);
  if (!match) return null;
  const groups = match.groups!;
  const sign = groups.sign!;
  const isInTag = sign === '>';
  if (isInTag && !/[<:]/.test(String.fromCharCode(byteAt(text, key.start - 1)))) return null;
  if (sign.trim() === '') {
    // `PASSWORD 'x'` is SQL; any other word after a space needs a flag before.
    const isSql = key.isUpper && key.kind === 'secret' && groups.open === "'" && !groups.close;
    if (!isSql && (!isFlag(key, text) || groups.close || after.startsWith(' -'))) return null;
  }
  const start = startOf(key, match[0], groups);
  return { ...start, isInTag, isLoose: /^\s|\s$/.test(sign) && !groups.close };
}

function startOf(
  key: CredentialKey,
  matched: string,
  groups: Record<string, string | undefined>,
): ValueStart {
  return { at: key.end + matched.length, quote: groups.open ?? '', isLoose: false, isInTag: false };
}
