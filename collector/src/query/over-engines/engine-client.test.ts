import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { InterruptedError } from '#core/errors.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { EngineError } from '../engine-error.ts';
import { createEngineClient } from './engine-client.ts';

/** A client of a server that answers as told. */
async function ask(
  context: TestContext,
  answer: RequestListener,
  { tenants, timeoutMs = 5000 }: { timeoutMs?: number; tenants?: string[] } = {},
) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return createEngineClient({ name: 'Loki', url, timeoutMs, ...(tenants && { tenants }) }, { fetch });
}

async function faultOf(promise: Promise<unknown>): Promise<[kind: string, message: string]> {
  const error = await promise.then(
    () => assert.fail('it was answered'),
    (fault: unknown) => fault,
  );
  assert.ok(error instanceof EngineError, String(error));
  return [error.kind, error.message];
}

const PATH = { path: '/x' };

test('parameters travel in the address or as a form, those without a value do not, lists do more than once', async (context) => {
  const seen: string[] = [];
  const client = await ask(context, async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.url} ${body}`);
    response.end('{"a":1}');
  });
  const params = { q: '{a="b c"} & d', 'match[]': ['x', 'y'], none: undefined, limit: 5n };
  assert.deepEqual(await client.askJson({ path: '/x', params }, NEVER), { a: 1 });
  await client.askJson({ path: '/x', params, post: true }, NEVER);
  await client.askJson(PATH, NEVER);
  const form = 'q=%7Ba%3D%22b+c%22%7D+%26+d&match%5B%5D=x&match%5B%5D=y&limit=5';
  assert.deepEqual(seen, [`GET /x?${form} `, `POST /x ${form}`, 'GET /x ']);
});

test('tenants are asked for together, and nothing is said of them when there are none', async (context) => {
  const seen: unknown[] = [];
  const answer: RequestListener = (request, response) => {
    seen.push(request.headers['x-scope-orgid']);
    response.end('{}');
  };
  await (await ask(context, answer, { tenants: ['team-a', 'team-b'] })).askJson(PATH, NEVER);
  await (await ask(context, answer)).askJson(PATH, NEVER);
  assert.deepEqual(seen, ['team-a|team-b', undefined]);
});

test('a 404 is null, and a failure where JSON is expected', async (context) => {
  const client = await ask(context, (_request, response) =>
    response.writeHead(404).end('404 page not found'),
  );
  assert.equal(await client.ask(PATH, NEVER), null);
  assert.match((await faultOf(client.askJson(PATH, NEVER))).join(), /^failed,Loki at .* has no \/x/);
});

const REFUSALS: [status: number, body: string, kind: string, words: RegExp][] = [
  [400, 'parse error at line 1', 'refused', /^Loki does not take this query: parse error at line 1$/],
  [
    422,
    '{"status":"error","errorType":"execution","error":"too many samples"}',
    'refused',
    /: too many samples$/,
  ],
  [
    429,
    '{"message":"too many\\n outstanding requests"}',
    'unavailable',
    /\(429\): too many outstanding requests$/,
  ],
  [503, 'Ingester not ready', 'unavailable', /^Loki cannot answer now \(503\): Ingester not ready$/],
  [
    503,
    '{"errorType":"timeout","error":"query timed out"}',
    'timeout',
    /query timed out\. Try a shorter range/,
  ],
  [504, '', 'timeout', /no reason given/],
  [500, 'x'.repeat(5000), 'failed', /answered 500: x{400}$/],
];
for (const [status, body, kind, words] of REFUSALS) {
  test(`an answer ${status} "${body.slice(0, 30)}" is ${kind}, in the engine's words`, async (context) => {
    const client = await ask(context, (_request, response) => response.writeHead(status).end(body));
    const [seen, message] = await faultOf(client.ask(PATH, NEVER));
    assert.equal(seen, kind);
    assert.match(message, words);
  });
}

test('an engine that is down is named, with what to do', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise((resolve) => server.close(resolve));
  const client = createEngineClient({ name: 'Tempo', url, timeoutMs: 1000 }, { fetch });
  assert.deepEqual(await faultOf(client.ask(PATH, NEVER)), [
    'unavailable',
    `Tempo at ${url} does not answer (ECONNREFUSED). Is it up? \`docker compose ps tempo\``,
  ]);
});

test('an answer that points elsewhere is not followed', async (context) => {
  const asked: string[] = [];
  const client = await ask(context, (request, response) => {
    asked.push(request.url!);
    response.writeHead(302, { location: '/y' }).end();
  });
  assert.match((await faultOf(client.ask(PATH, NEVER)))[1], /unexpected redirect/);
  assert.deepEqual(asked, ['/x']);
});

test('an answer larger than allowed ends the request', async (context) => {
  const client = await ask(context, (_request, response) => response.end('x'.repeat(100_000)));
  const [kind, message] = await faultOf(client.ask({ path: '/x', maxBytes: 65_536 }, NEVER));
  assert.equal(kind, 'refused');
  assert.match(message, /larger than 0\.0625 MiB/);
});

test('an answer that is not JSON, or that breaks off, is a failure', async (context) => {
  const text = await ask(context, (_request, response) => response.end('<html>'));
  assert.equal((await faultOf(text.askJson(PATH, NEVER)))[0], 'failed');
  const cut = await ask(context, (_request, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('half', () => response.destroy());
  });
  assert.equal((await faultOf(cut.ask(PATH, NEVER)))[0], 'unavailable');
});

test('a slow answer ends at the limit, before its head or within its body', async (context) => {
  const silent = await ask(context, () => undefined, { timeoutMs: 50 });
  assert.deepEqual(await faultOf(silent.ask(PATH, NEVER)), [
    'timeout',
    'Loki did not answer within 0.05 s. Try a shorter range.',
  ]);
  const stuck = await ask(context, (_request, response) => response.writeHead(200).write('x'), {
    timeoutMs: 50,
  });
  assert.equal((await faultOf(stuck.ask(PATH, NEVER)))[0], 'timeout');
});

test('a reader that goes away ends the request, also one that waits for its turn', async (context) => {
  let running = 0;
  const client = await ask(context, (_request, response) => {
    running++;
    response.on('close', () => running--);
  });
  const gone = new AbortController();
  const asked = Array.from({ length: 20 }, () => client.ask(PATH, gone.signal));
  const ends = Promise.allSettled(asked);
  while (running < 8) await new Promise((resolve) => setTimeout(resolve, 5));
  gone.abort();
  for (const end of await ends) {
    assert.ok(end.status === 'rejected' && end.reason instanceof InterruptedError, JSON.stringify(end));
  }
  while (running > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});
