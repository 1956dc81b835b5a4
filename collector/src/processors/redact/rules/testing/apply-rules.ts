import type { Anchor, Found, Rule, TextRange } from '../../rule.ts';

/** One redaction: the rule and the text it found. */
export interface Finding {
  rule: string;
  text: string;
  start: number;
  end: number;
}

interface Candidate {
  rule: Rule;
  rank: number;
  anchor: Anchor;
  /** Of the anchor's text: each byte in lower case and in upper case, or twice the same. */
  lower: Uint8Array;
  upper: Uint8Array;
}

/** Candidates by the byte their anchor begins with. */
type Index = Candidate[][];

const indexes = new WeakMap<readonly Rule[], Index>();

function indexOf(rules: readonly Rule[]): Index {
  const known = indexes.get(rules);
  if (known) return known;
  const index: Index = Array.from({ length: 256 }, () => []);
  rules.forEach((rule, rank) => {
    for (const anchor of rule.anchors) {
      const { ignoreCase = false, text } = typeof anchor === 'string' ? { text: '' } : anchor;
      const lower = Buffer.from(ignoreCase ? text.toLowerCase() : text);
      const upper = Buffer.from(ignoreCase ? text.toUpperCase() : text);
      const first = typeof anchor === 'string' ? Buffer.from('0123456789') : [lower[0]!, upper[0]!];
      for (const byte of new Set(first)) index[byte]!.push({ rule, rank, anchor, lower, upper });
    }
  });
  for (const candidates of index) candidates.sort((left, right) => left.rank - right.rank);
  indexes.set(rules, index);
  return index;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isAnchor({ anchor, lower, upper }: Candidate, text: TextRange, at: number): boolean {
  const { bytes, from, end } = text;
  if (typeof anchor === 'string') return at === from || !isDigit(bytes[at - 1]);
  if (at + lower.length > end) return false;
  if (anchor.startsWord && at > from && /\w/.test(String.fromCharCode(bytes[at - 1]!))) return false;
  for (let i = 0; i < lower.length; i++) {
    const byte = bytes[at + i];
    if (byte !== lower[i] && byte !== upper[i]) return false;
  }
  return true;
}

/** What the rules find in `text`, from left to right. A plain reading of the contract, slow. */
export function findAll(text: string | Uint8Array, rules: readonly Rule[]): Finding[] {
  const bytes = typeof text === 'string' ? Buffer.from(text) : Buffer.from(text);
  const index = indexOf(rules);
  const range: TextRange = { bytes, from: 0, end: bytes.length };
  const findings: Finding[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const found: Found = { start: -1, end: -1 };
    const hit = index[bytes[at]!]!.find(
      (candidate) => isAnchor(candidate, range, at) && candidate.rule.find(range, at, found),
    );
    if (!hit) continue;
    if (found.start < range.from || found.end <= found.start || found.end > bytes.length || found.end < at) {
      throw new Error(`${hit.rule.name} found [${found.start}, ${found.end}) from ${range.from} at ${at}`);
    }
    const value = bytes.toString('utf8', found.start, found.end);
    findings.push({ rule: hit.rule.name, text: value, start: found.start, end: found.end });
    range.from = found.end;
    at = found.end - 1;
  }
  return findings;
}

/** `text` with all that the rules find replaced. */
export function applyRules(text: string, rules: readonly Rule[]): string {
  const bytes = Buffer.from(text);
  const parts: string[] = [];
  let from = 0;
  for (const { rule, start, end } of findAll(text, rules)) {
    parts.push(
      bytes.toString('utf8', from, start),
      rule === 'signed-url' ? 'REDACTED' : `[redacted:${rule}]`,
    );
    from = end;
  }
  return parts.join('') + bytes.toString('utf8', from);
}
