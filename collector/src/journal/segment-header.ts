import { crc32 } from 'node:zlib';
import type { Position } from '#core/record.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { readUint64, writeUint64 } from './layout.ts';

export const SEGMENT_HEADER_BYTES = 64;
export const FORMAT_VERSION = 1;
const MAGIC = Buffer.from('SBXJRNL\n');
const CHECKED_FROM = 12;
const NAME = /^(\d{20})-([0-9a-f]{32})\.seg$/;

export interface SegmentHeader {
  version: number;
  signal: Signal;
  /** 32 hexadecimal digits, the same in all segments of a journal. */
  journalId: string;
  /** Of the first record in it. */
  start: Position;
  /** On the journal's own clock, see steady-clock.ts. */
  createdMs: number;
}

/** The file name of a segment; with what is needed to read its records when its header is damaged. */
export function segmentName(first: number, journalId: string): string {
  return `${String(first).padStart(20, '0')}-${journalId}.seg`;
}

/** What a file name says of a segment; null when the file is none. */
export function parseSegmentName(name: string): { first: number; journalId: string } | null {
  const match = NAME.exec(name);
  return match === null ? null : { first: Number(match[1]), journalId: match[2]! };
}

export function encodeSegmentHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(header.version, 12);
  bytes.writeUInt8(SIGNALS.indexOf(header.signal), 14);
  bytes.write(header.journalId, 16, 'hex');
  writeUint64(bytes, header.start.sequence, 32);
  writeUint64(bytes, header.start.itemsBefore, 40);
  writeUint64(bytes, header.createdMs, 48);
  bytes.writeUInt32LE(crc32(bytes.subarray(CHECKED_FROM)), 8);
  return bytes;
}

/**
 * The header of a segment, or null when it is cut off or damaged. Of a newer format only `version` is to be
 * believed: magic, checksum and version stay where they are in every format.
 */
export function decodeSegmentHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < SEGMENT_HEADER_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (bytes.readUInt32LE(8) !== crc32(bytes.subarray(CHECKED_FROM, SEGMENT_HEADER_BYTES))) return null;
  const version = bytes.readUInt16LE(12);
  const signal = SIGNALS[bytes.readUInt8(14)];
  if (version <= FORMAT_VERSION && signal === undefined) return null;
  return {
    version,
    signal: signal ?? 'traces',
    journalId: bytes.toString('hex', 16, 32),
    start: { sequence: readUint64(bytes, 32), itemsBefore: readUint64(bytes, 40) },
    createdMs: readUint64(bytes, 48),
  };
}
