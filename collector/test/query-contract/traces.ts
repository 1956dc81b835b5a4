import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SpanFilters } from '#query/requests.ts';
import type { TracesPage } from '#query/trace-results.ts';
import { SECOND, type SpanInput, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, type OpenBackend, type QueryBackend, spanFilters } from './backend.ts';
import { createIds } from './ids.ts';

const MS = 1_000_000n;

const spanId = (n: number) => n.toString(16).padStart(16, '0');

function rangeOf({ epoch }: QueryBackend) {
  return { from: epoch - 100n * SECOND, to: epoch + 100n * SECOND };
}

function root({ epoch }: QueryBackend, trace: string, more: Partial<SpanInput> = {}): SpanInput {
  return { trace, span: spanId(1), start: epoch, end: epoch + 10n * MS, kind: 2, ...more };
}

function find(
  backend: QueryBackend,
  filters: Partial<SpanFilters> = {},
  page = { limit: 50, cursor: null as string | null },
): Promise<TracesPage> {
  return backend.query.traces(
    { range: rangeOf(backend), filters: spanFilters(backend, filters), page },
    NEVER,
  );
}

async function search(backend: QueryBackend, filters: Partial<SpanFilters> = {}): Promise<string[]> {
  return (await find(backend, filters)).traces.map(({ traceId }) => traceId).sort();
}

