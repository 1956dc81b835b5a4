import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import fc from 'fast-check';
import {
  callHeaders,
  frame,
  openRaw,
  sendRaw,
  startReceiver as startGrpc,
  statusOf,
} from '../otlp-grpc/receiver.fixture.ts';
import { post, startReceiver as startHttp } from '../otlp-http/receiver.fixture.ts';
import { traceRequest } from './messages.fixture.ts';

/** gRPC code for what HTTP answers. */
const CODES: Readonly<Record<number, string>> = { 200: '0', 400: '3', 413: '8' };

const message = fc.oneof(
  fc.record({ good: fc.nat(20), bad: fc.nat(3), nameLength: fc.nat(3000) }).map(traceRequest),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.record({ good: fc.integer({ min: 1, max: 4 }) }).map(traceRequest), fc.nat(), fc.nat(255))
    .map(([bytes, at, value]) => {
      const changed = Buffer.from(bytes);
      changed[at % changed.length] = value;
      return changed;
    }),
);
const coding = fc.constantFrom('identity', 'gzip', 'zstd');

test('a request over gRPC is the same payload, byte for byte, as over HTTP, or is refused for the same reason', async (context) => {
  const limits = { max_items: 15 };
  const http = await startHttp(context, { ...limits, max_body_bytes: 20_000 });
  const grpc = await startGrpc(context, { ...limits, max_message_bytes: 20_000 });
  const session = openRaw(context, grpc.port);
  const compress = { identity: (bytes: Buffer) => bytes, gzip: zlib.gzipSync, zstd: zlib.zstdCompressSync };
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(message, coding, async (plain, encoding) => {
      const wire = compress[encoding](plain);
      const overHttp = await post(`${http.url}/v1/traces`, wire, { 'content-encoding': encoding });
      const body = frame(wire, { flag: encoding === 'identity' ? 0 : 1 });
      const overGrpc = await sendRaw(session, callHeaders({ 'grpc-encoding': encoding }), { body });
      const code = statusOf(overGrpc)!;
      codes.add(code);
      assert.equal(code, CODES[overHttp.response.status]);
      if (code === '0') assert.ok(overHttp.body.equals(overGrpc.body.subarray(5)));
      const [a, b] = [http.payloads.splice(0), grpc.payloads.splice(0)].map((payloads) =>
        payloads.map(({ receivedUnixNano: _, source: __, ...payload }) => payload),
      );
      assert.deepEqual(a, b);
      const [told, toldToo] = [http.finished.pop()!, grpc.finished.pop()!];
      assert.equal(told.reason, toldToo.reason);
      assert.deepEqual(
        [told.items, told.rejected, told.outcome],
        [toldToo.items, toldToo.rejected, toldToo.outcome],
      );
    }),
    { numRuns: 300 },
  );
  assert.deepEqual([...codes].sort(), ['0', '3', '8']);
});
