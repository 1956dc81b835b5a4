import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Payload } from '#core/payload.ts';
import type { RecordInfo } from '#core/record.ts';
import type { Batch } from '#exporters/frame/destination.ts';
import type { Store } from '#store/store.ts';
import { logsPayload } from '#test/support/otlp-payload.ts';
import { createStoreDestination } from './store-destination.ts';

const payload = logsPayload({ service: 'a' }, [{ body: 'one' }]);
const signal = new AbortController().signal;

function batchOf(stored: Uint8Array, info: Partial<RecordInfo> = {}): Batch {
  const described = { ...payload, sequence: 1, itemsBefore: 0, encoding: 'identity' as const, ...info };
  const uncompressedBytes = payload.bytes.length;
  const record = { info: { ...described, storedBytes: stored.length, uncompressedBytes }, payload: stored };
  return { signal: 'logs', tenant: '', records: [record], items: 1, uncompressedBytes, isReplay: false };
}

function storeThat(write: (payloads: readonly Payload[]) => Promise<void>): Store {
  return { write, read: async () => [] } as unknown as Store;
}

const failing = (message: string) =>
  createStoreDestination(storeThat(() => Promise.reject(new Error(message))));

test('gzip records are decompressed, and progress goes with them', async () => {
  let seen: readonly Payload[] = [];
  const destination = createStoreDestination(
    storeThat(async (payloads) => {
      seen = payloads;
    }),
  );
  const outcome = await destination.send(batchOf(gzipSync(payload.bytes), { encoding: 'gzip' }), {
    signal,
    progressAfter: null,
  });
  assert.equal(outcome.kind, 'delivered');
  assert.deepEqual(Buffer.from(seen[0]!.bytes), Buffer.from(payload.bytes));
});

test('a record that grows beyond what was checked, or is no gzip, is refused', async () => {
  const destination = failing('not reached');
  for (const stored of [gzipSync(Buffer.alloc(1 << 20)), Buffer.from('no gzip')]) {
    const outcome = await destination.send(batchOf(stored, { encoding: 'gzip' }), {
      signal,
      progressAfter: null,
    });
    assert.equal(outcome.kind, 'refused');
  }
});

test('trouble with the disk is repeated; want of memory and what nobody knows may be the payload', async () => {
  const kindOf = async (message: string) =>
    (await failing(message).send(batchOf(payload.bytes), { signal, progressAfter: null })).kind;
  for (const message of [
    'IO Error: No space left on device',
    'IO Error: Could not set lock on file',
    'disk quota',
  ])
    assert.equal(await kindOf(message), 'retry', message);
  for (const message of [
    'Out of Memory Error: could not allocate block of size 256.0 KiB (511.9 MiB/512.0 MiB used)',
    'Out of Memory Error: failed to pin block of size 1.0 MiB',
    'Conversion Error: what is this',
  ])
    assert.equal(await kindOf(message), 'suspect', message);
});
