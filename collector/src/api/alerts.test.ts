import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { openAlertBook } from '#alerts/alert-book.ts';
import { systemClock } from '#core/clock.ts';
import { createMemoryLogger } from '#self/memory-logger.fixture.ts';
import { createMetrics } from '#self/metrics.ts';
import { NOTIFICATION, webhookAlert } from './api-answers.fixture.ts';
import { AS_MACHINE, AS_OPERATOR, createTestApi, logIn, OPERATOR } from './api-server.fixture.ts';
import type { AlertsResponse } from './schemas/alerts.ts';

const WEBHOOK = '/api/v1/alerts/webhook';
const FIRST = NOTIFICATION.alerts[0]!;
const STARTS = '1769854272123456789';

let api: Awaited<ReturnType<typeof createTestApi>>;
beforeEach(async () => {
  api = await createTestApi({ config: { allowed_hosts: ['collector'] } });
});
afterEach(() => api.close());

const post = (payload: unknown, headers: Record<string, string> = AS_MACHINE) =>
  api.app.inject({ method: 'POST', url: WEBHOOK, payload: payload as object, headers });
const list = async (query = ''): Promise<AlertsResponse> => (await api.get(`/api/v1/alerts${query}`)).json();
const names = ({ alerts }: AlertsResponse) => alerts.map(({ name }) => name);

test('a notification of Alertmanager is taken, and its alerts are listed, the Watchdog apart', async () => {
  const response = await post(NOTIFICATION, { ...AS_MACHINE, host: 'collector:8080' });
  assert.equal(response.statusCode, 200, response.body);
  assert.deepEqual(response.json(), { taken: 3, late: 0 });
  const { alerts, counts, nextCursor, watchdog } = await list();
  assert.deepEqual(counts, { firing: 1, resolved: 1 });
  assert.equal(nextCursor, null);
  const { firstNotifiedUnixNano, lastNotifiedUnixNano, ...firing } = alerts[0]!;
  assert.deepEqual(firing, {
    id: `c0ffee0000000001-${STARTS}`,
    fingerprint: 'c0ffee0000000001',
    name: 'HighErrorRate',
    severity: 'critical',
    service: 'shop',
    summary: 'HighErrorRate is wrong',
    state: 'firing',
    startsUnixNano: STARTS,
    endsUnixNano: null,
    notifications: 1,
    labels: FIRST.labels,
    annotations: FIRST.annotations,
    generatorUrl: FIRST.generatorURL,
    isCut: false,
  });
  assert.equal(firstNotifiedUnixNano, lastNotifiedUnixNano);
  assert.ok(Math.abs(Number(BigInt(lastNotifiedUnixNano) / 1_000_000n) - Date.now()) < 60_000);
  assert.partialDeepStrictEqual(alerts[1], {
    name: 'DiskFull',
    service: 'collector',
    state: 'resolved',
    endsUnixNano: '1769854800000000000',
  });
  assert.partialDeepStrictEqual(watchdog, { state: 'firing', isHeard: true });
});

test('what was answered with 200 is in the files', async () => {
  await post(NOTIFICATION);
  const metrics = createMetrics('worker');
  const logger = createMemoryLogger();
  const book = await openAlertBook(api.alertsFolder, { clock: systemClock, logger, metrics });
  metrics.stop();
  assert.partialDeepStrictEqual(book.summary(), { firing: 1, resolved: 1 });
});

test('only machines and operators may tell alerts, and only operators may list them', async () => {
  assert.equal((await post(NOTIFICATION, {})).statusCode, 401);
  assert.equal((await post(NOTIFICATION, { authorization: 'Bearer wrong' })).statusCode, 401);
  assert.deepEqual((await list()).counts, { firing: 0, resolved: 0 });
  assert.equal((await post(NOTIFICATION, AS_MACHINE)).statusCode, 200);
  assert.equal((await post(NOTIFICATION, AS_OPERATOR)).statusCode, 200);
  const status = async (headers: Record<string, string>) =>
    (await api.app.inject({ url: '/api/v1/alerts', headers })).statusCode;
  assert.deepEqual([await status({}), await status(AS_MACHINE), await status(AS_OPERATOR)], [401, 403, 200]);
  assert.equal((await api.app.inject({ url: WEBHOOK, headers: AS_MACHINE })).statusCode, 404);
});

