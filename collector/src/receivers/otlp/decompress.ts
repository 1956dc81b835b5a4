import zlib from 'node:zlib';
import type { BodyLease } from './body-budget.ts';
import { joinChunks } from './join-chunks.ts';
import { createTurns } from './turns.ts';
import { checkZstdFrames } from './zstd-frames.ts';

export type Decompressed =
  | { kind: 'done'; bytes: Uint8Array }
  | { kind: 'malformed'; message: string }
  | { kind: 'too_large' | 'no_memory' };

type Format = 'gzip' | 'zstd';
type Engine = zlib.Gunzip | zlib.ZstdDecompress;

export interface Decompressor {
  decompress(wire: Uint8Array, format: Format, lease: BodyLease): Promise<Decompressed>;
}

// Up to here one call on the event loop (some milliseconds) is cheaper than the way to the thread pool and back.
const AT_ONCE_WIRE_BYTES = 64 * 1024;
const AT_ONCE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
// The thread pool has four threads; more streams at once would only hold memory.
const MAX_STREAMS = 4;

const ZSTD_PARAMS = { [zlib.constants.ZSTD_d_windowLogMax]: 23 };
const TRAILING = 'bytes are left after the compressed data';

/**
 * Decompresses bodies of up to `maxBytes`: small ones at once, others in the thread pool, piece by piece.
 * Members (gzip) and frames (zstd) may follow each other; any other byte after them is an error, since
 * decoders stop there without a word and the rest of the body would be lost.
 */
export function createDecompressor(maxBytes: number): Decompressor {
  const turns = createTurns(MAX_STREAMS);
  return {
    async decompress(wire, format, lease) {
      const flaw = format === 'zstd' ? checkZstdFrames(wire) : null;
      if (flaw !== null) return { kind: 'malformed', message: flaw };
      if (wire.byteLength <= AT_ONCE_WIRE_BYTES) {
        const result = decompressAtOnce(wire, format, Math.min(maxBytes, AT_ONCE_BYTES));
        if (result.kind === 'done')
          return lease.grow(result.bytes.byteLength) ? result : { kind: 'no_memory' };
        if (result.kind !== 'too_large' || maxBytes <= AT_ONCE_BYTES) return result;
      }
      return turns.run(() => decompressInPieces(wire, format, { maxBytes, lease }));
    },
  };
}

function decompressAtOnce(wire: Uint8Array, format: Format, maxBytes: number): Decompressed {
  try {
    const options = { info: true, maxOutputLength: maxBytes, chunkSize: CHUNK_BYTES };
    const result: unknown =
      format === 'gzip'
        ? zlib.gunzipSync(wire, options)
        : zlib.zstdDecompressSync(wire, { ...options, params: ZSTD_PARAMS });
    const { buffer, engine } = withInfo(result);
    if (engine.bytesWritten !== wire.byteLength) return { kind: 'malformed', message: TRAILING };
    return { kind: 'done', bytes: new Uint8Array(buffer) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too_large' };
    return { kind: 'malformed', message: messageOf(error, format) };
  }
}

/** With `info: true` the synchronous calls of node:zlib return this; its types leave it out. */
function withInfo(result: unknown): { buffer: Uint8Array; engine: { bytesWritten: number } } {
  return result as { buffer: Uint8Array; engine: { bytesWritten: number } };
}

function decompressInPieces(
  wire: Uint8Array,
  format: Format,
  { maxBytes, lease }: { maxBytes: number; lease: BodyLease },
): Promise<Decompressed> {
  return new Promise((resolve) => {
    const engine: Engine =
      format === 'gzip'
        ? zlib.createGunzip({ chunkSize: CHUNK_BYTES })
        : zlib.createZstdDecompress({ chunkSize: CHUNK_BYTES, params: ZSTD_PARAMS });
    const pieces: Uint8Array[] = [];
    let total = 0;
    const finish = (result: Decompressed) => {
      engine.off('data', onData);
      engine.destroy();
      resolve(result);
    };
    const onData = (piece: Uint8Array) => {
      total += piece.byteLength;
      if (total > maxBytes) finish({ kind: 'too_large' });
      else if (lease.grow(piece.byteLength)) pieces.push(piece);
      else finish({ kind: 'no_memory' });
    };
    engine.on('data', onData);
    engine.on('error', (error) => finish({ kind: 'malformed', message: messageOf(error, format) }));
    engine.on('end', () => {
      const whole = engine.bytesWritten === wire.byteLength;
      finish(
        whole ? { kind: 'done', bytes: joinChunks(pieces, total) } : { kind: 'malformed', message: TRAILING },
      );
    });
    engine.end(wire);
  });
}

function messageOf(error: unknown, format: Format): string {
  return `not valid ${format}: ${(error as Error).message}`;
}
