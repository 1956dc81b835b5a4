import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { checkZstdFrames } from './zstd-frames.ts';

const TEXT = Buffer.from('a span, a log record and a metric. '.repeat(500));
const FRAME = zlib.zstdCompressSync(TEXT);
const SKIPPABLE = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

/** A frame made by the stream interface, which does not know the size ahead and so writes a window. */
function framed(params: Record<number, number>, bytes: Uint8Array): Promise<Buffer> {
  const stream = zlib.createZstdCompress({ params });
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.write(bytes.subarray(0, 10));
    stream.end(bytes.subarray(10));
  });
}

test('one frame, several frames and skippable frames end where the body ends', async () => {
  const checksummed = await framed({ [zlib.constants.ZSTD_c_checksumFlag]: 1 }, TEXT);
  for (const body of [
    [FRAME],
    [FRAME, FRAME],
    [SKIPPABLE, FRAME],
    [FRAME, SKIPPABLE],
    [checksummed],
    [checksummed, SKIPPABLE, FRAME],
    [zlib.zstdCompressSync(Buffer.alloc(0))],
    [zlib.zstdCompressSync(Buffer.alloc(3_000_000))],
  ]) {
    assert.equal(checkZstdFrames(Buffer.concat(body)), null);
  }
});

test('a cut at any byte is found', () => {
  const body = zlib.zstdCompressSync(TEXT, { params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 } });
  for (let length = 0; length < body.length; length++) {
    assert.notEqual(checkZstdFrames(body.subarray(0, length)), null, `${length} bytes`);
  }
});

test('the start of another frame at the end is found, which Node lets pass', () => {
  for (let length = 1; length < FRAME.length; length++) {
    const body = Buffer.concat([FRAME, FRAME.subarray(0, length)]);
    assert.notEqual(checkZstdFrames(body), null, `${length} bytes`);
  }
});

test('other bytes before or after a frame are found', () => {
  for (const extra of ['\0', '\0\0\0\0\0\0\0\0\0\0', 'x', 'garbage garbage']) {
    assert.match(checkZstdFrames(Buffer.concat([FRAME, Buffer.from(extra)]))!, /left after the last frame/);
  }
  assert.match(checkZstdFrames(Buffer.from('this is no zstd'))!, /not zstd/);
  assert.match(checkZstdFrames(Buffer.alloc(0))!, /empty/);
});

test('a window of 8 MiB passes, a larger one does not', async () => {
  const { ZSTD_c_windowLog } = zlib.constants;
  assert.equal(checkZstdFrames(await framed({ [ZSTD_c_windowLog]: 23 }, TEXT)), null);
  assert.match(checkZstdFrames(await framed({ [ZSTD_c_windowLog]: 24 }, TEXT))!, /8 MiB/);
});
