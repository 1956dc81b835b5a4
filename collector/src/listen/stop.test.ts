import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { answerOf, connectHttp2, connectRaw, curl, PREFACE, readAll, startHttp } from './listener.fixture.ts';

/** Answers when told to. */
function holdAnswers() {
  const held: ServerResponse[] = [];
  let notify = () => {};
  return {
    handler(_request: unknown, response: ServerResponse) {
      held.push(response);
      notify();
    },
    release: () => held.forEach((response) => void response.end('done')),
    async count(wanted: number) {
      while (held.length < wanted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        notify = resolve;
        await promise;
      }
    },
  };
}

test('a close lets requests of both protocols end, tells HTTP/2 to go, and refuses new ones', async (context) => {
  const { handler, release, count } = holdAnswers();
  const { server, url } = await startHttp(context, {}, handler);
  const session = connectHttp2(context, url);
  const goneAway = once(session, 'goaway');
  const overHttp2 = answerOf(session.request({ ':path': '/' }));
  const overHttp1 = curl('--http1.1', url);
  await count(2);
  const closed = once(server, 'close');
  server.close();
  const [code, lastStream] = await goneAway;
  assert.deepEqual([code, lastStream], [0, 1]);
  assert.equal((await curl(url)).code, 7);
  release();
  assert.equal((await overHttp2).text, 'done');
  assert.equal((await overHttp1).output, 'done [1.1 200]');
  // A keep-alive connection that became idle meanwhile.
  server.closeIdleConnections();
  await closed;
});

test('a close ends what is idle at once: silent, between requests, and sessions', async (context) => {
  const { server, port, url } = await startHttp(context);
  const session = connectHttp2(context, url);
  await answerOf(session.request({ ':path': '/' }));
  const between = connectRaw(context, port);
  between.write('GET / HTTP/1.1\r\nhost: test\r\n\r\n');
  await once(between, 'data');
  const silent = connectRaw(context, port);
  const preface = connectRaw(context, port);
  preface.write(PREFACE);
  await once(preface, 'data');
  const ended = [session, between, silent].map((connection) => once(connection, 'close'));
  await new Promise((resolve) => server.close(resolve));
  between.end();
  silent.end();
  await Promise.all(ended);
});

test('all connections are cut when asked, requests in flight too', async (context) => {
  const { handler, count } = holdAnswers();
  const { server, port, url } = await startHttp(context, {}, handler);
  const overHttp2 = answerOf(connectHttp2(context, url).request({ ':path': '/' }));
  const overHttp1 = curl('--http1.1', url);
  const silent = readAll(connectRaw(context, port));
  await count(2);
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await assert.rejects(overHttp2);
  assert.equal((await overHttp1).code, 52);
  await Promise.all([silent, closed]);
});

test('closing idle connections leaves sessions with a request alone', async (context) => {
  const { handler, release, count } = holdAnswers();
  const { server, url } = await startHttp(context, {}, handler);
  const busy = connectHttp2(context, url);
  const answer = answerOf(busy.request({ ':path': '/' }));
  const idle = connectHttp2(context, url);
  await Promise.all([once(idle, 'remoteSettings'), count(1)]);
  server.closeIdleConnections();
  await once(idle, 'close');
  release();
  await answer;
  const second = answerOf(busy.request({ ':path': '/' }));
  await count(2);
  release();
  assert.equal((await second).text, 'done');
});
