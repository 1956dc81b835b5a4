import type { Signal } from '#core/signal.ts';
import { type FieldLayout, type MessageLayout, messageLayout, type Places } from './json-layout.ts';
import { createJsonOut, type JsonOut, jsonText, writeAscii, writeByte } from './json-out.ts';
import { writeScalarJson } from './json-values.ts';
import { type MessageName, REQUESTS } from './schema.ts';
import { createCursor, readUint32, skipField } from './wire.ts';

export interface ProtobufToJsonOptions {
  /** Over many lines, as `JSON.stringify(value, null, 2)` does; what lies deeper than 40 levels stays on one line. */
  pretty?: boolean;
  /** Most bytes of the result, 256 MiB unless given. */
  maxBytes?: number;
}

/** So that what is nested deep and tiny does not become spaces a hundredfold. */
const MAX_INDENTED = 40;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const SPACE = 0x20;
const LENGTH_DELIMITED = 2;
const BREAKS = Array.from({ length: MAX_INDENTED + 1 }, (_, level) => `\n${'  '.repeat(level)}`);

interface Work {
  bytes: Uint8Array;
  out: JsonOut;
  isPretty: boolean;
  maxBytes: number;
  level: number;
}

const cursor = createCursor();

/** Finds the values of one message; fields may come in any order and mixed. */
function placesOf(bytes: Uint8Array, layout: MessageLayout, start: number, end: number): Places {
  const places: Places = { ranges: [], chosen: new Map() };
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    let from = cursor.at;
    if ((tag & 7) === LENGTH_DELIMITED) {
      const length = readUint32(bytes, cursor);
      from = cursor.at;
      cursor.at += length;
    } else skipField(bytes, cursor, tag);
    const field = tag < 256 ? layout.fields[layout.byTag[tag]! - 1] : undefined;
    if (field !== undefined) note(bytes, places, field, { tag, from, to: cursor.at });
  }
  return places;
}

function note(
  bytes: Uint8Array,
  places: Places,
  field: FieldLayout,
  found: { tag: number; from: number; to: number },
): void {
  const { index, oneof, repeated, wire } = field;
  const { from, tag, to } = found;
  if (oneof !== undefined) places.chosen.set(oneof, index);
  const known = places.ranges[index];
  const ranges = known !== undefined && repeated ? known : [];
  places.ranges[index] = ranges;
  if ((tag & 7) === wire) ranges.push(from, to);
  else pushPacked(ranges, bytes, wire, { from, to });
}

/** Single values of a packed run; leaves the cursor at its end. */
function pushPacked(
  ranges: number[],
  bytes: Uint8Array,
  wire: number,
  run: { from: number; to: number },
): void {
  cursor.at = run.from;
  while (cursor.at < run.to) {
    const at = cursor.at;
    skipField(bytes, cursor, wire);
    ranges.push(at, cursor.at);
  }
}

function breakLine({ isPretty, level, out }: Work, inner: number): void {
  if (isPretty && inner <= MAX_INDENTED) writeAscii(out, BREAKS[level]!);
}

function open(work: Work, byte: number): void {
  writeByte(work.out, byte);
  work.level++;
}

function separate(work: Work, isFirst: boolean): void {
  if (!isFirst) writeByte(work.out, COMMA);
  breakLine(work, work.level);
}

function close(work: Work, byte: number, isEmpty: boolean): void {
  work.level--;
  if (!isEmpty) breakLine(work, work.level + 1);
  writeByte(work.out, byte);
}

function writeElement(work: Work, { kind, message }: FieldLayout, start: number, end: number): void {
  if (message === undefined) writeScalarJson(work.out, { kind, bytes: work.bytes, start, end });
  else writeMessage(work, message, start, end);
}

function writeList(work: Work, field: FieldLayout, ranges: readonly number[]): void {
  open(work, OPEN_ARRAY);
  for (let at = 0; at < ranges.length && work.out.at <= work.maxBytes; at += 2) {
    separate(work, at === 0);
    writeElement(work, field, ranges[at]!, ranges[at + 1]!);
  }
  close(work, CLOSE_ARRAY, ranges.length === 0);
}

function writeMessage(work: Work, name: MessageName, start: number, end: number): void {
  const layout = messageLayout(name);
  const { chosen, ranges } = placesOf(work.bytes, layout, start, end);
  let isFirst = true;
  open(work, OPEN_OBJECT);
  for (const field of layout.fields) {
    const found = ranges[field.index];
    if (found === undefined || (field.oneof !== undefined && chosen.get(field.oneof) !== field.index))
      continue;
    separate(work, isFirst);
    isFirst = false;
    writeAscii(work.out, field.label);
    if (work.isPretty) writeByte(work.out, SPACE);
    if (field.repeated) writeList(work, field, found);
    else writeElement(work, field, found[0]!, found[1]!);
  }
  close(work, CLOSE_OBJECT, isFirst);
}

/**
 * Turns a checked request into OTLP/JSON (OTLP specification, "JSON Protobuf Encoding"). What is on the wire is
 * written, also where it is a default; what is not is left out, and so are unknown fields. Fields come in the order of
 * the schema. Null when that would be longer than `maxBytes`. Linear in the bytes.
 */
export function protobufToJson(
  signal: Signal,
  bytes: Uint8Array,
  { maxBytes = DEFAULT_MAX_BYTES, pretty = false }: ProtobufToJsonOptions = {},
): string | null {
  const work: Work = { bytes, out: createJsonOut(), isPretty: pretty, maxBytes, level: 0 };
  writeMessage(work, REQUESTS[signal], 0, bytes.length);
  return work.out.at > maxBytes ? null : jsonText(work.out);
}