test('a page of another origin cannot tell alerts with the cookie of an operator', async () => {
  const { headers } = await logIn(api, { token: OPERATOR });
  const from = (origin: string) => post(NOTIFICATION, { ...headers, origin });
  for (const origin of ['http://evil.example', 'http://localhost:9093', 'null']) {
    assert.equal((await from(origin)).statusCode, 403, origin);
  }
  assert.deepEqual((await list()).counts, { firing: 0, resolved: 0 });
  assert.equal((await from(headers.origin)).statusCode, 200);
  assert.equal((await post(NOTIFICATION, { ...AS_MACHINE, host: 'evil.example' })).statusCode, 403);
});

const { alerts: _alerts, ...WITHOUT_ALERTS } = NOTIFICATION;
const withFirst = (changes: object) => ({ ...NOTIFICATION, alerts: [{ ...FIRST, ...changes }] });
const WRONG: [what: string, body: unknown, param: string | undefined, words: RegExp][] = [
  ['another version', { ...NOTIFICATION, version: '3' }, 'version', /version/],
  ['no alerts', WITHOUT_ALERTS, undefined, /the body must have required property 'alerts'/],
  ['alerts that are no list', { ...NOTIFICATION, alerts: {} }, 'alerts', /must be array/],
  ['an alert without a state', withFirst({ status: undefined }), 'alerts/0', /'status'/],
  ['a state that is none', withFirst({ status: 'pending' }), 'alerts/0/status', /alerts\/0\/status/],
  ['labels that are no map', withFirst({ labels: ['a'] }), 'alerts/0/labels', /must be object/],
  ['a label that is no text', withFirst({ labels: { a: {} } }), 'alerts/0/labels/a', /must be string/],
  ['a fingerprint with a slash', withFirst({ fingerprint: 'a/b' }), 'alerts/0/fingerprint', /pattern/],
  ['a start that is no time', withFirst({ startsAt: 'noon' }), 'alerts/0/startsAt', /RFC 3339/],
  [
    'a start before 1970',
    withFirst({ startsAt: '0001-01-01T00:00:00Z' }),
    'alerts/0/startsAt',
    /before 1970/,
  ],
  ['an end after 2262', withFirst({ endsAt: '9999-01-01T00:00:00Z' }), 'alerts/0/endsAt', /2262/],
  [
    'an end that is not on the calendar',
    withFirst({ endsAt: '2026-02-30T00:00:00Z' }),
    'alerts/0/endsAt',
    /3339/,
  ],
  ['a list', [NOTIFICATION], undefined, /the body must be object/],
];

for (const [what, body, param, words] of WRONG) {
  test(`${what} in a notification is answered with 400 and where it is`, async () => {
    const response = await post(body);
    assert.equal(response.statusCode, 400, response.body);
    const { error } = response.json();
    assert.equal(error.code, 'bad_request');
    assert.equal(error.param, param);
    assert.match(error.message, words);
    assert.deepEqual((await list()).counts, { firing: 0, resolved: 0 });
  });
}

test('what is no JSON is 400, another type 415, more than 16 MiB 413, a hundred long alerts are taken', async () => {
  const headers = { ...AS_MACHINE, 'content-type': 'application/json' };
  assert.equal((await post('{"version":', headers)).statusCode, 400);
  assert.equal((await post('', headers)).statusCode, 400);
  assert.equal(
    (await post('version=4', { ...AS_MACHINE, 'content-type': 'application/x-www-form-urlencoded' }))
      .statusCode,
    415,
  );
  const long = (count: number, length: number) => ({
    ...NOTIFICATION,
    alerts: Array.from({ length: count }, (_, i) => ({
      ...webhookAlert({ alertname: 'Long' }, `f${i}`),
      annotations: { description: 'x'.repeat(length) },
    })),
  });
  assert.equal((await post(long(1, 16 * 1024 * 1024))).statusCode, 413);
  const hundred = await post(long(100, 10_000));
  assert.deepEqual(hundred.json(), { taken: 100, late: 0 });
  const [alert] = (await list('?limit=1')).alerts;
  assert.equal(alert?.isCut, true);
  assert.match(alert?.annotations.description ?? '', /^x{4096}… \(cut, 10000 characters\)$/);
});

test('a body of what is needed and nothing else is taken', async () => {
  const { annotations: _annotations, endsAt: _endsAt, generatorURL: _url, ...needed } = FIRST;
  assert.equal((await post({ version: '4', alerts: [needed] })).statusCode, 200);
  const [alert] = (await list()).alerts;
  assert.partialDeepStrictEqual(alert, { summary: '', annotations: {}, generatorUrl: '', state: 'firing' });
});

