import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TryOutInput, TryOutResult } from '#core/try-out.ts';
import { DESCRIPTION } from './api-answers.fixture.ts';
import { AS_MACHINE, AS_OPERATOR, createTestApi } from './api-server.fixture.ts';
import type { ProcessorsResponse } from './schemas/processors.ts';

const SECRET = 'sk-secret-of-the-test';
const MIB = 1024 * 1024;

let api: Awaited<ReturnType<typeof createTestApi>>;
let tried: TryOutInput | null = null;
let outcome: TryOutResult | Error;
before(async () => {
  api = await createTestApi({
    tryOut: async (input) => {
      tried = input;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  });
});
after(() => api.close());

const read = async (query = ''): Promise<ProcessorsResponse> =>
  (await api.get(`/api/v1/processors${query}`)).json();
const post = (path: string, payload: unknown, headers: Record<string, string> = AS_OPERATOR) =>
  api.app.inject({ method: 'POST', url: `/api/v1/processors/${path}`, payload: payload as object, headers });

const done = (after: string): TryOutResult => ({
  ok: true,
  signal: null,
  before: '',
  after,
  changes: [],
  warning: '',
});

test('what is configured and what was done since the start come together, the largest count first', async () => {
  const { at, contentModes, counts, countsTotal, rules, sections, since } = await read();
  assert.deepEqual({ contentModes, rules, sections }, DESCRIPTION);
  assert.equal(since, '2026-01-01T00:00:00.123Z');
  assert.equal(new Date(at).toISOString(), at);
  assert.deepEqual(
    counts.map(({ count }) => count),
    [1204, 90, 30, 7, 6],
  );
  assert.equal(countsTotal, 5);
  assert.deepEqual(counts[0], {
    processor: 'redact',
    rule: 'email',
    action: 'redacted',
    signal: 'logs',
    service: 'shop',
    count: 1204,
    lastAt: '2026-01-01T00:00:00.123Z',
  });
});

test('counts are narrowed by service and processor, and say how many a limit left out', async () => {
  const told = async (query: string) => {
    const { counts, countsTotal } = await read(query);
    return [...counts.map(({ count }) => count), `of ${countsTotal}`];
  };
  assert.deepEqual(await told('?service=stock'), [6, 'of 1']);
  assert.deepEqual(await told('?processor=sample'), [90, 7, 6, 'of 3']);
  assert.deepEqual(await told('?processor=sample&service=shop&limit=1'), [90, 'of 2']);
  assert.deepEqual(await told('?service=nobody'), ['of 0']);
  for (const wrong of ['processor=magic', 'limit=0', 'limit=5001', 'serivce=a']) {
    assert.equal((await api.get(`/api/v1/processors?${wrong}`)).statusCode, 400, wrong);
  }
});

test('a text is tried as it is, for a service and under a key when they are given', async () => {
  outcome = done('clean');
  const response = await post('try', { text: 'a\u0000\u{1F600}', service: 'shop', key: 'user.id' });
  assert.equal(response.statusCode, 200);
  assert.deepEqual(response.json(), done('clean'));
  assert.deepEqual(tried, { text: 'a\u0000\u{1F600}', service: 'shop', key: 'user.id' });
  await post('try', { text: '' });
  assert.deepEqual(tried, { text: '', service: '', key: '' });
});

test('what cannot be tried is 400 with the reason', async () => {
  outcome = { ok: false, message: 'resourceSpans[0]: must be an object' };
  const response = await post('try', { text: '{"resourceSpans":[1]}' });
  assert.equal(response.statusCode, 400);
  assert.deepEqual(response.json().error, {
    code: 'bad_request',
    param: 'text',
    message: 'text: resourceSpans[0]: must be an object',
  });
});

test('a text of 1 MiB is tried however it is escaped; a byte more is 413 and says so', async () => {
  outcome = done('');
  for (const text of ['x'.repeat(MIB), '\u0001'.repeat(MIB), 'ä'.repeat(MIB / 2)]) {
    assert.equal((await post('try', { text })).statusCode, 200);
  }
  tried = null;
  for (const text of ['x'.repeat(MIB + 1), 'ä'.repeat(MIB / 2 + 1)]) {
    const response = await post('try', { text });
    assert.equal(response.statusCode, 413);
    assert.equal(response.json().error.code, 'too_large');
    assert.match(response.json().error.message, /at most 1048576 bytes \(1 MiB\) .* this has 104857[78]/);
  }
  assert.equal((await post('try', { text: 'x'.repeat(7 * MIB) })).statusCode, 413);
  assert.equal(tried, null);
});

test('the id of a user becomes its hash; an empty or a huge one is refused', async () => {
  const response = await post('hash', { value: 'alice' });
  assert.deepEqual([response.statusCode, response.json()], [200, { hash: 'hmac:5' }]);
  for (const wrong of [{}, { value: '' }, { value: 'x'.repeat(5000) }, { value: 'a', more: 1 }]) {
    assert.equal((await post('hash', wrong)).statusCode, 400, JSON.stringify(wrong).slice(0, 40));
  }
});

test('bodies of another form are refused with the member at fault', async () => {
  for (const [body, param] of [
    [{}, undefined],
    [{ text: 'a', servcie: 'b' }, 'servcie'],
    [{ text: 'a', service: 'x'.repeat(257) }, 'service'],
    [{ text: 'a', key: 'x'.repeat(257) }, 'key'],
  ] as const) {
    const response = await post('try', body);
    assert.equal(response.statusCode, 400, response.body);
    assert.equal(response.json().error.param, param);
  }
});

test('only operators may ask, and no page of another origin may let a browser ask', async () => {
  outcome = done('');
  for (const [path, body] of [
    ['try', { text: 'a' }],
    ['hash', { value: 'a' }],
  ] as const) {
    assert.equal((await post(path, body, {})).statusCode, 401);
    assert.equal((await post(path, body, AS_MACHINE)).statusCode, 403);
    const foreign = { ...AS_OPERATOR, origin: 'http://evil.example' };
    assert.equal((await post(path, body, foreign)).statusCode, 403);
  }
  assert.equal((await api.app.inject({ url: '/api/v1/processors', headers: AS_MACHINE })).statusCode, 403);
});

test('nothing of what is tried or hashed gets into the log, also when it ends in a fault', async () => {
  outcome = done('');
  await post('try', { text: SECRET, key: SECRET });
  await post('hash', { value: SECRET });
  await api.app.inject({
    method: 'POST',
    url: '/api/v1/processors/try',
    payload: `{"text": ${SECRET}}`,
    headers: { ...AS_OPERATOR, 'content-type': 'application/json' },
  });
  outcome = new SyntaxError(`Unexpected token in "${SECRET}\n    at ${SECRET}" is not valid`);
  const response = await post('try', { text: SECRET });
  assert.equal(response.statusCode, 500);
  const line = api.logger.lines.find(({ message }) => message === 'api request failed')!;
  const logged = (line.context.error as Error).stack ?? '';
  assert.match(logged, /^SyntaxError; its message is left out.*\n +at .*processors\.test\.ts/);
  for (const { context, message } of api.logger.lines) {
    const { error } = context as { error?: Error };
    assert.ok(!`${message} ${JSON.stringify(context)} ${error?.stack} ${error?.message}`.includes(SECRET));
  }
});
