import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { ANONYMOUS } from '#core/gate.ts';
import { createBodyBudget } from './body-budget.ts';
import { createDecompressor } from './decompress.ts';

const MIB = 1024 * 1024;
const COMPRESS = { gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync } as const;
const FORMATS = ['gzip', 'zstd'] as const;
// The first is decompressed at once, the second expands too far for that, the third is too long for it.
const BODIES = {
  small: Buffer.from('hello '.repeat(200)),
  expanding: Buffer.alloc(3 * MIB, 'abcdefgh'),
  long: randomBytes(200_000),
};

function run(wire: Uint8Array, format: 'gzip' | 'zstd', { maxBytes = 8 * MIB, budgetBytes = 64 * MIB } = {}) {
  return createDecompressor(maxBytes).decompress(
    wire,
    format,
    createBodyBudget(budgetBytes, () => 0).lease(ANONYMOUS),
  );
}

for (const format of FORMATS) {
  const compress = COMPRESS[format];
  for (const [size, body] of Object.entries(BODIES)) {
    test(`${format}: a ${size} body comes out as it went in, in memory of its own`, async () => {
      const result = await run(compress(body), format);
      assert.equal(result.kind, 'done');
      assert.ok(body.equals(result.bytes));
      assert.equal(result.bytes.buffer.byteLength, body.byteLength);
    });

    test(`${format}: a ${size} body may come in several pieces`, async () => {
      const half = body.length >> 1;
      const wire = Buffer.concat([compress(body.subarray(0, half)), compress(body.subarray(half))]);
      const result = await run(wire, format);
      assert.equal(result.kind, 'done');
      assert.ok(body.equals(result.bytes));
    });

    test(`${format}: any byte after a ${size} body is an error`, async () => {
      const wire = compress(body);
      const extras = ['\0', '\0\0\0\0\0', 'g', 'garbage', '\x1f', '\x1f\x8b', '\x1f\x8b\x08', '\0\x1f\x8b'];
      const starts = [1, 2, 3, 4, 5, 9, 10].map((length) => wire.subarray(0, length));
      for (const extra of [...extras.map((text) => Buffer.from(text, 'latin1')), ...starts]) {
        const result = await run(Buffer.concat([wire, extra]), format);
        assert.equal(result.kind, 'malformed', extra.toString('hex'));
      }
    });

    test(`${format}: a ${size} body that is cut short is an error`, async () => {
      const wire = compress(body);
      for (const length of [0, 1, 5, 10, wire.length >> 1, wire.length - 8, wire.length - 1]) {
        const result = await run(wire.subarray(0, length), format);
        assert.equal(result.kind, 'malformed', `${length} of ${wire.length} bytes`);
      }
    });
  }

  test(`${format}: a bomb ends at the limit`, async () => {
    const bomb = compress(Buffer.alloc(64 * MIB));
    assert.deepEqual(await run(bomb, format), { kind: 'too_large' });
    assert.deepEqual(await run(bomb, format, { maxBytes: 100_000 }), { kind: 'too_large' });
  });

  test(`${format}: exactly the limit passes, one byte more does not`, async () => {
    for (const maxBytes of [1000, 2 * MIB]) {
      assert.equal((await run(compress(Buffer.alloc(maxBytes)), format, { maxBytes })).kind, 'done');
      assert.equal((await run(compress(Buffer.alloc(maxBytes + 1)), format, { maxBytes })).kind, 'too_large');
    }
  });

  test(`${format}: with no memory left it stops`, async () => {
    for (const body of Object.values(BODIES)) {
      const budget = createBodyBudget(1000, () => 0);
      budget.lease(ANONYMOUS).grow(900);
      const result = await createDecompressor(8 * MIB).decompress(
        compress(body),
        format,
        budget.lease(ANONYMOUS),
      );
      assert.deepEqual(result, { kind: 'no_memory' });
    }
  });

  test(`${format}: a flipped byte never throws`, async () => {
    const wire = compress(BODIES.small);
    for (let at = 0; at < wire.length; at++) {
      const broken = Buffer.from(wire);
      broken[at]! ^= 0x55;
      const result = await run(broken, format);
      assert.ok(['done', 'malformed', 'too_large'].includes(result.kind));
    }
  });
}

test('many bodies at once come out right', async () => {
  const decompressor = createDecompressor(8 * MIB);
  const budget = createBodyBudget(1024 * MIB, () => 0);
  const wire = zlib.gzipSync(BODIES.expanding);
  const results = await Promise.all(
    Array.from({ length: 12 }, () => decompressor.decompress(wire, 'gzip', budget.lease(ANONYMOUS))),
  );
  assert.ok(results.every((result) => result.kind === 'done' && BODIES.expanding.equals(result.bytes)));
});
