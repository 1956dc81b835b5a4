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
  type Range,
  reserveBytes,
  writeFixed32,
  writeFixedDouble,
  writeLengthDelimited,
  writeVarint,
  writeVarint64,
} from './proto-out.ts';
import type { FieldKind } from './schema.ts';

const NOTHING = new Uint8Array(0);
const integer: Integer = { isNegative: false, lo: 0, hi: 0 };

const text: Range = { bytes: NOTHING, start: 0, end: 0 };

/** Points `text` at the string scanned last, escapes resolved. */
function takeText(source: JsonSource): void {
  text.bytes = source.hasEscape ? stringBytes(source) : source.bytes;
  text.start = source.hasEscape ? 0 : source.start;
  text.end = source.hasEscape ? text.bytes.length : source.end;
}

/** Points `text` at a number that stands bare or, where protobuf's JSON allows it, in quotes. */
function scanNumber(source: JsonSource): void {
  if (peekToken(source) === 0x22) {
    const at = source.at;
    scanString(source);
    takeText(source);
    if (numberEnd(text.bytes, text.start, text.end) !== text.end) failJson(at, 'expected a number');
    return;
  }
  const end = numberEnd(source.bytes, source.at, source.bytes.length);
  if (end < 0) failJson(source.at, 'expected a number');
  text.bytes = source.bytes;
  text.start = source.at;
  text.end = end;
  source.at = end;
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
  scanNumber(source);
  if (!parseInteger(integer, text.bytes, text.start, text.end) || !fits(kind))
    failJson(at, `not a value of type ${kind}`);
  writeInteger(out, kind);
}

const NAMED_DOUBLES = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function latin1(): string {
  const { bytes, start, end } = text;
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

function scanDouble(source: JsonSource): number {
  const at = source.at;
  if (peekToken(source) === 0x22) {
    scanString(source);
    takeText(source);
    const named = NAMED_DOUBLES.get(latin1());
    if (named !== undefined) return named;
    source.at = at;
  }
  scanNumber(source);
  const value = Number(latin1());
  return Number.isFinite(value) ? value : failJson(at, 'not a value of type double');
}

/** Writes the bytes of hex text of either case; none when it is not hex, so that only the item with it is refused. */
function writeHexBytes(out: ProtoOut): void {
  const { bytes, start, end } = text;
  let isHex = (end - start) % 2 === 0;
  for (let at = start; at < end && isHex; at++) isHex = hexDigit(bytes[at]!) >= 0;
  if (!isHex) {
    writeVarint(out, 0);
    return;
  }
  writeVarint(out, (end - start) / 2);
  reserveBytes(out, (end - start) / 2);
  for (let at = start; at < end; at += 2)
    out.bytes[out.at++] = hexDigit(bytes[at]!) * 16 + hexDigit(bytes[at + 1]!);
}

/** Standard and URL-safe alphabets, padded or not (protobuf's JSON mapping of `bytes`). */
function base64Bytes(padded: string, at: number): Uint8Array {
  const bare = padded.endsWith('==')
    ? padded.slice(0, -2)
    : padded.endsWith('=')
      ? padded.slice(0, -1)
      : padded;
  const isPadded = bare.length !== padded.length;
  if (!/^[A-Za-z0-9+/_-]*$/.test(bare) || bare.length % 4 === 1 || (isPadded && padded.length % 4 !== 0))
    failJson(at, 'not base64');
  return Buffer.from(bare, 'base64');
}

function transcodeText(out: ProtoOut, source: JsonSource, kind: FieldKind): void {
  const at = source.at;
  scanString(source);
  takeText(source);
  if (kind === 'string') writeLengthDelimited(out, text);
  else if (kind === 'id') writeHexBytes(out);
  else {
    const bytes = base64Bytes(latin1(), at);
    writeLengthDelimited(out, { bytes, start: 0, end: bytes.length });
  }
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
