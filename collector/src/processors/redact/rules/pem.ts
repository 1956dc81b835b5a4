import type { Found, Rule, TextRange } from '../rule.ts';
import { BASE64, equalsAt, latin1, runEnd } from './bytes.ts';

const BEGIN = '-----BEGIN';
const END = '-----END';
const LABEL =
  /^-----(?:BEGIN|END)(?: |%20|\+)(?:[A-Z0-9]+(?: |%20|\+)){0,3}PRIVATE(?: |%20|\+)KEY(?:(?: |%20|\+)BLOCK)?-----/;
const LABEL_MAX_BYTES = 80;
const BASE64_BEGIN = 'LS0tLS1CRUdJTi';
const BASE64_SAMPLE_BYTES = 88;

function labelLength(text: TextRange, at: number): number {
  return LABEL.exec(latin1(text, at, at + LABEL_MAX_BYTES))?.[0].length ?? 0;
}

function findBlock(text: TextRange, anchorAt: number, found: Found): boolean {
  const begin = labelLength(text, anchorAt);
  if (begin === 0) return false;
  found.start = anchorAt;
  // Without an end line the key was cut off, and all the rest may be key.
  found.end = text.end;
  for (let at = anchorAt + begin; at < text.end; at++) {
    if (text.bytes[at] !== 0x2d || !equalsAt(text, at, END)) continue;
    const end = labelLength(text, at);
    if (end === 0) continue;
    found.end = at + end;
    break;
  }
  return true;
}

/** A key file in base64 once more, as in Kubernetes secrets. */
function findEncoded(text: TextRange, anchorAt: number, found: Found): boolean {
  const sample = latin1(text, anchorAt, anchorAt + BASE64_SAMPLE_BYTES);
  if (!Buffer.from(sample, 'base64').toString('latin1').includes('PRIVATE KEY')) return false;
  found.start = anchorAt;
  found.end = runEnd(text, anchorAt, BASE64);
  return true;
}

/** Private keys; certificates and public keys are no secret. */
export const pem: Rule = {
  name: 'pem',
  title: 'Private keys (PEM, OpenSSH, PGP)',
  anchors: [{ text: BEGIN }, { text: BASE64_BEGIN }],
  find(text, anchorAt, found) {
    return equalsAt(text, anchorAt, BEGIN)
      ? findBlock(text, anchorAt, found)
      : findEncoded(text, anchorAt, found);
  },
};
