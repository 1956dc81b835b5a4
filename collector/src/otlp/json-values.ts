import {
  base64Text,
  int64Text,
  type JsonOut,
  uint64Text,
  writeAscii,
  writeHex,
  writeString,
} from './json-out.ts';
import type { FieldKind } from './schema.ts';
import {
  createCursor,
  doubleAt,
  readBool,
  readFixed32,
  readFixed64,
  readSint32,
  readUint32,
  readVarint64,
} from './wire.ts';

const cursor = createCursor();

/** A number, or its name in quotes where JSON has none (protobuf, "JSON Mapping"). */
function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function numberJson(kind: FieldKind, bytes: Uint8Array, start: number): string {
  cursor.at = start;
  switch (kind) {
    case 'bool':
      return readBool(bytes, cursor) ? 'true' : 'false';
    case 'double':
      return doubleJson(doubleAt(bytes, start));
    case 'uint32':
      return String(readUint32(bytes, cursor));
    case 'fixed32':
      return String(readFixed32(bytes, cursor));
    case 'sint32':
      return String(readSint32(bytes, cursor));
    case 'enum':
    case 'int32':
      return String(readUint32(bytes, cursor) | 0);
    case 'fixed64':
    case 'sfixed64':
      readFixed64(bytes, cursor);
      break;
    default:
      readVarint64(bytes, cursor);
  }
  const isSigned = kind === 'int64' || kind === 'sfixed64';
  return `"${isSigned ? int64Text(cursor.lo, cursor.hi) : uint64Text(cursor.lo, cursor.hi)}"`;
}

/** A value on the wire: after its tag, and after its length when it has one. */
export interface WireValue {
  kind: FieldKind;
  bytes: Uint8Array;
  start: number;
  end: number;
}

/**
 * Writes a value of any kind but `message` as OTLP/JSON has it (OTLP specification, "JSON Protobuf Encoding"): ids
 * hex, other bytes base64, 64-bit integers as text, enum values as integers.
 */
export function writeScalarJson(out: JsonOut, { bytes, end, kind, start }: WireValue): void {
  if (kind === 'string') writeString(out, bytes, start, end);
  else if (kind === 'id') writeHex(out, bytes, start, end);
  else if (kind === 'bytes') writeAscii(out, `"${base64Text(bytes, start, end)}"`);
  else writeAscii(out, numberJson(kind, bytes, start));
}
