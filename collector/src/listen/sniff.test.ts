import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectRaw, listenLocally, PREFACE } from './listener.fixture.ts';
import { type Sniffed, sniff } from './sniff.ts';

/** What the first connection is found to be, and the text that whoever takes it reads. */
async function sniffed(context: TestContext, pieces: readonly (string | Uint8Array)[], { end = false } = {}) {
  const found = Promise.withResolvers<{ found: Sniffed; text: () => Promise<string> }>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const text = async () => {
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      await once(socket, 'end');
      return Buffer.concat(chunks).toString('latin1');
    };
    sniff(socket, end || pieces.length > 0 ? 20_000 : 20, (protocol) =>
      found.resolve({ found: protocol, text }),
    );
  });
  const port = await listenLocally(server);
  context.after(() => server.close());
  const client = connectRaw(context, port);
  client.setNoDelay(true);
  await once(client, 'connect');
  for (const piece of pieces) {
    await new Promise((resolve) => client.write(piece, resolve));
    // Each piece is to arrive alone.
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (end) client.end();
  const result = await found.promise;
  return {
    found: result.found,
    async text() {
      const text = result.text();
      client.end();
      return text;
    },
  };
}

test('a preface in one piece with what follows is HTTP/2, and all of it is still there', async (context) => {
  const { found, text } = await sniffed(context, [`${PREFACE}and more`]);
  assert.equal(found, 'http2');
  assert.equal(await text(), `${PREFACE}and more`);
});

test('a preface byte by byte is HTTP/2', async (context) => {
  const { found, text } = await sniffed(context, [...PREFACE]);
  assert.equal(found, 'http2');
  assert.equal(await text(), PREFACE);
});

test('one wrong byte at the end of the preface leaves it to HTTP/1.1', async (context) => {
  const almost = `${PREFACE.slice(0, -1)}x`;
  const { found, text } = await sniffed(context, [almost.slice(0, 23), almost.slice(23)]);
  assert.equal(found, 'http1');
  assert.equal(await text(), almost);
});

test('requests of HTTP/1.1 are known by their first two bytes, even POST and PUT', async (context) => {
  for (const start of ['G', 'PO', 'PU', 'PRO', '\0']) {
    const { found, text } = await sniffed(context, [start]);
    assert.equal(found, 'http1', start);
    assert.equal(await text(), start);
  }
});

test('a TLS handshake is known by its first byte', async (context) => {
  const { found, text } = await sniffed(context, [Buffer.from([0x16, 3, 1])]);
  assert.equal(found, 'tls');
  assert.equal(await text(), '\x16\x03\x01');
});

test('a connection that says nothing is told', async (context) => {
  assert.equal((await sniffed(context, [])).found, 'silent');
});

test('a connection that ends within the preface is told', async (context) => {
  assert.equal((await sniffed(context, ['PRI'], { end: true })).found, 'ended');
});
