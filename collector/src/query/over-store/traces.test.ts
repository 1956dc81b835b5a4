import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpanFilters } from '#query/requests.ts';
import { EPOCH, SECOND, type SpanInput, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

const MS = 1_000_000n;
const RANGE = { from: EPOCH - 100n * SECOND, to: EPOCH + 100n * SECOND };
const NO_FILTERS: SpanFilters = {
  service: null,
  operation: null,
  kind: null,
  minDurationNano: null,
  maxDurationNano: null,
  error: null,
  attributes: [],
};

const id = (n: number) => n.toString(16).padStart(32, '0');
const spanId = (n: number) => n.toString(16).padStart(16, '0');

function root(trace: string, more: Partial<SpanInput> = {}): SpanInput {
  return { trace, span: spanId(1), start: EPOCH, end: EPOCH + 10n * MS, kind: 2, ...more };
}

async function search(temp: TempStore, filters: Partial<SpanFilters> = {}, limit = 50): Promise<string[]> {
  const request = { range: RANGE, filters: { ...NO_FILTERS, ...filters }, page: { limit, cursor: null } };
  return (await temp.query.traces(request, NEVER)).traces.map(({ traceId }) => traceId).sort();
}

test('each filter finds the traces that have such a span, and no others', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(
    tracesPayload({ service: 'shop', resource: { region: 'eu/1', zone: 3n } }, [
      root(id(1), {
        name: 'GET /',
        status: 2,
        attributes: { 'http.route': '/a', 'a/b~c.d': 'x', n: 7n, d: 1 },
      }),
      root(id(2), { name: 'POST /', kind: 5, end: EPOCH + 500n * MS, attributes: { 'http.route': '/b' } }),
    ]),
    tracesPayload({ service: 'bank' }, [root(id(3), { name: 'GET /', end: EPOCH + 499n * MS, status: 1 })]),
  );
  const attribute = (key: string, value: string) => search(temp, { attributes: [{ key, value }] });
  assert.deepEqual(await search(temp), [id(1), id(2), id(3)]);
  assert.deepEqual(await search(temp, { service: 'shop' }), [id(1), id(2)]);
  assert.deepEqual(await search(temp, { operation: 'GET /' }), [id(1), id(3)]);
  assert.deepEqual(await search(temp, { kind: 5 }), [id(2)]);
  assert.deepEqual(await search(temp, { minDurationNano: 499n * MS }), [id(2), id(3)]);
  assert.deepEqual(await search(temp, { maxDurationNano: 499n * MS }), [id(1), id(3)]);
  assert.deepEqual(await search(temp, { error: true }), [id(1)]);
  assert.deepEqual(await search(temp, { error: false }), [id(2), id(3)]);
  assert.deepEqual(await attribute('http.route', '/a'), [id(1)]);
  assert.deepEqual(await attribute('a/b~c.d', 'x'), [id(1)]);
  assert.deepEqual(await attribute('n', '7'), [id(1)]);
  assert.deepEqual(await attribute('d', '1.0'), [id(1)]);
  assert.deepEqual(await attribute('region', 'eu/1'), [id(1), id(2)]);
  assert.deepEqual(await attribute('zone', '3'), [id(1), id(2)]);
  assert.deepEqual(await attribute('http.route', 'a'), []);
  assert.deepEqual(await attribute('missing', ''), []);
  assert.deepEqual(await attribute("'; DROP TABLE spans; --", "'"), []);
});

test('all filters must hold on one and the same span', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(
    tracesPayload({ service: 'shop' }, [
      root(id(1), { name: 'slow' }),
      root(id(1), { span: spanId(2), name: 'wrong', status: 2, parent: spanId(1) }),
      root(id(2), { name: 'slow', status: 2 }),
    ]),
  );
  assert.deepEqual(await search(temp, { operation: 'slow', error: true }), [id(2)]);
  const page = { limit: 9, cursor: null };
  const found = await temp.query.traces(
    { range: RANGE, filters: { ...NO_FILTERS, operation: 'wrong' }, page },
    NEVER,
  );
  assert.equal(found.traces[0]!.matchedSpanId, spanId(2));
});

