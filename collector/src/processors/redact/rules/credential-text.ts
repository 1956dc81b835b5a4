import type { Found, Rule, TextRange } from '../rule.ts';
import { findCredentialAfterScheme } from './bearer-basic.ts';
import { byteAt, equalsAt, isRedactedAt, latin1 } from './bytes.ts';
import { CREDENTIAL_WORDS, type CredentialKey, credentialKeyAt } from './credential-key.ts';
import { type ValueStart, valueStartAfter } from './credential-separator.ts';
import { isCredentialValue, type ValueContext } from './credential-value.ts';

const SAMPLE_BYTES = 256;
const BACKSLASH = 0x5c;
const VALUE_ENDS = new Set(Buffer.from(' \t\r\n,;&"\')]}<`#|'));
const ESCAPED_ENDS = new Set(Buffer.from('"\'nrt\\'));
const LINE_ENDS = new Set(Buffer.from('\r\n"'));
const SCHEME = /^(?:[A-Za-z-]{3,20}|AWS4-[\w-]{4,20})(?: |%20)(?=\S{6})/;
const COOKIE = /^[\w.$!%*+~-]{1,64}=[^\s,]/;

/** Where a value that is cut off at `limit` ends. */
type ValueEnd = (text: TextRange, start: number, limit: number) => number;

function bareEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && !VALUE_ENDS.has(text.bytes[end]!)) {
    if (text.bytes[end] === BACKSLASH && ESCAPED_ENDS.has(byteAt(text, end + 1))) break;
    end++;
  }
  return end;
}

function tagEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && text.bytes[end] !== 0x3c) end++;
  return end;
}

/** To the end of the line, written as it is or as an escape. */
function lineEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && !LINE_ENDS.has(text.bytes[end]!)) {
    const next = byteAt(text, end + 1);
    if (text.bytes[end] === BACKSLASH && ESCAPED_ENDS.has(next)) break;
    if (text.bytes[end] === 0x27 && byteAt(text, end - 1) !== 0x3d) break;
    end++;
  }
  return end;
}

/** To the same quote with as many backslashes, if it is not itself escaped one level deeper. */
function quotedEnd(quote: string): ValueEnd {
  const depth = quote.length - 1;
  const mark = quote.charCodeAt(depth);
  const level = 2 * (depth + 1);
  return (text, start, limit) => {
    let backslashes = 0;
    for (let end = start; end < limit; end++) {
      const byte = text.bytes[end]!;
      if (byte === 0x0a) return end;
      if (byte === mark && (backslashes <= depth || backslashes % level === depth)) {
        return end - Math.min(backslashes, depth);
      }
      backslashes = byte === BACKSLASH ? backslashes + 1 : 0;
    }
    return limit;
  };
}

function entityEnd(entity: string): ValueEnd {
  return (text, start, limit) => {
    let end = start;
    while (end < limit && text.bytes[end] !== 0x0a && !equalsAt(text, end, entity)) end++;
    return end;
  };
}

function endOf(key: CredentialKey, value: ValueStart): ValueEnd {
  if (value.quote !== '') return /^[&%]/.test(value.quote) ? entityEnd(value.quote) : quotedEnd(value.quote);
  if (value.isInTag) return tagEnd;
  return key.kind === 'cookie' || key.kind === 'authorization' ? lineEnd : bareEnd;
}

function isHeaderValue(text: TextRange, key: CredentialKey, sample: string): boolean {
  if (key.kind === 'cookie') return COOKIE.test(sample) && !sample.includes('[redacted:');
  const scheme = SCHEME.exec(sample)?.[0] ?? '';
  const context: ValueContext = { kind: 'token', isQuoted: false, isLoose: false, isLast: true };
  const first = sample.slice(scheme.length).split(/[\s,]/)[0]!;
  return isCredentialValue(first, context) && byteAt(text, key.start) !== 0;
}

/** Whether the value at `value.at` is one; its bytes are looked at a second time only when it is. */
function findValue(
  text: TextRange,
  { key, value }: { key: CredentialKey; value: ValueStart },
  found: Found,
): boolean {
  const valueEnd = endOf(key, value);
  const limit = Math.min(text.end, value.at + SAMPLE_BYTES);
  const seen = valueEnd(text, value.at, limit);
  const sample = latin1(text, value.at, seen);
  const isHeader = key.kind === 'cookie' || key.kind === 'authorization';
  const context: ValueContext = {
    kind: key.kind,
    isQuoted: value.quote !== '' || value.isInTag,
    isLoose: value.isLoose,
    isLast: /^(?:[\r\n,;}\])&"']|\\[nr]|$)/.test(latin1(text, seen, seen + 2)),
  };
  if (!(isHeader ? isHeaderValue(text, key, sample) : isCredentialValue(sample, context))) return false;
  found.start = value.at;
  found.end = seen < limit ? seen : valueEnd(text, value.at, text.end);
  if (key.kind === 'authorization') found.start += SCHEME.exec(sample)?.[0].length ?? 0;
  return found.end > found.start;
}

/** Values of keys that are named after passwords, secrets, tokens and the like. */
export const credentialText: Rule = {
  name: 'credential-text',
  title: 'Values of passwords, secrets, tokens and cookies',
  anchors: CREDENTIAL_WORDS.map((text) => ({ text, ignoreCase: true })),
  find(text, anchorAt, found) {
    const key = credentialKeyAt(text, anchorAt);
    if (!key) return false;
    const value = valueStartAfter(text, key);
    if (!value || isRedactedAt(text, value.at)) return false;
    // The scheme stays, and the rule for it says what was there.
    if (findCredentialAfterScheme(text, value.at, found)) return false;
    return findValue(text, { key, value }, found);
  },
};
