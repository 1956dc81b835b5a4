import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import type { Payload } from '#core/payload.ts';
import type { Batch, BatchRecord, Destination, SendOutcome } from '#exporters/frame/destination.ts';
import type { Store } from '#store/store.ts';

const gunzipAsync = promisify(gunzip);
/** Up to here the way to the thread pool and back costs more than the work. */
const AT_ONCE_BYTES = 256 * 1024;
/** What speaks of the disk or of files, and so not of a payload. */
const TROUBLE =
  /no space|disk|quota|I\/?O error|input\/output|read-only|permission|\block|no such file|cannot open|closed|corrupt/i;
/** Smaller batches may pass; what is only tried again would hold up all behind it. */
const WANT_OF_MEMORY = /out of memory|could not allocate|failed to (allocate|pin)/i;

/** The embedded store as a destination: rows and progress in one transaction, one batch at a time. */
export function createStoreDestination(store: Store): Destination {
  return {
    name: 'store',
    groupByEncoding: false,
    isTransactional: true,
    async send(batch, { progressAfter }) {
      let payloads: Payload[];
      try {
        payloads = await Promise.all(batch.records.map((record) => toPayload(batch, record)));
      } catch (error) {
        return { kind: 'refused', reason: `not to be decompressed: ${(error as Error).message}` };
      }
      try {
        const progress =
          progressAfter === null ? undefined : { signal: batch.signal, progress: progressAfter };
        await store.write(payloads, progress);
        return { kind: 'delivered', refusedItems: 0, message: '', progressSaved: progress !== undefined };
      } catch (error) {
        return failureOf(error as Error);
      }
    },
    async isReady() {
      await store.read('SELECT 1', {});
      return true;
    },
  };
}

function failureOf({ message }: Error): SendOutcome {
  return TROUBLE.test(message) && !WANT_OF_MEMORY.test(message)
    ? { kind: 'retry', reason: message, afterMs: null }
    : { kind: 'suspect', reason: message };
}

async function toPayload({ tenant }: Batch, { info, payload }: BatchRecord): Promise<Payload> {
  return {
    signal: info.signal,
    tenant,
    bytes: info.encoding === 'gzip' ? await decompress(payload, info.uncompressedBytes) : payload,
    gzip: null,
    items: info.items,
    receivedUnixNano: info.receivedUnixNano,
    minTimeUnixMs: info.minTimeUnixMs,
    maxTimeUnixMs: info.maxTimeUnixMs,
    longestItemBytes: info.longestItemBytes,
    source: info.source,
  };
}

/** The length was known when the payload was accepted; more than that is no longer what was checked. */
async function decompress(payload: Uint8Array, uncompressedBytes: number): Promise<Uint8Array> {
  const options = { maxOutputLength: Math.max(1, uncompressedBytes) };
  if (payload.length <= AT_ONCE_BYTES) return gunzipSync(payload, options);
  return gunzipAsync(payload, options);
}