test('the range takes its first nanosecond in and leaves its last out', async (context) => {
  const temp = await openTempStore(context);
  const starts = [RANGE.from - 1n, RANGE.from, RANGE.to - 1n, RANGE.to];
  await temp.accept(
    tracesPayload(
      { service: 's' },
      starts.map((start, n) => root(id(n), { start, trace: id(n + 1) })),
    ),
  );
  assert.deepEqual(await search(temp), [id(2), id(3)]);
});

test('pages have every trace once, newest first, also when many start in the same nanosecond', async (context) => {
  const temp = await openTempStore(context);
  const traces = Array.from({ length: 37 }, (_, n) =>
    root(id(n + 1), { start: EPOCH + BigInt(Math.floor(n / 12)), span: spanId(n + 1) }),
  );
  await temp.accept(tracesPayload({ service: 's' }, traces));
  for (const limit of [1, 5, 12, 36, 37, 50]) {
    const found: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await temp.query.traces(
        { range: RANGE, filters: NO_FILTERS, page: { limit, cursor } },
        NEVER,
      );
      assert.ok(page.traces.length <= limit && page.traces.length > 0);
      found.push(...page.traces.map((trace) => trace.traceId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    assert.deepEqual(found, traces.map(({ trace }) => trace).reverse(), `pages of ${limit}`);
  }
});

test('a cursor of something else is refused', async (context) => {
  const temp = await openTempStore(context);
  for (const cursor of ['x', '', 'MTIz', Buffer.from('1:2').toString('base64url')]) {
    const request = { range: RANGE, filters: NO_FILTERS, page: { limit: 1, cursor } };
    await assert.rejects(temp.query.traces(request, NEVER), /cursor/);
  }
});

test('trace ids with leading zeros, and above 2^127, are found and shown in full', async (context) => {
  const temp = await openTempStore(context);
  const ids = [`${'0'.repeat(31)}1`, `00${'a'.repeat(30)}`, `8${'0'.repeat(30)}1`, 'f'.repeat(32)];
  await temp.accept(
    tracesPayload(
      { service: 's' },
      ids.map((trace) => root(trace, { span: `0${trace.slice(17)}` })),
    ),
  );
  assert.deepEqual(await search(temp), ids);
  for (const trace of ids) {
    const detail = await temp.query.trace(trace, NEVER);
    assert.equal(detail!.traceId, trace);
    assert.equal(detail!.spans[0]!.spanId, `0${trace.slice(17)}`);
  }
});

test('the summary names the root, its duration, and what each service did', async (context) => {
  const temp = await openTempStore(context);
  await temp.accept(
    tracesPayload({ service: 'worker' }, [
      { trace: id(1), span: spanId(2), parent: spanId(1), name: 'job', start: EPOCH - 5n * MS, status: 2 },
      { trace: id(1), span: spanId(3), parent: spanId(2), start: EPOCH, end: EPOCH + 900n * MS, status: 2 },
    ]),
    tracesPayload({ service: 'shop' }, [root(id(1), { name: 'buy', end: EPOCH + 250n * MS })]),
    tracesPayload({ service: 'shop' }, [root(id(1), { name: 'buy', end: EPOCH + 250n * MS })]),
    tracesPayload({ service: 'late' }, [
      { trace: id(2), span: spanId(9), parent: spanId(8), name: 'part', start: EPOCH - SECOND, end: EPOCH },
    ]),
  );
  const { traces } = await temp.query.traces(
    { range: RANGE, filters: NO_FILTERS, page: { limit: 9, cursor: null } },
    NEVER,
  );
  assert.deepEqual(traces, [
    {
      traceId: id(1),
      rootService: 'shop',
      rootOperation: 'buy',
      rootMissing: false,
      startTimeUnixNano: String(EPOCH),
      durationNano: 250_000_000,
      spans: 3,
      errors: 2,
      matchedSpanId: spanId(3),
      services: [
        { service: 'worker', spans: 2, errors: 2 },
        { service: 'shop', spans: 1, errors: 0 },
      ],
    },
    {
      traceId: id(2),
      rootService: 'late',
      rootOperation: 'part',
      rootMissing: true,
      startTimeUnixNano: String(EPOCH - SECOND),
      durationNano: 1_000_000_000,
      spans: 1,
      errors: 0,
      matchedSpanId: spanId(9),
      services: [{ service: 'late', spans: 1, errors: 0 }],
    },
  ]);
});
