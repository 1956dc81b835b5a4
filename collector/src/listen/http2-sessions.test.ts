import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  answerOf,
  connectHttp2,
  connectRaw,
  curl,
  frame,
  PREFACE,
  readAll,
  startHttp,
} from './listener.fixture.ts';

const { constants } = http2;
const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const GOAWAY = 7;
const END_HEADERS = 4;
const END_STREAM = 1;
/** `:scheme http` and `:path /` of the static table, then `:authority test` (RFC 7541, appendix A and section 6.2.2). */
const ROOT = Buffer.concat([Buffer.from([0x86, 0x84, 0x01, 4]), Buffer.from('test')]);
const GET = Buffer.concat([Buffer.from([0x82]), ROOT]);
const POST = Buffer.concat([Buffer.from([0x83]), ROOT]);

/** A session over a bare connection; `frames` is what has come when the other side closes it. */
async function openSession(context: TestContext, port: number) {
  const socket = connectRaw(context, port);
  const text = readAll(socket);
  socket.write(PREFACE);
  socket.write(frame(SETTINGS));
  await once(socket, 'data');
  return { socket, frames: async () => framesIn(Buffer.from(await text, 'latin1')) };
}

function framesIn(bytes: Buffer): { type: number; stream: number; content: Buffer }[] {
  const frames = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3);
    const stream = bytes.readUInt32BE(at + 5);
    frames.push({ type: bytes[at + 3]!, stream, content: bytes.subarray(at + 9, end) });
    at = end;
  }
  return frames;
}

/** Writes until the other side closes or `count` were written. */
async function flood(socket: Socket, count: number, piece: (index: number) => Buffer): Promise<void> {
  for (let index = 0; index < count && !socket.destroyed && socket.writable; index += 100) {
    const batch = Array.from({ length: 100 }, (_, offset) => piece(index + offset));
    await new Promise((resolve) => socket.write(Buffer.concat(batch), resolve));
  }
}

test('requests that are started and reset end the connection, and others are served', async (context) => {
  let asked = 0;
  const { port, url } = await startHttp(context, {}, (_request, response) => {
    asked += 1;
    response.end();
  });
  const { socket, frames } = await openSession(context, port);
  const cancel = Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL]);
  await flood(socket, 100_000, (index) => {
    const stream = 2 * index + 1;
    return Buffer.concat([
      frame(HEADERS, POST, { flags: END_HEADERS, stream }),
      frame(RST_STREAM, cancel, { stream }),
    ]);
  });
  assert.ok((await frames()).some(({ type }) => type === GOAWAY));
  // What was read in one go with the last that is allowed is served too.
  assert.ok(asked > 0 && asked < 5_000, `${asked} requests`);
  assert.equal((await curl('--http2-prior-knowledge', url)).output, ' [2 200]');
});

test('floods of pings, of settings and of empty frames end the connection', async (context) => {
  const { port, url } = await startHttp(context);
  const floods = {
    pings: () => frame(PING, Buffer.alloc(8)),
    settings: () => frame(SETTINGS),
    empty: () => frame(DATA, Buffer.alloc(0), { stream: 1 }),
  };
  for (const [name, piece] of Object.entries(floods)) {
    const { socket, frames } = await openSession(context, port);
    socket.write(frame(HEADERS, POST, { flags: END_HEADERS, stream: 1 }));
    await flood(socket, 100_000, piece);
    const answered = (await frames()).filter(({ type }) => type === PING || type === SETTINGS).length;
    assert.ok(answered < 1000, `${answered} answers to ${name}`);
  }
  assert.equal((await curl('--http2-prior-knowledge', url)).output, '2.0 0 [2 200]');
});

test('pings now and then are answered', async (context) => {
  const { url } = await startHttp(context);
  const session = connectHttp2(context, url);
  await once(session, 'connect');
  for (let count = 0; count < 50; count += 1) {
    await new Promise<void>((resolve, reject) => {
      session.ping((error) => (error === null ? resolve() : reject(error)));
    });
  }
});

test('headers above the limit reset the request, and the next one is answered', async (context) => {
  let asked = 0;
  const { url } = await startHttp(context, {}, (_request, response) => {
    asked += 1;
    response.end('ok');
  });
  const session = connectHttp2(context, url);
  const large = { ':path': '/', 'x-large': 'x'.repeat(20_000) };
  await assert.rejects(answerOf(session.request(large)));
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, 'y']));
  await assert.rejects(answerOf(session.request({ ':path': '/', ...many })));
  assert.equal(asked, 0);
  assert.equal((await answerOf(session.request({ ':path': '/' }))).text, 'ok');
});

