import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { standBehind } from '../otlp/behind.fixture.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';
import { createCallLog } from './call-log.ts';
import { createCalls } from './calls.ts';
import { defaultConfig, openClient, retryAfterOf, TRACES } from './receiver.fixture.ts';

test('a call that comes while stopping is UNAVAILABLE with RetryInfo, and health is NOT_SERVING', async (context) => {
  const { deps, finished, payloads } = standBehind();
  const log = createCallLog({ ...deps, remoteAddressOf: () => null });
  const onCall = createCalls(defaultConfig(), { ...deps, log, isStopping: () => true });
  const server = http2.createServer();
  server.on('stream', (stream: http2.ServerHttp2Stream, ...[headers, , rawHeaders]) =>
    onCall({ stream, headers, rawHeaders }),
  );
  context.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = openClient(context, `127.0.0.1:${(server.address() as AddressInfo).port}`);
  const answer = await client.call(TRACES, traceRequest());
  assert.equal(answer.code, 'UNAVAILABLE');
  assert.equal(retryAfterOf(answer), 5);
  assert.match(finished[0]!.reason!, /stopping/);
  assert.equal(payloads.length, 0);
  const health = await client.call('/grpc.health.v1.Health/Check', Buffer.alloc(0));
  assert.deepEqual([...health.body], [0x08, 2]);
});
