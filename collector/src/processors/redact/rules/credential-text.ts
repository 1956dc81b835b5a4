import type { Found, Rule, TextRange } from '../rule.ts';
import { findCredentialAfterScheme } from './bearer-basic.ts';
import {
  byteAt,
  DIGIT,
  equalsAnyCaseAt,
  equalsAt,
  isAt,
  isRedactedAt,
  LETTER,
  latin1,
  runEndWithin,
  tableOf,
  WORD,
} from './bytes.ts';
import { FLAG_ANCHORS, findAfterFlag } from './credential-command.ts';
import { CREDENTIAL_ANCHORS, type CredentialKey, credentialKeyAt } from './credential-key.ts';
import { TOKEN_BYTES, type ValueStart, valueStartAfter } from './credential-separator.ts';
import { findInserted, INSERT_ANCHOR } from './credential-sql.ts';
import { isCredentialValue, type ValueContext } from './credential-value.ts';

const SAMPLE_BYTES = 256;
const HEADER_SAMPLE_BYTES = 96;
const BACKSLASH = 0x5c;
const VALUE_ENDS = tableOf(' \t\r\n,;&"\')]}<`#|');
const ESCAPED_ENDS = tableOf('"\'nrt\\');
const LINE_ENDS = tableOf('\r\n"');
const NEXT_KEY = { mask: WORD, max: 32 };
/** A namespace and a name, as Kubernetes writes what it has reconciled. */
const NAMESPACED = /^[a-z\d][a-z\d-]{0,62}\/[a-z\d][a-z\d.-]{0,252}$/;
const SCHEME = /^(?:[A-Za-z-]{3,20}|AWS4-[\w-]{4,20})(?: |%20)(?=\S{6})/;
/** A one-time password or a PIN. */
const NUMBER = /^\d{4,8}$/;
const COOKIE = /^[\w.$!%*+~-]{1,64}=[^\s,]/;

/** Where a value that is cut off at `limit` ends. */
type ValueEnd = (text: TextRange, start: number, limit: number) => number;

function bareEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && VALUE_ENDS[text.bytes[end]!] === 0) {
    if (text.bytes[end] === BACKSLASH && ESCAPED_ENDS[byteAt(text, end + 1)] === 1) break;
    end++;
  }
  return end;
}

/** The same in a line for people: no address goes on with `#`, and no other key follows the semicolon. */
function looseEnd(text: TextRange, start: number, limit: number): number {
  let end = bareEnd(text, start, limit);
  while ((byteAt(text, end) === 0x3b || byteAt(text, end) === 0x23) && isAt(text, end + 1, WORD)) {
    const next = byteAt(text, runEndWithin(text, end + 1, NEXT_KEY));
    if (next === 0x3d || next === 0x3a) break;
    end = bareEnd(text, end + 1, limit);
  }
  return Math.min(end, limit);
}

function tokenEnd(text: TextRange, start: number, limit: number): number {
  return runEndWithin(text, start, { mask: TOKEN_BYTES, max: limit - start });
}

function tagEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && text.bytes[end] !== 0x3c) end++;
  return end;
}

