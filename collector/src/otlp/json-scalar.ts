import { type Integer, negate, parseInteger } from './json-integer.ts';
import {
  failJson,
  hexDigit,
  type JsonSource,
  numberEnd,
  peekToken,
  scanString,
  stringBytes,
  takeWord,
} from './json-scan.ts';
import {
  type ProtoOut,
  writeFixed32,
  writeFixedDouble,
  writeLengthDelimited,
  writeVarint,
  writeVarint64,
} from './proto-out.ts';
import type { FieldKind } from './schema.ts';

const NOTHING = new Uint8Array(0);
const integer: Integer = { isNegative: false, lo: 0, hi: 0 };

/** The text of a number that stands bare or, where protobuf's JSON allows it, in quotes. */
function scanNumber(source: JsonSource): Uint8Array {
  const at = source.at;
  if (peekToken(source) === 0x22) {
    scanString(source);
    const text = stringBytes(source);
    return numberEnd(text, 0, text.length) === text.length && text.length > 0
      ? text
      : failJson(at, 'expected a number');
  }
  const end = numberEnd(source.bytes, source.at, source.bytes.length);
  if (end < 0) failJson(source.at, 'expected a number');
  const text = source.bytes.subarray(source.at, end);
  source.at = end;
  return text;
}

/** Whether the magnitude in `integer` fits a signed integer of 32 or 64 bits. */
function fitsSigned(bits: 32 | 64): boolean {
  const { isNegative, lo, hi } = integer;
  const top = bits === 64 ? hi : lo;
  const isLowest = isNegative && top === 0x8000_0000 && (bits === 32 || lo === 0);
  return (bits === 64 || hi === 0) && (top < 0x8000_0000 || isLowest);
}

function fits(kind: FieldKind): boolean {
  const isZero = integer.lo === 0 && integer.hi === 0;
  switch (kind) {
    case 'int32':
    case 'sint32':
    case 'enum':
      return fitsSigned(32);
    case 'int64':
    case 'sfixed64':
      return fitsSigned(64);
    case 'uint32':
    case 'fixed32':
      return integer.hi === 0 && (!integer.isNegative || isZero);
    default:
      return !integer.isNegative || isZero;
  }
}

function writeInteger(out: ProtoOut, kind: FieldKind): void {
  negate(integer);
  const { lo, hi } = integer;
  if (kind === 'fixed64' || kind === 'sfixed64') {
    writeFixed32(out, lo);
    writeFixed32(out, hi);
  } else if (kind === 'fixed32') writeFixed32(out, lo);
  else if (kind === 'sint32') writeVarint(out, ((lo << 1) ^ (lo >> 31)) >>> 0);
  else writeVarint64(out, lo, hi);
}

function transcodeInteger(out: ProtoOut, source: JsonSource, kind: FieldKind): void {
  const at = source.at;
  if (kind === 'enum' && peekToken(source) === 0x22)
    failJson(at, 'names of enum values are not allowed in OTLP/JSON, use the integer');
  const text = scanNumber(source);
  if (!parseInteger(integer, text, 0, text.length) || !fits(kind))
    failJson(at, `not a value of type ${kind}`);
  writeInteger(out, kind);
}

const NAMED_DOUBLES = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function scanDouble(source: JsonSource): number {
  const at = source.at;
  if (peekToken(source) === 0x22) {
    scanString(source);
    const named = NAMED_DOUBLES.get(latin1(stringBytes(source)));
    if (named !== undefined) return named;
    source.at = at;
  }
  const value = Number(latin1(scanNumber(source)));
  return Number.isFinite(value) ? value : failJson(at, 'not a value of type double');
}

/** The bytes of hex text of either case; nothing when it is not hex, so that only the item with it is refused. */
function hexBytes(text: Uint8Array): Uint8Array {
  if (text.length % 2 !== 0) return NOTHING;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = hexDigit(text[i * 2]!);
    const low = hexDigit(text[i * 2 + 1]!);
    if (high < 0 || low < 0) return NOTHING;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** Standard and URL-safe alphabets, padded or not (protobuf's JSON mapping of `bytes`). */
function base64Bytes(text: string, at: number): Uint8Array {
  const bare = text.endsWith('==') ? text.slice(0, -2) : text.endsWith('=') ? text.slice(0, -1) : text;
  const isPadded = bare.length !== text.length;
  if (!/^[A-Za-z0-9+/_-]*$/.test(bare) || bare.length % 4 === 1 || (isPadded && text.length % 4 !== 0))
    failJson(at, 'not base64');
  return Buffer.from(bare, 'base64');
}

function transcodeText(out: ProtoOut, source: JsonSource, kind: FieldKind): void {
  const at = source.at;
  scanString(source);
  const text = stringBytes(source);
  if (kind === 'string') writeLengthDelimited(out, text);
  else writeLengthDelimited(out, kind === 'id' ? hexBytes(text) : base64Bytes(latin1(text), at));
}

/** Writes the JSON value that is next, without a tag, as protobuf of `kind`; any kind but `message`. */
export function transcodeScalar(out: ProtoOut, source: JsonSource, kind: FieldKind): void {
  peekToken(source);
  switch (kind) {
    case 'string':
    case 'id':
    case 'bytes':
      transcodeText(out, source, kind);
      return;
    case 'bool':
      if (takeWord(source, 'true')) writeVarint(out, 1);
      else if (takeWord(source, 'false')) writeVarint(out, 0);
      else failJson(source.at, 'expected true or false');
      return;
    case 'double':
      writeFixedDouble(out, scanDouble(source));
      return;
    default:
      transcodeInteger(out, source, kind);
  }
}
