import type { Found, Rule, TextRange } from '../rule.ts';
import { byteAt, endsEscape, equalsAt, isAt, runEnd, URL64 } from './bytes.ts';

const DOT_BYTE = 0x2e;
const MIN_HEADER_BYTES = 10;
const MIN_PAYLOAD_BYTES = 8;

/** Where the base64url part at `start` ends when a dot follows it, or -1. */
function dottedPartEnd(text: TextRange, start: number): number {
  const end = runEnd(text, start, URL64);
  return byteAt(text, end) === DOT_BYTE ? end : -1;
}

function find(text: TextRange, anchorAt: number, found: Found): boolean {
  // Runs are long, so only the first place in a run may begin a token.
  if (isAt(text, anchorAt - 1, URL64) && !endsEscape(text, anchorAt)) return false;
  const header = dottedPartEnd(text, anchorAt);
  if (header - anchorAt < MIN_HEADER_BYTES) return false;
  const payloadStart = header + 1;
  const payload = runEnd(text, payloadStart, URL64);
  // An encrypted token has an empty second part when its key is used directly.
  const isEncrypted = payload === payloadStart && equalsAt(text, payload, '.');
  if (payload - payloadStart < MIN_PAYLOAD_BYTES && !isEncrypted) return false;
  let end = payload;
  for (let part = 0; part < 3 && byteAt(text, end) === DOT_BYTE; part++) {
    const next = runEnd(text, end + 1, URL64);
    if (next === end + 1) break;
    end = next;
  }
  if (end === payload && !equalsAt(text, payloadStart, 'eyJ')) return false;
  found.start = anchorAt;
  found.end = end;
  return true;
}

/** JSON web tokens: signed, encrypted or without a signature. */
export const jwt: Rule = { name: 'jwt', title: 'JSON web tokens', anchors: [{ text: 'eyJ' }], find };