test('times with an offset and any number of digits are kept to the nanosecond', async () => {
  await post(withFirst({ startsAt: '2026-01-31T11:11:12.123456789+01:00' }));
  assert.equal((await list()).alerts[0]?.startsUnixNano, STARTS);
});

test('an alert told again, resolved, and told once more by a notification that was overtaken', async () => {
  await post(withFirst({}));
  await post(withFirst({}));
  await post(withFirst({ status: 'resolved', endsAt: '2026-01-31T10:20:00Z' }));
  assert.deepEqual((await post(withFirst({}))).json(), { taken: 0, late: 1 });
  const { alerts, counts } = await list();
  assert.deepEqual(counts, { firing: 0, resolved: 1 });
  assert.partialDeepStrictEqual(alerts[0], { state: 'resolved', notifications: 3 });
});

test('the list is narrowed by state, severity and words, and paged', async () => {
  await post(NOTIFICATION);
  assert.deepEqual(names(await list('?state=firing')), ['HighErrorRate']);
  assert.deepEqual(names(await list('?state=resolved')), ['DiskFull']);
  assert.deepEqual(names(await list('?state=all&severity=WARNING')), ['DiskFull']);
  assert.deepEqual(names(await list('?q=service_name%3Dshop')), ['HighErrorRate']);
  assert.deepEqual(names(await list('?q=diskfull%20wrong')), ['DiskFull']);
  assert.deepEqual(names(await list('?q=watchdog')), []);
  const first = await list('?limit=1');
  assert.deepEqual(names(first), ['HighErrorRate']);
  const second = await list(`?limit=1&cursor=${first.nextCursor}`);
  assert.deepEqual([names(second), second.nextCursor], [['DiskFull'], null]);
});

for (const [query, param] of [
  ['state=pending', 'state'],
  ['cursor=bad', 'cursor'],
  [`cursor=${Buffer.from('firing:1:').toString('base64url')}`, 'cursor'],
  [`cursor=${Buffer.from('pending:1:a').toString('base64url')}`, 'cursor'],
  ['limit=1001', 'limit'],
  [`q=${'a+'.repeat(11)}`, 'q'],
  ['from=now-1h', 'from'],
] as const) {
  test(`a list with ${query.slice(0, 40)} is answered with 400 and the parameter at fault`, async () => {
    const response = await api.get(`/api/v1/alerts?${query}`);
    assert.equal(response.statusCode, 400, response.body);
    assert.equal(response.json().error.param, param);
  });
}

test('a Watchdog that is over is not heard, and without one there is nothing to say', async () => {
  assert.equal((await list()).watchdog, null);
  const dog = NOTIFICATION.alerts[2]!;
  await post({ ...NOTIFICATION, alerts: [dog] });
  assert.partialDeepStrictEqual((await list()).watchdog, { state: 'firing', isHeard: true });
  await post({ ...NOTIFICATION, alerts: [{ ...dog, status: 'resolved', endsAt: '2026-01-31T10:20:00Z' }] });
  const { alerts, counts, watchdog } = await list();
  assert.partialDeepStrictEqual(watchdog, { state: 'resolved', isHeard: false });
  assert.deepEqual([alerts, counts], [[], { firing: 0, resolved: 0 }]);
});

test('a Watchdog counts as heard for fifteen minutes', async () => {
  let nowNano = systemClock();
  const other = await createTestApi({ clock: () => nowNano });
  const isHeard = async () => (await other.get('/api/v1/alerts')).json<AlertsResponse>().watchdog?.isHeard;
  await other.app.inject({ method: 'POST', url: WEBHOOK, payload: NOTIFICATION, headers: AS_MACHINE });
  nowNano += 900_000_000_000n;
  assert.equal(await isHeard(), true);
  nowNano += 1n;
  assert.equal(await isHeard(), false);
  await other.close();
});

test('a disk that does not take it is 503, which Alertmanager repeats', async () => {
  await rm(api.alertsFolder, { recursive: true });
  await writeFile(api.alertsFolder, 'a file where the folder should be');
  const response = await post(NOTIFICATION);
  assert.equal(response.statusCode, 503, response.body);
  assert.equal(response.headers['retry-after'], '5');
  assert.equal(response.json().error.code, 'not_kept');
  assert.deepEqual((await list()).counts, { firing: 1, resolved: 1 });
});