test('the limit of headers holds for a client that never confirms the settings, and is ahead of them', async (context) => {
  let asked = 0;
  const { port } = await startHttp(context, { http2: { maxHeaderListSize: 500 } }, (_request, response) => {
    asked += 1;
    response.end();
  });
  const { socket, frames } = await openSession(context, port);
  const header = (length: number) =>
    Buffer.concat([Buffer.from([0x10, 1, 0x61, length]), Buffer.alloc(length, 'b')]);
  for (const [stream, headers] of [
    [1, Array.from({ length: 12 }, () => header(10))],
    [3, Array.from({ length: 4 }, () => header(126))],
    [5, [header(10)]],
  ] as const) {
    const block = Buffer.concat([GET, ...headers]);
    socket.write(frame(HEADERS, block, { flags: END_HEADERS | END_STREAM, stream }));
  }
  socket.end();
  const answers = (await frames()).filter(({ type }) => type === RST_STREAM || type === HEADERS);
  const refused = answers.filter(({ type }) => type === RST_STREAM);
  assert.deepEqual(
    refused.map(({ stream, content }) => [stream, content.readUInt32BE(0)]),
    [
      [1, constants.NGHTTP2_ENHANCE_YOUR_CALM],
      [3, constants.NGHTTP2_ENHANCE_YOUR_CALM],
    ],
  );
  assert.ok(answers.some(({ type, stream }) => type === HEADERS && stream === 5));
  assert.equal(asked, 1);
});

test('a block of headers that never ends ends the connection', async (context) => {
  const { port } = await startHttp(context);
  const { socket, frames } = await openSession(context, port);
  const CONTINUATION = 9;
  // A literal that is never indexed (RFC 7541, section 6.2.3): name `a`, value of 100 bytes.
  const header = Buffer.concat([Buffer.from([0x10, 1, 0x61, 100]), Buffer.alloc(100, 'b')]);
  socket.write(frame(HEADERS, GET, { stream: 1 }));
  await flood(socket, 100_000, () => frame(CONTINUATION, header, { stream: 1 }));
  assert.ok((await frames()).some(({ type }) => type === GOAWAY));
});

test('more requests at once than allowed are refused in a way that clients repeat', async (context) => {
  const held: (() => void)[] = [];
  const { url } = await startHttp(context, { http2: { maxConcurrentStreams: 2 } }, (_request, response) => {
    held.push(() => response.end());
  });
  const session = connectHttp2(context, url);
  // A client that has not heard of the limit yet.
  const streams = Array.from({ length: 3 }, () => session.request({ ':path': '/' }));
  const results = streams.map((stream) => answerOf(stream));
  await assert.rejects(results[2]!, /reset with 7|NGHTTP2_REFUSED_STREAM/);
  for (const release of held) release();
  await Promise.all(results.slice(0, 2));
});

test('a session without requests is ended, whether silent, pinging or in the middle of headers', async (context) => {
  const { port } = await startHttp(context, { http2: { idleTimeoutMs: 150 } });
  const silent = await openSession(context, port);
  const pinging = await openSession(context, port);
  const timer = setInterval(() => pinging.socket.write(frame(PING, Buffer.alloc(8))), 20);
  context.after(() => clearInterval(timer));
  const halfway = await openSession(context, port);
  halfway.socket.write(frame(HEADERS, GET, { stream: 1 }));
  for (const { frames } of [silent, pinging, halfway]) {
    assert.ok((await frames()).some(({ type }) => type === GOAWAY));
  }
});

test('a request that takes longer than the idle time is answered', async (context) => {
  const { url } = await startHttp(context, { http2: { idleTimeoutMs: 50 } }, (_request, response) => {
    setTimeout(() => response.end('late'), 200);
  });
  const session = connectHttp2(context, url);
  assert.equal((await answerOf(session.request({ ':path': '/' }))).text, 'late');
  await once(session, 'close');
});

test('what is no HTTP/2 after the preface ends the connection', async (context) => {
  const { port, url } = await startHttp(context);
  for (const bytes of [
    Buffer.alloc(100, 0xff),
    frame(HEADERS, Buffer.from([0xff, 0xff, 0xff]), { flags: END_HEADERS | END_STREAM, stream: 1 }),
    frame(DATA, Buffer.from('x'), { stream: 1 }),
    frame(HEADERS, GET, { flags: END_HEADERS, stream: 2 }),
  ]) {
    const { socket, frames } = await openSession(context, port);
    socket.write(bytes);
    assert.ok((await frames()).some(({ type }) => type === GOAWAY));
  }
  assert.equal((await curl('--http2-prior-knowledge', url)).output, '2.0 0 [2 200]');
});

test('headers of a connection, which HTTP/2 forbids, are refused', async (context) => {
  let asked = 0;
  const { port } = await startHttp(context, {}, (_request, response) => {
    asked += 1;
    response.end();
  });
  const { socket, frames } = await openSession(context, port);
  const name = Buffer.from('transfer-encoding');
  const value = Buffer.from('chunked');
  const header = Buffer.concat([Buffer.from([0x10, name.length]), name, Buffer.from([value.length]), value]);
  socket.write(frame(HEADERS, Buffer.concat([POST, header]), { flags: END_HEADERS, stream: 1 }));
  socket.end();
  const reset = (await frames()).find(({ type }) => type === RST_STREAM);
  assert.equal(reset?.content.readUInt32BE(0), constants.NGHTTP2_PROTOCOL_ERROR);
  assert.equal(asked, 0);
});
