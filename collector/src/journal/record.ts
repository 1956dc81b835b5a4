import { crc32 } from 'node:zlib';
import type { Payload, Source } from '#core/payload.ts';
import type { ContentEncoding, Position, RecordInfo } from '#core/record.ts';
import type { Signal } from '#core/signal.ts';
import { asBuffer, readUint64, writeUint64 } from './layout.ts';

/** "SBR1" as a little-endian number. */
const MAGIC = 0x31524253;
export const RECORD_MAGIC = Buffer.from('SBR1');
export const RECORD_HEADER_BYTES = 72;
const CHECKED_FROM = 8;
export const MAX_TENANT_BYTES = 1024;

const ENCODINGS: readonly ContentEncoding[] = ['identity', 'gzip'];
const SOURCES: readonly Source[] = ['otlp_http', 'self', 'otlp_grpc'];

/** A record's header as found on disk; its own checksum held. */
export interface RecordHeader extends RecordInfo {
  /** Of tenant and payload. */
  checksum: number;
  tenantBytes: number;
}

/** Bytes of the whole record: header, tenant, payload. */
export function recordBytes(header: { tenantBytes: number; storedBytes: number }): number {
  return RECORD_HEADER_BYTES + header.tenantBytes + header.storedBytes;
}

/** A payload as the chunks of its record; `place` comes from the journal. Layout: journal/README.md. */
export function encodeRecord(payload: Payload, place: Position, seed: number): Uint8Array[] {
  const stored = payload.gzip ?? payload.bytes;
  const tenant = Buffer.from(payload.tenant);
  if (tenant.length > MAX_TENANT_BYTES) throw new RangeError(`tenant of ${tenant.length} bytes`);
  const checksum = crc32(stored, crc32(tenant));
  const header = encodeHeader(payload, place, { checksum, tenantBytes: tenant.length, seed });
  return tenant.length === 0 ? [header, stored] : [header, tenant, stored];
}

function encodeHeader(
  payload: Payload,
  place: Position,
  rest: { checksum: number; tenantBytes: number; seed: number },
): Buffer {
  const header = Buffer.alloc(RECORD_HEADER_BYTES);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE((payload.gzip ?? payload.bytes).length, 8);
  header.writeUInt32LE(rest.checksum, 12);
  writeUint64(header, place.sequence, 16);
  writeUint64(header, place.itemsBefore, 24);
  header.writeUInt32LE(payload.items, 32);
  header.writeUInt32LE(payload.bytes.length, 36);
  header.writeBigUInt64LE(payload.receivedUnixNano, 40);
  writeUint64(header, payload.minTimeUnixMs, 48);
  writeUint64(header, payload.maxTimeUnixMs, 56);
  header.writeUInt32LE(payload.longestItemBytes, 64);
  header.writeUInt16LE(rest.tenantBytes, 68);
  header.writeUInt8(ENCODINGS.indexOf(payload.gzip === null ? 'identity' : 'gzip'), 70);
  header.writeUInt8(SOURCES.indexOf(payload.source), 71);
  header.writeUInt32LE(crc32(header.subarray(CHECKED_FROM), rest.seed), 4);
  return header;
}

/**
 * What header checksums of a journal begin with: nobody outside knows the id, so that bytes which somebody sent
 * cannot pass for a record when readers look for the next one behind damage.
 */
export function seedOf(journalId: string): number {
  return crc32(Buffer.from(journalId, 'hex'));
}

/**
 * The header at `at`, or null when no record with a right checksum begins there. `bytes` must hold the header and,
 * to name its tenant, the tenant behind it; without that the tenant is cut short.
 */
export function decodeHeader(
  bytes: Buffer,
  at: number,
  { seed, signal }: { seed: number; signal: Signal },
): RecordHeader | null {
  if (at + RECORD_HEADER_BYTES > bytes.length || bytes.readUInt32LE(at) !== MAGIC) return null;
  const header = bytes.subarray(at, at + RECORD_HEADER_BYTES);
  if (header.readUInt32LE(4) !== crc32(header.subarray(CHECKED_FROM), seed)) return null;
  const encoding = ENCODINGS[header.readUInt8(70)];
  const source = SOURCES[header.readUInt8(71)];
  if (encoding === undefined || source === undefined) return null;
  const tenantBytes = header.readUInt16LE(68);
  const tenantAt = at + RECORD_HEADER_BYTES;
  return {
    signal,
    storedBytes: header.readUInt32LE(8),
    checksum: header.readUInt32LE(12),
    sequence: readUint64(header, 16),
    itemsBefore: readUint64(header, 24),
    items: header.readUInt32LE(32),
    uncompressedBytes: header.readUInt32LE(36),
    receivedUnixNano: header.readBigUInt64LE(40),
    minTimeUnixMs: readUint64(header, 48),
    maxTimeUnixMs: readUint64(header, 56),
    longestItemBytes: header.readUInt32LE(64),
    tenantBytes,
    tenant: tenantBytes === 0 ? '' : bytes.toString('utf8', tenantAt, tenantAt + tenantBytes),
    encoding,
    source,
  };
}

/** Whether `body`, tenant and payload of a record, is what was written. */
export function isIntact(header: { checksum: number }, body: Uint8Array): boolean {
  return crc32(asBuffer(body)) === header.checksum;
}