/** To the end of the line, written as it is or as an escape. */
function lineEnd(text: TextRange, start: number, limit: number): number {
  let end = start;
  while (end < limit && LINE_ENDS[text.bytes[end]!] === 0) {
    const next = byteAt(text, end + 1);
    if (text.bytes[end] === BACKSLASH && ESCAPED_ENDS[next] === 1) break;
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
  if (value.isToken) return tokenEnd;
  if (key.kind === 'cookie' || key.kind === 'authorization') return lineEnd;
  return value.isLoose ? looseEnd : bareEnd;
}

function isAuthorization(sample: string): boolean {
  const scheme = SCHEME.exec(sample)?.[0] ?? '';
  const context: ValueContext = { kind: 'token', isQuoted: false, isLoose: false, isLast: true };
  return isCredentialValue(sample.slice(scheme.length).split(/[\s,]/)[0]!, context);
}

function isHeader(key: CredentialKey): boolean {
  return key.kind === 'cookie' || key.kind === 'authorization';
}

/** Whether a header's value begins like one; a short look, as what follows is read to the end of the line. */
function beginsHeader(text: TextRange, key: CredentialKey, value: ValueStart): boolean {
  const limit = Math.min(text.end, value.at + HEADER_SAMPLE_BYTES);
  const sample = latin1(text, value.at, endOf(key, value)(text, value.at, limit));
  return key.kind === 'cookie' ? COOKIE.test(sample) : isAuthorization(sample);
}

/** Whether the key is the word `secret` alone, which names the object in Kubernetes. */
function isNamespaced(text: TextRange, key: CredentialKey, sample: string): boolean {
  return key.end - key.start === 6 && equalsAt(text, key.start, 'secret') && NAMESPACED.test(sample);
}

/** Whether the dot before `end` ends a sentence rather than a value without quotes. */
function endsSentence(text: TextRange, end: number, value: ValueStart): boolean {
  if (value.quote !== '' || value.isInTag || byteAt(text, end - 1) !== 0x2e) return false;
  return end === text.end || byteAt(text, end) <= 0x20;
}

/** Whether the value at `value.at` is one; its bytes are looked at a second time only when it is. */
function findValue(
  text: TextRange,
  { key, value }: { key: CredentialKey; value: ValueStart },
  found: Found,
): boolean {
  if (key.isNumber && !isAt(text, value.at, DIGIT)) return false;
  if (isHeader(key) && !beginsHeader(text, key, value)) return false;
  const valueEnd = endOf(key, value);
  const limit = Math.min(text.end, value.at + SAMPLE_BYTES);
  const seen = valueEnd(text, value.at, limit);
  const sample = latin1(text, value.at, seen);
  if (key.shape && !key.shape.test(sample)) return false;
  if (key.isNumber && !NUMBER.test(sample)) return false;
  if (isHeader(key)) {
    if (key.kind === 'cookie' && sample.includes('[redacted:')) return false;
  } else {
    const context: ValueContext = {
      kind: key.kind,
      isQuoted: value.quote !== '' || value.isInTag,
      isLoose: value.isLoose,
      isLast: /^(?:[\r\n,;}\])&"']|\\[nr]|$)/.test(latin1(text, seen, seen + 2)),
    };
    if (!isCredentialValue(sample, context) || isNamespaced(text, key, sample)) return false;
  }
  found.start = value.at;
  found.end = seen < limit ? seen : valueEnd(text, value.at, text.end);
  if (endsSentence(text, found.end, value)) found.end--;
  if (key.kind === 'authorization') found.start += SCHEME.exec(sample)?.[0].length ?? 0;
  return found.end > found.start;
}

/** Values of keys that are named after passwords, secrets, tokens and the like. */
export const credentialText: Rule = {
  name: 'credential-text',
  title: 'Values of passwords, secrets, tokens and cookies',
  anchors: [
    ...[...CREDENTIAL_ANCHORS, INSERT_ANCHOR].map((text) => ({ text, ignoreCase: true })),
    ...FLAG_ANCHORS.map((text) => ({ text })),
  ],
  find(text, anchorAt, found) {
    if (!isAt(text, anchorAt, LETTER)) return findAfterFlag(text, anchorAt, found);
    if (equalsAnyCaseAt(text, anchorAt, INSERT_ANCHOR)) return findInserted(text, anchorAt, found);
    const key = credentialKeyAt(text, anchorAt);
    if (!key) return false;
    const value = valueStartAfter(text, key);
    if (!value || isRedactedAt(text, value.at)) return false;
    // The scheme stays, and the rule for it says what was there.
    if (findCredentialAfterScheme(text, value.at, found)) return false;
    return findValue(text, { key, value }, found);
  },
};
