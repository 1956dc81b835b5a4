import assert from 'node:assert/strict';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { createFakeTail, EXACT, LOG } from './api-answers.fixture.ts';
import { AS_OPERATOR, createTestApi, logIn, OPERATOR } from './api-server.fixture.ts';

let api: Awaited<ReturnType<typeof createTestApi>>;
let tails: ReturnType<typeof createFakeTail>[];
let port: number;
beforeEach(async () => {
  tails = [];
  api = await createTestApi({
    query: {
      tailLogs: () => {
        const tail = createFakeTail();
        tails.push(tail);
        return tail.tail;
      },
    },
  });
  ({ port } = await api.start());
});
afterEach(async () => {
  mock.timers.reset();
  await api.close();
});

test('log records come as events with their id, and integers stay exact', async () => {
  const reader = await openTail();
  assert.match(String(reader.response.headers['content-type']), /^text\/event-stream/);
  assert.equal(reader.response.headers['cache-control'], 'no-store');
  assert.equal(reader.response.headers['x-content-type-options'], 'nosniff');
  tails[0]!.push([LOG, { ...LOG, id: '18' }]);
  const text = await reader.until('id: 18');
  const [event] = text.split('\n\n').filter((part) => part.startsWith('id: 17'));
  assert.match(event!, /^id: 17\nevent: log\ndata: \{.*\}$/);
  assert.ok(event!.includes(`"attributes":${EXACT}`));
  reader.leave();
});

test('what was passed over is told before what comes next', async () => {
  const reader = await openTail();
  tails[0]!.push([LOG], 12);
  assert.match(
    await reader.until('event: log'),
    /event: dropped\ndata: \{"count":12\}\n\nid: 17\nevent: log/,
  );
  reader.leave();
});

test('a comment goes out every 15 s, so that idle connections are not cut', async () => {
  mock.timers.enable({ apis: ['setInterval'] });
  const reader = await openTail();
  mock.timers.tick(15_000);
  await reader.until(': still here\n\n');
  reader.leave();
});

test('when the reader leaves, its tail is closed and its place is free', async () => {
  const readers = [await openTail(), await openTail()];
  const refused = await api.get('/api/v1/logs/tail');
  assert.equal(refused.statusCode, 429);
  assert.equal(refused.json().error.code, 'too_many_tails');
  assert.equal(tails.length, 2);
  readers[0]!.leave();
  await eventually(() => tails[0]!.state.isClosed);
  const again = await openTail();
  again.leave();
  readers[1]!.leave();
  await eventually(() => tails.every(({ state }) => state.isClosed));
});

test('a tail that fails says so, ends, and frees its place', async () => {
  for (let i = 0; i < 4; i++) {
    const reader = await openTail();
    tails[i]!.fail(new Error('the store is closed'));
    assert.match(await reader.until('event: failed'), /data: \{"message":"the store is closed"\}/);
    await reader.ended;
    assert.ok(tails[i]!.state.isClosed);
  }
});

test('a reader that does not read stops the tail from being asked for more', async () => {
  const reader = await openTail();
  reader.response.pause();
  const { push, state } = tails[0]!;
  const large = { ...LOG, severityText: 'x'.repeat(256 * 1024) };
  for (let i = 0; i < 400; i++) push([large]);
  await settled(() => state.taken);
  assert.ok(state.taken < 400, `${state.taken} batches of 256 KiB were taken for a reader that reads none`);
  const before = state.taken;
  reader.response.resume();
  await eventually(() => state.taken > before);
  reader.leave();
  await eventually(() => state.isClosed);
});

test('a reader who has logged out gets nothing more, and their tail ends', async () => {
  const { cookie, headers } = await logIn(api, { token: OPERATOR });
  const reader = await openTail({ host: 'localhost', cookie });
  tails[0]!.push([LOG]);
  await reader.until('id: 17');
  await api.app.inject({ method: 'DELETE', url: '/api/v1/session', headers });
  tails[0]!.push([{ ...LOG, id: '18' }]);
  await reader.ended;
  assert.doesNotMatch(await reader.until('id: 17'), /id: 18/);
  await eventually(() => tails[0]!.state.isClosed);
});

test('a quiet tail ends as well once its token was revoked', async () => {
  mock.timers.enable({ apis: ['setInterval'] });
  const { record, token } = await api.access.tokens.create({
    name: 'ci',
    role: 'viewer',
    scopes: [],
    expiresUnixMs: null,
  });
  const reader = await openTail({ authorization: `Bearer ${token}` });
  await api.access.tokens.revoke(record.id);
  mock.timers.tick(15_000);
  await reader.ended;
  await eventually(() => tails[0]!.state.isClosed);
});

test('HEAD does not hold a tail open', async () => {
  const { statusCode } = await api.app.inject({
    method: 'HEAD',
    url: '/api/v1/logs/tail',
    headers: AS_OPERATOR,
  });
  assert.equal(statusCode, 404);
  assert.equal(tails.length, 0);
});

test('stopping the server ends open tails', async () => {
  const reader = await openTail();
  await api.stop();
  await reader.ended;
  await eventually(() => tails[0]!.state.isClosed);
});

async function openTail(headers: Record<string, string> = AS_OPERATOR) {
  const { promise, reject, resolve } = Promise.withResolvers<IncomingMessage>();
  const request = get({ port, host: '127.0.0.1', path: '/api/v1/logs/tail', headers }, resolve);
  request.on('error', reject);
  const response = await promise;
  assert.equal(response.statusCode, 200);
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  response.on('error', () => {});
  return {
    response,
    ended: new Promise<void>((done) => response.once('close', done)),
    leave: () => request.destroy(),
    async until(part: string): Promise<string> {
      await eventually(() => text.includes(part));
      return text;
    },
  };
}

/** Waits for the event loop to get there; the runner's own limit ends a wait without end. */
async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Waits until `read` gives the same number 20 times in a row. */
async function settled(read: () => number): Promise<void> {
  for (let same = 0, last = -1; same < 20; same = read() === last ? same + 1 : 0) {
    last = read();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
