import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createPoster } from './post.ts';

/** A server that answers as soon as it hears something, and then reads no more. */
async function startRudeServer(context: TestContext, answer: string | null) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.pause();
      if (answer !== null) socket.write(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`);
}

const never = new AbortController().signal;

test('who answers early and reads no more does not keep the connections', async (context) => {
  const url = await startRudeServer(context, 'HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n');
  const poster = createPoster({ maxSockets: 2 });
  context.after(() => poster.close());
  const body = Buffer.alloc(8 << 20);
  for (let request = 0; request < 5; request++) {
    const result = await poster.post({ url, headers: {}, body, timeoutMs: 20_000, signal: never });
    assert.equal(result.kind === 'answer' ? result.status : result.reason, 503);
  }
});

test('a request that waits for a connection ends in its time as well', async (context) => {
  const url = await startRudeServer(context, null);
  const poster = createPoster({ maxSockets: 1 });
  context.after(() => poster.close());
  const post = (timeoutMs: number) =>
    poster.post({ url, headers: {}, body: Buffer.from('x'), timeoutMs, signal: never });
  const slow = post(60_000);
  const queued = await post(50);
  assert.deepEqual(queued, { kind: 'failed', reason: 'no complete answer within 50 ms' });
  poster.close();
  assert.equal((await slow).kind, 'failed');
});
