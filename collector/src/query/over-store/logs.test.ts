import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import type { LogFilters } from '#query/requests.ts';
import { EPOCH, type LogInput, logsPayload, SECOND } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

const RANGE = { from: EPOCH - 100n * SECOND, to: EPOCH + 100n * SECOND };
const NO_FILTERS: LogFilters = {
  service: null,
  minSeverity: 0,
  words: [],
  traceId: null,
  spanId: null,
  attributes: [],
};
const TRACE = `00${'a'.repeat(30)}`;

async function bodies(temp: TempStore, filters: Partial<LogFilters>): Promise<unknown[]> {
  const request = {
    range: RANGE,
    filters: { ...NO_FILTERS, ...filters },
    page: { limit: 100, cursor: null },
  };
  const { logs } = await temp.query.logs(request, NEVER);
  return logs.map((log) => JSON.parse(stringifyExact(log.body)));
}

/** Logs with rising times, so that answers have them in reverse. */
async function keep(temp: TempStore, ...logs: LogInput[]): Promise<void> {
  const timed = logs.map((log, n) => ({ time: EPOCH + BigInt(n), ...log }));
  await temp.accept(logsPayload({ service: 'shop', resource: { host: 'h1' } }, timed));
}

test('words are found in any case, with quotes, line ends, backslashes and letters beyond ASCII', async (context) => {
  const temp = await openTempStore(context);
  const texts = [
    'He said "Stop"',
    'first\nSecond line',
    'C:\\Temp\\x',
    'Größe ÄNDERN',
    'ΟΔΟΣ',
    '日本語のログ',
    '50% _off',
  ];
  await keep(temp, ...texts.map((body) => ({ body })));
  const cases: [string, string[]][] = [
    ['STOP', ['He said "Stop"']],
    ['said "stop"', ['He said "Stop"']],
    ['\nsecond', ['first\nSecond line']],
    ['c:\\temp', ['C:\\Temp\\x']],
    ['GRÖSSE', []],
    ['größe änd', ['Größe ÄNDERN']],
    ['ΟΔΟΣ', ['ΟΔΟΣ']],
    ['οδοσ', ['ΟΔΟΣ']],
    ['本語', ['日本語のログ']],
    ['%', ['50% _off']],
    ['_', ['50% _off']],
  ];
  for (const [word, found] of cases) assert.deepEqual(await bodies(temp, { words: [word] }), found, word);
});

test('all words must be there, in body, attributes or event name', async (context) => {
  const temp = await openTempStore(context);
  await keep(
    temp,
    { body: 'payment failed', attributes: { 'user.name': 'Zoë' } },
    { body: { nested: ['payment', { deep: 'refused' }] }, more: { eventName: 'Card.Declined' } },
  );
  const first = 'payment failed';
  const second = { nested: ['payment', { deep: 'refused' }] };
  assert.deepEqual(await bodies(temp, { words: ['payment'] }), [second, first]);
  assert.deepEqual(await bodies(temp, { words: ['PAYMENT', 'zoë'] }), [first]);
  assert.deepEqual(await bodies(temp, { words: ['payment', 'refused', 'card.declined'] }), [second]);
  assert.deepEqual(await bodies(temp, { words: ['payment', 'missing'] }), []);
});

test('filters by service, severity and worse, trace, span and attributes', async (context) => {
  const temp = await openTempStore(context);
  await keep(
    temp,
    { body: 'info', severity: 9, trace: TRACE, span: 'f000000000000001' },
    { body: 'warn', severity: 13, trace: TRACE, attributes: { 'a.b': 'x' } },
    { body: 'fatal', severity: 24 },
    { body: 'none' },
  );
  await temp.accept(logsPayload({ service: 'bank' }, [{ body: 'bank', severity: 17, time: EPOCH }]));
  assert.deepEqual(await bodies(temp, { service: 'bank' }), ['bank']);
  assert.deepEqual(await bodies(temp, { minSeverity: 13, service: 'shop' }), ['fatal', 'warn']);
  assert.deepEqual(await bodies(temp, { minSeverity: 14, service: 'shop' }), ['fatal']);
  assert.deepEqual(await bodies(temp, { traceId: TRACE }), ['warn', 'info']);
  assert.deepEqual(await bodies(temp, { spanId: 'f000000000000001' }), ['info']);
  assert.deepEqual(await bodies(temp, { attributes: [{ key: 'a.b', value: 'x' }] }), ['warn']);
  assert.deepEqual(await bodies(temp, { attributes: [{ key: 'host', value: 'h1' }], minSeverity: 9 }), [
    'fatal',
    'warn',
    'info',
  ]);
});

test('pages have every record once, newest first, also when all have the same time', async (context) => {
  const temp = await openTempStore(context);
  const count = 41;
  await keep(
    temp,
    ...Array.from({ length: count }, (_, n) => ({ body: BigInt(n), time: EPOCH + BigInt(n >> 4) })),
  );
  for (const limit of [1, 7, 16, 40, 41, 100]) {
    const found: unknown[] = [];
    let cursor: string | null = null;
    do {
      const request = { range: RANGE, filters: NO_FILTERS, page: { limit, cursor } };
      const page = await temp.query.logs(request, NEVER);
      found.push(...page.logs.map((log) => Number(stringifyExact(log.body))));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(
      found,
      Array.from({ length: count }, (_, n) => count - 1 - n),
      `pages of ${limit}`,
    );
  }
});

test('a record without trace, body or time says so', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(logsPayload({}, [{}]));
  const request = { range: RANGE, filters: NO_FILTERS, page: { limit: 1, cursor: null } };
  const [log] = (await temp.query.logs(request, NEVER)).logs;
  assert.deepEqual(
    { ...log, id: '', body: stringifyExact(log!.body), attributes: '', resource: '', scope: '' },
    {
      id: '',
      timeUnixNano: '0',
      observedTimeUnixNano: '0',
      severityNumber: 0,
      severityText: '',
      service: 'unknown_service',
      body: 'null',
      eventName: '',
      traceId: null,
      spanId: null,
      flags: 0,
      attributes: '',
      droppedAttributesCount: 0,
      resource: '',
      scope: '',
    },
  );
});