/** What a list of traces must do, whoever keeps them. `skip` says why it cannot be tried here. */
export function tracesContract(open: OpenBackend, { skip = false }: { skip?: string | false } = {}): void {
  test('each filter finds the traces that have such a span, and no others', { skip }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    const shop = fromOf(backend, { service: 'shop', resource: { region: 'eu/1', zone: 3n, spot: true } });
    await backend.accept(
      tracesPayload(shop, [
        root(backend, id(1), {
          name: 'GET /',
          status: 2,
          attributes: { 'http.route': '/a', 'a/b~c.d': 'x', 'say "hi" \\o/': 'a "b" \\c\n', n: 7n, d: 1 },
        }),
        root(backend, id(2), {
          name: 'POST /',
          kind: 5,
          end: backend.epoch + 500n * MS,
          attributes: { 'http.route': '/b', n: '7.0', wide: 2n ** 63n - 1n },
        }),
      ]),
      tracesPayload(fromOf(backend, { service: 'bank' }), [
        root(backend, id(3), { name: 'GET /', end: backend.epoch + 499n * MS, status: 1 }),
      ]),
    );
    const attribute = (key: string, value: string) => search(backend, { attributes: [{ key, value }] });
    assert.deepEqual(await search(backend), [id(1), id(2), id(3)]);
    assert.deepEqual(await search(backend, { service: 'shop' }), [id(1), id(2)]);
    assert.deepEqual(await search(backend, { operation: 'GET /' }), [id(1), id(3)]);
    assert.deepEqual(await search(backend, { kind: 5 }), [id(2)]);
    assert.deepEqual(await search(backend, { minDurationNano: 499n * MS }), [id(2), id(3)]);
    assert.deepEqual(await search(backend, { maxDurationNano: 499n * MS }), [id(1), id(3)]);
    assert.deepEqual(await search(backend, { error: true }), [id(1)]);
    assert.deepEqual(await search(backend, { error: false }), [id(2), id(3)]);
    assert.deepEqual(await attribute('http.route', '/a'), [id(1)]);
    assert.deepEqual(await attribute('a/b~c.d', 'x'), [id(1)]);
    assert.deepEqual(await attribute('say "hi" \\o/', 'a "b" \\c\n'), [id(1)]);
    assert.deepEqual(await attribute('n', '7'), [id(1)]);
    assert.deepEqual(await attribute('n', '7.0'), [id(2)]);
    assert.deepEqual(await attribute('d', '1.0'), [id(1)]);
    assert.deepEqual(await attribute('d', '1'), []);
    assert.deepEqual(await attribute('wide', '9223372036854775807'), [id(2)]);
    assert.deepEqual(await attribute('wide', '9223372036854775808'), []);
    assert.deepEqual(await attribute('region', 'eu/1'), [id(1), id(2)]);
    assert.deepEqual(await attribute('zone', '3'), [id(1), id(2)]);
    assert.deepEqual(await attribute('spot', 'true'), [id(1), id(2)]);
    assert.deepEqual(await attribute('http.route', 'a'), []);
    assert.deepEqual(await attribute('missing', ''), []);
    assert.deepEqual(await attribute("'; DROP TABLE spans; --", "'"), []);
    assert.deepEqual(await attribute('x" = "x" || true } | { span."x', 'y" || true'), []);
  });

  test('all filters must hold on one and the same span', { skip }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'shop' }), [
        root(backend, id(1), { name: 'slow' }),
        root(backend, id(1), { span: spanId(2), name: 'wrong', status: 2, parent: spanId(1) }),
        root(backend, id(2), { name: 'slow', status: 2 }),
      ]),
    );
    assert.deepEqual(await search(backend, { operation: 'slow', error: true }), [id(2)]);
    const found = await find(backend, { operation: 'wrong' });
    assert.equal(found.traces[0]!.matchedSpanId, spanId(2));
  });

  test('the range takes its first nanosecond in and leaves its last out', { skip }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    const { from, to } = rangeOf(backend);
    const starts = [from - 1n, from, to - 1n, to];
    await backend.accept(
      tracesPayload(
        fromOf(backend, { service: 's' }),
        starts.map((start, n) => root(backend, id(n + 1), { start, end: start })),
      ),
    );
    assert.deepEqual(await search(backend), [id(2), id(3)]);
  });

  test('pages have every trace once, newest first, also when many start in the same nanosecond', {
    skip,
  }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    const traces = Array.from({ length: 37 }, (_, n) => {
      const start = backend.epoch + BigInt(Math.floor(n / 12));
      return root(backend, id(n + 1), { start, span: spanId(n + 1) });
    });
    await backend.accept(tracesPayload(fromOf(backend, { service: 's' }), traces));
    for (const limit of [1, 5, 12, 36, 37, 50]) {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: TracesPage = await find(backend, {}, { limit, cursor });
        assert.ok(page.traces.length <= limit && page.traces.length > 0);
        found.push(...page.traces.map((trace) => trace.traceId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(found, traces.map(({ trace }) => trace).reverse(), `pages of ${limit}`);
    }
  });

  test('a cursor of something else is refused', async (context) => {
    const backend = await open(context);
    for (const cursor of ['x', '', 'MTIz', Buffer.from('1:2').toString('base64url')]) {
      await assert.rejects(find(backend, {}, { limit: 1, cursor }), /cursor/);
    }
  });

  test('trace ids with leading zeros, and above 2^127, are listed in full', { skip }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    const ids = [`00${id(1).slice(2)}`, `7${id(2).slice(1)}`, `8${id(3).slice(1)}`, `f${id(4).slice(1)}`];
    await backend.accept(
      tracesPayload(
        fromOf(backend, { service: 's' }),
        ids.map((trace) => root(backend, trace, { span: `0${trace.slice(17)}` })),
      ),
    );
    const { traces } = await find(backend);
    const found = traces.map(({ matchedSpanId, traceId }) => [traceId, matchedSpanId]).sort();
    assert.deepEqual(
      found,
      ids.map((trace) => [trace, `0${trace.slice(17)}`]),
    );
  });

  test('the summary names the root, its duration, and what each service did', { skip }, async (context) => {
    const backend = await open(context);
    const id = createIds();
    const { epoch, keeps } = backend;
    const shop = fromOf(backend, { service: 'shop' });
    const buy = root(backend, id(1), { name: 'buy', end: epoch + 250n * MS });
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'worker' }), [
        { trace: id(1), span: spanId(2), parent: spanId(1), name: 'job', start: epoch - 5n * MS, status: 2 },
        { trace: id(1), span: spanId(3), parent: spanId(2), start: epoch, end: epoch + 900n * MS, status: 2 },
      ]),
      tracesPayload(shop, [buy]),
      tracesPayload(shop, [buy]),
      tracesPayload(fromOf(backend, { service: 'late' }), [
        { trace: id(2), span: spanId(9), parent: spanId(8), name: 'part', start: epoch - SECOND, end: epoch },
      ]),
    );
    const { traces } = await find(backend);
    const bought = { service: 'shop', spans: keeps.repeatsListed ? 2 : 1, errors: 0 };
    const worked = { service: 'worker', spans: 2, errors: 2 };
    assert.deepEqual(traces, [
      {
        traceId: id(1),
        rootService: 'shop',
        rootOperation: 'buy',
        rootMissing: false,
        startTimeUnixNano: String(keeps.traceStartsWith === 'root' ? epoch : epoch - 5n * MS),
        durationNano: 250_000_000,
        spans: worked.spans + bought.spans,
        errors: 2,
        matchedSpanId: spanId(3),
        // The most spans first, then by name.
        services: keeps.repeatsListed ? [bought, worked] : [worked, bought],
      },
      {
        traceId: id(2),
        rootService: 'late',
        rootOperation: 'part',
        rootMissing: true,
        startTimeUnixNano: String(epoch - SECOND),
        durationNano: 1_000_000_000,
        spans: 1,
        errors: 0,
        matchedSpanId: spanId(9),
        services: [{ service: 'late', spans: 1, errors: 0 }],
      },
    ]);
  });
}
