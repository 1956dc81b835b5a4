import {
  createJsonOut,
  type JsonOut,
  resetJson,
  writeAscii,
  writeByte,
  writeJson,
  writeStringContent,
} from '#otlp/json-out.ts';
import { cutMark } from './fit-text.ts';

/** Something that leaves its place. */
export interface Moved {
  /** About its size; the smallest are written first. */
  bytes: number;
  read(): MovedText;
}

export interface MovedText {
  key: Uint8Array;
  text: Uint8Array;
  /** The text is JSON already, and not the content of a string. */
  isJson: boolean;
  /** Some of it is missing already. */
  isCut?: boolean;
}

export interface MovedObject {
  json: Uint8Array;
  /** Something is cut or left out. */
  isCut: boolean;
}

/** Each gets at least this much room; for whom there is none is only counted. Holds two marks of a cut. */
const LEAST_BYTES = 96;
/** For the braces and for how many were left out. */
const FRAME_BYTES = 36;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

const out = createJsonOut();

function escapedBytes(byte: number): number {
  if (byte === QUOTE || byte === 0x5c) return 2;
  if (byte >= 0x20) return 1;
  return byte >= 0x08 && byte <= 0x0d && byte !== 0x0b ? 2 : 6;
}

/** Where the text ends of which the escaped form has at most `maxBytes`: at its end, or between two characters. */
function fittingEnd(text: Uint8Array, maxBytes: number): number {
  let size = 0;
  let character = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]!;
    if ((byte & 0xc0) !== 0x80) character = at;
    size += escapedBytes(byte);
    if (size > maxBytes) return character;
  }
  return text.length;
}

/** Writes a JSON string of at most `maxBytes`; true when the text had to be cut for it. */
function writeCutString(json: JsonOut, text: Uint8Array, maxBytes: number): boolean {
  let end = fittingEnd(text, maxBytes - 2);
  const isCut = end < text.length;
  if (isCut) end = fittingEnd(text, maxBytes - 2 - cutMark(text.length).length);
  writeByte(json, QUOTE);
  writeStringContent(json, text, 0, end);
  if (isCut) writeAscii(json, cutMark(text.length - end));
  writeByte(json, QUOTE);
  return isCut;
}

/** Bytes of the text as a JSON string; anything above `maxBytes` when it is longer. */
function stringBytes(text: Uint8Array, maxBytes: number): number {
  let size = 2;
  for (let at = 0; at < text.length && size <= maxBytes; at++) size += escapedBytes(text[at]!);
  return size;
}

/** Writes one member of at most `maxBytes`, the comma before it included; true when something is cut. */
function writeMember(json: JsonOut, { key, text, isJson }: MovedText, maxBytes: number): boolean {
  const from = json.at;
  if (from > 1) writeByte(json, COMMA);
  const room = maxBytes - (json.at - from) - 1;
  const keyBytes = stringBytes(key, room);
  const isWhole = keyBytes + (isJson ? text.length : stringBytes(text, room)) <= room;
  const isKeyCut = writeCutString(json, key, isWhole ? keyBytes : room >> 1);
  writeByte(json, COLON);
  if (!isJson || !isWhole) return writeCutString(json, text, maxBytes - (json.at - from)) || isKeyCut;
  writeJson(json, {
    buffer: Buffer.from(text.buffer, text.byteOffset, text.length),
    at: text.length,
    isAscii: false,
  });
  return isKeyCut;
}

/**
 * What was moved as one JSON object of at most `roomBytes`. The smallest come first, and each may have an equal share
 * of the room that is left; what is longer is cut, and becomes a string by that. `signalbox.left_out` counts those
 * that are not in it at all, which are `leftOut` and whoever finds no room.
 */
export function movedObject(moved: readonly Moved[], leftOut: number, roomBytes: number): MovedObject {
  const most = Math.max(0, Math.floor((roomBytes - FRAME_BYTES) / LEAST_BYTES));
  const sorted = moved.toSorted((a, b) => a.bytes - b.bytes).slice(0, most);
  resetJson(out);
  writeByte(out, 0x7b);
  let isCut = false;
  for (const [index, item] of sorted.entries()) {
    const room = roomBytes - FRAME_BYTES - out.at;
    const text = item.read();
    if (writeMember(out, text, Math.floor(room / (sorted.length - index))) || text.isCut) isCut = true;
  }
  const missing = leftOut + moved.length - sorted.length;
  if (missing > 0) writeAscii(out, `${out.at > 1 ? ',' : ''}"signalbox.left_out":${missing}`);
  writeByte(out, 0x7d);
  return { json: Buffer.from(out.buffer.subarray(0, out.at)), isCut: isCut || missing > 0 };
}
