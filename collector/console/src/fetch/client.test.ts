import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiClientDeps, createApiClient } from './client.ts';

type Answer = Response | Error;

function clientOver(answers: Answer[]) {
  const asked: string[] = [];
  const logins: number[] = [];
  const deps: ApiClientDeps = {
    async fetch(path) {
      asked.push(path);
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('nothing left');
      return answer;
    },
    onLoginNeeded: () => logins.push(1),
  };
  return { client: createApiClient({ retryDelaysMs: [0, 0] }, deps), asked, logins };
}

const open = () => new AbortController().signal;

test('what may pass by itself is tried again', async () => {
  const { client, asked } = clientOver([
    new TypeError('offline'),
    new Response('', { status: 503 }),
    new Response('{"ok":9007199254740993}'),
  ]);
  assert.deepEqual(await client.get('/api/x', open()), { ok: true, data: { ok: 9007199254740993n } });
  assert.equal(asked.length, 3);
});

test('a mistake in the request is not tried again and says what the API said', async () => {
  const body = JSON.stringify({ error: { code: 'bad_time', message: 'from is not a time' } });
  const { client, asked } = clientOver([new Response(body, { status: 400 })]);
  const outcome = await client.get('/api/x', open());
  assert.deepEqual(outcome, {
    ok: false,
    failure: { kind: 'http', status: 400, message: 'from is not a time' },
  });
  assert.equal(asked.length, 1);
});

test('a missing session asks for the login', async () => {
  const { client, logins } = clientOver([new Response('', { status: 401 })]);
  const outcome = await client.get('/api/x', open());
  assert.equal(outcome.ok, false);
  assert.equal(logins.length, 1);
});

test('an answer that is not JSON is a failure and not a throw', async () => {
  const { client } = clientOver([new Response('<html>')]);
  const outcome = await client.get('/api/x', open());
  assert.ok(!outcome.ok && outcome.failure.kind === 'invalid');
});

test('giving up stops the waiting between tries', async () => {
  const abort = new AbortController();
  const client = createApiClient(
    { retryDelaysMs: [600_000] },
    {
      fetch: async () => {
        queueMicrotask(() => abort.abort());
        return new Response('', { status: 503 });
      },
      onLoginNeeded: () => {},
    },
  );
  await assert.rejects(client.get('/api/x', abort.signal), { name: 'AbortError' });
});

test('a change without content is sent without a type, and an empty answer is null', async () => {
  let sent: RequestInit = {};
  const client = createApiClient(
    { retryDelaysMs: [0] },
    {
      fetch: async (_path, init) => {
        sent = init;
        return new Response(null, { status: 204 });
      },
      onLoginNeeded: () => {},
    },
  );
  const outcome = await client.send({ method: 'DELETE', path: '/api/x' }, open());
  assert.deepEqual(outcome, { ok: true, data: null });
  assert.equal(sent.method, 'DELETE');
  assert.ok(!new Headers(sent.headers).has('content-type'));
});

test('what is posted goes out once as JSON, and its answer is read as any other', async () => {
  const sent: (RequestInit | undefined)[] = [];
  const answers = [
    new Response('{"hash":"x"}'),
    new Response('', { status: 503 }),
    new Response('', { status: 401 }),
  ];
  let logins = 0;
  const client = createApiClient(
    { retryDelaysMs: [0] },
    {
      fetch: async (_path, init) => {
        sent.push(init);
        return answers[sent.length - 1]!;
      },
      onLoginNeeded: () => {
        logins += 1;
      },
    },
  );
  const post = { method: 'POST', path: '/api/x', body: {} } as const;
  assert.deepEqual(await client.send({ ...post, body: { value: 'a' } }, open()), {
    ok: true,
    data: { hash: 'x' },
  });
  assert.deepEqual([sent[0]?.method, sent[0]?.body], ['POST', '{"value":"a"}']);
  const failed = await client.send(post, open());
  assert.ok(!failed.ok && failed.failure.status === 503);
  assert.equal(sent.length, 2);
  await client.send(post, open());
  assert.equal(logins, 1);
});
