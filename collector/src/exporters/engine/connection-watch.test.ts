import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createPoster } from '../http/post.ts';
import { createConnectionWatch } from './connection-watch.ts';

const SERVER = `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, request.url === '/closing' ? { connection: 'close' } : {}).end());
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

/** A server in a process of its own, that can be killed. */
async function start(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'watch-'));
  await writeFile(join(folder, 'server.mjs'), SERVER);
  const child = fork(join(folder, 'server.mjs'));
  const [port] = (await once(child, 'message')) as [number];
  const poster = createPoster({ maxSockets: 2 });
  t.after(async () => {
    poster.close();
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const post = async (path = '/') => {
    const { signal } = new AbortController();
    const url = new URL(`http://127.0.0.1:${port}${path}`);
    const result = await poster.post({ url, headers: {}, body: Buffer.from('x'), timeoutMs: 5000, signal });
    assert.ok(result.kind === 'answer');
    return result;
  };
  return { child, post };
}

test('a server that lives on confirms, one that is killed does not, nor does it later', async (t) => {
  const { child, post } = await start(t);
  const brief = createConnectionWatch(50);
  assert.equal(await brief.staysOpen(await post()), true);
  const long = createConnectionWatch(60_000);
  const answer = await post();
  const waiting = [answer, await post(), answer].map((each) => long.staysOpen(each));
  child.kill('SIGKILL');
  assert.deepEqual(await Promise.all(waiting), [false, false, false]);
  assert.equal(await brief.staysOpen(answer), false);
});

test('a server that closes each connection is believed, as it would never be confirmed', async (t) => {
  const { post } = await start(t);
  const watch = createConnectionWatch(60_000);
  const before = watch.staysOpen(await post());
  assert.equal(await watch.staysOpen(await post('/closing')), true);
  assert.equal(await before, true);
});

test('closing the watch ends every wait', async (t) => {
  const { post } = await start(t);
  const watch = createConnectionWatch(60_000);
  const waiting = watch.staysOpen(await post());
  watch.close();
  assert.equal(await waiting, false);
});
