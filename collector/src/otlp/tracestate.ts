/**
 * One more than the largest threshold: 2^56 values of randomness are told apart. As a threshold it keeps nothing
 * (OpenTelemetry specification, trace/tracestate-probability-sampling.md, "Rejection Threshold").
 */
export const KEEP_NOTHING = 1n << 56n;

const DIGITS = 14;
/** Recommended for SDKs, and the Collector's default (as above, "Converting floating-point probability"). */
const PRECISION = 4;
const MAX_PRECISION = 12;

/** What the `ot` member of a tracestate says of sampling; null where it says nothing. */
export interface OtState {
  /** Of `th`: the spans with less randomness are gone. */
  threshold: bigint | null;
  /** Of `rv`: 56 bits to be used in place of those of the trace id. */
  randomness: bigint | null;
}

const NOTHING: OtState = { threshold: null, randomness: null };

/**
 * The rejection threshold of a probability from 0 to 1, rounded to 4 hexadecimal digits after leading `f`s as the
 * specification does (trace/tracestate-probability-sampling.md, "Converting floating-point probability to threshold
 * value"). 0, which is no probability there, gives `KEEP_NOTHING`.
 */
export function thresholdOf(probability: number): bigint {
  const exact = KEEP_NOTHING - BigInt(Math.round(probability * Number(KEEP_NOTHING)));
  if (exact === KEEP_NOTHING) return exact;
  let digits = PRECISION;
  for (let rest = probability * 16; rest < 1 && digits < MAX_PRECISION; rest *= 16) digits++;
  const shift = BigInt(4 * (DIGITS - digits));
  const rounded = ((exact + (1n << (shift - 1n))) >> shift) << shift;
  return rounded < KEEP_NOTHING ? rounded : exact;
}

/** The share of spans that a threshold keeps, from 0 to 1. */
export function probabilityOf(threshold: bigint): number {
  return Number(KEEP_NOTHING - threshold) / Number(KEEP_NOTHING);
}

/** A threshold below 2^56 as in `th`: hexadecimal without the zeros at the end, `0` for zero. */
export function thresholdText(threshold: bigint): string {
  return threshold.toString(16).padStart(DIGITS, '0').replace(/0+$/, '') || '0';
}

/** Randomness as in `rv`: 14 hexadecimal digits. */
export function randomnessText(randomness: bigint): string {
  return randomness.toString(16).padStart(DIGITS, '0');
}

/** 1 to 14 hexadecimal digits, to be read with zeros behind them (trace/tracestate-handling.md, `th`); else null. */
export function parseThreshold(text: string): bigint | null {
  return /^[0-9a-fA-F]{1,14}$/.test(text) ? BigInt(`0x${text.padEnd(DIGITS, '0')}`) : null;
}

/** 14 hexadecimal digits (trace/tracestate-handling.md, `rv`), else null. */
export function parseRandomness(text: string): bigint | null {
  return /^[0-9a-fA-F]{14}$/.test(text) ? BigInt(`0x${text}`) : null;
}

/** The last 7 of the 16 bytes of a trace id (W3C Trace Context Level 2, "Randomness of trace-id"). */
export function randomnessAt(bytes: Uint8Array, traceIdAt: number): bigint {
  const at = traceIdAt + 9;
  const high = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  const low =
    ((bytes[at + 3]! << 24) | (bytes[at + 4]! << 16) | (bytes[at + 5]! << 8) | bytes[at + 6]!) >>> 0;
  return (BigInt(high) << 32n) | BigInt(low);
}

const MAX_OT_CHARS = 256;
const OT_PREFIX = 'ot=';
const OT_LIST = /^[a-z][a-z0-9]*:[A-Za-z0-9._-]*(?:;[a-z][a-z0-9]*:[A-Za-z0-9._-]*)*$/;

interface Parsed extends OtState {
  /** `key:value` of the `ot` member other than `th`; of a member that is at fault none. */
  pairs: string[];
  /** The list members other than `ot`. */
  others: string[];
}

function parse(tracestate: string): Parsed {
  const members = tracestate
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const others = members.filter((member) => !member.startsWith(OT_PREFIX));
  const text = members.find((member) => member.startsWith(OT_PREFIX))?.slice(OT_PREFIX.length);
  return { ...(parseOt(text ?? '') ?? { ...NOTHING, pairs: [] }), others };
}

/** Null for a member that is against the rules in any way: then nothing in it can be believed. */
function parseOt(text: string): (OtState & { pairs: string[] }) | null {
  if (text.length > MAX_OT_CHARS || !OT_LIST.test(text)) return null;
  const pairs = text.split(';').map((pair) => pair.split(':') as [key: string, value: string]);
  const values = new Map(pairs);
  if (values.size < pairs.length) return null;
  const th = values.get('th');
  const rv = values.get('rv');
  const threshold = th === undefined ? null : parseThreshold(th);
  const randomness = rv === undefined ? null : parseRandomness(rv);
  if ((th !== undefined && threshold === null) || (rv !== undefined && randomness === null)) return null;
  // First what later decisions need, should the member get too long.
  const rest = pairs.filter(([key]) => key !== 'th' && key !== 'rv').map((pair) => pair.join(':'));
  return { threshold, randomness, pairs: rv === undefined ? rest : [`rv:${rv}`, ...rest] };
}

/**
 * What a W3C tracestate says of sampling. An `ot` member with a fault counts as absent: bad grammar, more than 256
 * characters, a key twice, a `th` or `rv` that is none (trace/tracestate-handling.md).
 */
export function readOt(tracestate: string): OtState {
  if (!tracestate.includes(OT_PREFIX)) return NOTHING;
  const { threshold, randomness } = parse(tracestate);
  return { threshold, randomness };
}

const MAX_MEMBERS = 32;
const MAX_CHARS = 512;

/** As many of the parts, from the first on, as fit. */
function joined(parts: readonly string[], separator: string, maxChars: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : text + separator + part;
    if (longer.length > maxChars) break;
    text = longer;
  }
  return text;
}

/**
 * The tracestate with `th` set, or without it where `threshold` is null. The `ot` member goes to the front, as who changes a member has to do, and keeps its
 * other keys; the other members follow in their order. What is over 32 members or 512 characters is left out from
 * the end (W3C Trace Context, "Mutating the tracestate Field", "tracestate Limits").
 */
export function withThreshold(tracestate: string, threshold: bigint | null): string {
  const { others, pairs } = parse(tracestate);
  const th = threshold === null ? [] : [`th:${thresholdText(threshold)}`];
  const ot = joined([...th, ...pairs], ';', MAX_OT_CHARS);
  const members = ot === '' ? others : [OT_PREFIX + ot, ...others];
  return joined(members.slice(0, MAX_MEMBERS), ',', MAX_CHARS);
}

/** No more is believed of one span, or it could falsify every figure by up to 2^56. */
const MAX_WEIGHT = 1e6;

/**
 * How many spans a span with this tracestate stands for: the adjusted count, 1 / probability, from 1 to 1e6; 1 without a
 * `th` or with an `ot` member at fault (trace/tracestate-probability-sampling.md, "Converting threshold to an adjusted
 * count").
 */
export function weightOf(tracestate: string): number {
  const { threshold } = readOt(tracestate);
  return threshold === null ? 1 : Math.min(MAX_WEIGHT, 1 / probabilityOf(threshold));
}
