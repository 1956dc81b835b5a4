import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestGate } from '../otlp/gate.fixture.ts';
import {
  callHeaders,
  frame,
  openClient,
  openRaw,
  sendRaw,
  startReceiver,
  statusOf,
} from './receiver.fixture.ts';

const CHECK = '/grpc.health.v1.Health/Check';
const SERVING = Buffer.of(0x08, 1);

/** A HealthCheckRequest. */
function asking(service: string): Buffer {
  return Buffer.concat([Buffer.of(0x0a, service.length), Buffer.from(service)]);
}

test('the server and its services are SERVING, whoever asks and without being counted', async (context) => {
  const { asked, gate } = createTestGate();
  const { address, finished } = await startReceiver(context, { gate });
  const client = openClient(context, address);
  for (const service of ['', 'opentelemetry.proto.collector.trace.v1.TraceService']) {
    const answer = await client.call(CHECK, service === '' ? Buffer.alloc(0) : asking(service));
    assert.equal(answer.code, 'OK', answer.message);
    assert.ok(answer.body.equals(SERVING));
  }
  assert.deepEqual(asked, []);
  assert.deepEqual(finished, []);
});

test('a service that is not here is NOT_FOUND, and what cannot be read as well', async (context) => {
  const { address } = await startReceiver(context);
  const client = openClient(context, address);
  for (const message of [asking('nobody'), Buffer.alloc(200, 0x0a), Buffer.of(0x0a), Buffer.of(1, 2, 3)]) {
    assert.equal((await client.call(CHECK, message)).code, 'NOT_FOUND');
  }
  assert.equal((await client.call('/grpc.health.v1.Health/Watch', Buffer.alloc(0))).code, 'UNIMPLEMENTED');
});

test('a request of more than any name takes is refused', async (context) => {
  const { port } = await startReceiver(context);
  const body = frame(Buffer.alloc(5000));
  assert.equal(statusOf(await sendRaw(openRaw(context, port), callHeaders({}, CHECK), { body })), '8');
});
