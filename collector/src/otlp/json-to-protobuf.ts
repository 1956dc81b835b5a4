import type { Signal } from '#core/signal.ts';
import { findJsonField, type JsonField, type JsonFields, jsonFieldsOf } from './json-fields.ts';
import { transcodeScalar } from './json-scalar.ts';
import {
  createJsonSource,
  enter,
  expectByte,
  failJson,
  hasNext,
  JsonFault,
  type JsonSource,
  peekToken,
  scanString,
  skipValue,
  stringBytes,
  takeWord,
} from './json-scan.ts';
import { closeSlot, createProtoOut, openSlot, type ProtoOut, protoBytes, writeVarint } from './proto-out.ts';
import { type MessageName, REQUESTS } from './schema.ts';

export type Transcoded = { ok: true; bytes: Uint8Array } | { ok: false; message: string };

const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COLON = 0x3a;

interface Work {
  source: JsonSource;
  out: ProtoOut;
}

/** Writes one nested message with its tag; a null in an array is an empty one, so that the others keep their place. */
function transcodeChild(work: Work, field: JsonField): void {
  writeVarint(work.out, field.tag);
  const slot = openSlot(work.out);
  peekToken(work.source);
  if (!takeWord(work.source, 'null')) transcodeMessage(work, field.message!);
  closeSlot(work.out, slot);
}

function transcodePacked(work: Work, field: JsonField): void {
  const { source, out } = work;
  writeVarint(out, field.tag);
  const slot = openSlot(out);
  enter(source);
  for (let isFirst = true; hasNext(source, isFirst, CLOSE_ARRAY); isFirst = false)
    transcodeScalar(out, source, field.kind);
  closeSlot(out, slot);
}

function transcodeList(work: Work, field: JsonField): void {
  const { source, out } = work;
  enter(source);
  for (let isFirst = true; hasNext(source, isFirst, CLOSE_ARRAY); isFirst = false) {
    if (field.kind === 'message') transcodeChild(work, field);
    else {
      writeVarint(out, field.tag);
      transcodeScalar(out, source, field.kind);
    }
  }
}

function transcodeField(work: Work, field: JsonField): void {
  const { source, out } = work;
  const byte = peekToken(source);
  if (takeWord(source, 'null')) return;
  if (field.repeated) {
    if (byte !== OPEN_ARRAY) failJson(source.at, `${field.name} must be an array`);
    if (field.isPacked) transcodePacked(work, field);
    else transcodeList(work, field);
  } else if (field.kind === 'message') transcodeChild(work, field);
  else {
    writeVarint(out, field.tag);
    transcodeScalar(out, source, field.kind);
  }
}

function takeField(source: JsonSource, fields: JsonFields): JsonField | undefined {
  scanString(source);
  if (!source.hasEscape) return findJsonField(fields, source);
  const bytes = stringBytes(source);
  return findJsonField(fields, { bytes, start: 0, end: bytes.length });
}

function transcodeMessage(work: Work, name: MessageName): void {
  const { source } = work;
  const fields = jsonFieldsOf(name);
  if (peekToken(source) !== OPEN_OBJECT) failJson(source.at, 'expected an object');
  enter(source);
  for (let isFirst = true; hasNext(source, isFirst, CLOSE_OBJECT); isFirst = false) {
    const field = takeField(source, fields);
    expectByte(source, COLON);
    if (field === undefined) skipValue(source);
    else transcodeField(work, field);
  }
}

/**
 * Turns an OTLP/JSON request into protobuf in one pass over its bytes, without a tree (OTLP specification, "JSON
 * Protobuf Encoding"): ids are hex, other bytes base64, enum values integers, 64-bit integers exact as text or
 * number, unknown keys skipped, null absent. Not ok: `message` says what is wrong and at which byte.
 */
export function jsonToProtobuf(signal: Signal, json: Uint8Array): Transcoded {
  if (json.length === 0) return { ok: true, bytes: new Uint8Array(0) };
  const work: Work = { source: createJsonSource(json), out: createProtoOut(json.length) };
  try {
    transcodeMessage(work, REQUESTS[signal]);
    if (peekToken(work.source) !== -1) failJson(work.source.at, 'unexpected text after the end');
  } catch (error) {
    if (error instanceof JsonFault) return { ok: false, message: error.message };
    throw error;
  }
  return { ok: true, bytes: protoBytes(work.out) };
}
