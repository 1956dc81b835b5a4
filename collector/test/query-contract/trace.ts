import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { logsPayload, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER } from '#test/support/temp-store.ts';
import { fromOf, type OpenBackend, RUN_KEY } from './backend.ts';
import { createIds } from './ids.ts';

const MS = 1_000_000n;
const id = (n: number) => n.toString(16).padStart(16, '0');

/** What one trace must bring with it, whoever keeps it. */
export function traceContract(open: OpenBackend): void {
  test('an unknown trace is null', async (context) => {
    const { query } = await open(context);
    assert.equal(await query.trace(createIds()(1), NEVER), null);
  });

  test('a service whose clock is 3 s off is placed in its parent, a consumer that came later is left', async (context) => {
    const backend = await open(context);
    const trace = createIds()(1);
    const { epoch } = backend;
    const skewed = epoch + 3n * SECOND;
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'shop' }), [
        { trace, span: id(1), kind: 2, start: epoch, end: epoch + 100n * MS },
        { trace, span: id(2), parent: id(1), kind: 3, start: epoch + 10n * MS, end: epoch + 90n * MS },
        { trace, span: id(3), parent: id(1), kind: 4, start: epoch + 91n * MS, end: epoch + 92n * MS },
      ]),
      tracesPayload(fromOf(backend, { service: 'bank' }), [
        { trace, span: id(4), parent: id(2), kind: 2, start: skewed + 20n * MS, end: skewed + 80n * MS },
        { trace, span: id(5), parent: id(4), kind: 1, start: skewed + 30n * MS, end: skewed + 40n * MS },
      ]),
      tracesPayload(fromOf(backend, { service: 'mailer' }), [
        {
          trace,
          span: id(6),
          parent: id(3),
          kind: 5,
          start: epoch + 20n * SECOND,
          end: epoch + 21n * SECOND,
        },
      ]),
    );
    const detail = (await backend.query.trace(trace, NEVER))!;
    const offsets = detail.spans.map(({ clockOffsetNano, spanId }) => [spanId, clockOffsetNano]);
    assert.deepEqual(offsets, [
      [id(1), 0],
      [id(2), 0],
      [id(4), -3e9],
      [id(5), -3e9],
      [id(3), 0],
      [id(6), 0],
    ]);
    assert.equal(detail.spans[2]!.startTimeUnixNano, String(skewed + 20n * MS));
    assert.equal(detail.startTimeUnixNano, String(epoch));
    assert.equal(detail.durationNano, 21e9);
  });

  test('spans that a sender sent twice are there once, and counted once', async (context) => {
    const backend = await open(context);
    const trace = createIds()(1);
    const from = fromOf(backend, { service: 's' });
    const spans = [1, 2, 3].map((n) => ({
      trace,
      span: id(n),
      name: `n${n}`,
      start: backend.epoch + BigInt(n),
    }));
    const first = tracesPayload(from, spans);
    await backend.accept(first, tracesPayload(from, spans.slice(1)), first);
    const detail = (await backend.query.trace(trace, NEVER))!;
    assert.deepEqual(
      detail.spans.map(({ spanId }) => spanId),
      [id(1), id(2), id(3)],
    );
    assert.equal(detail.spansTotal, 3);
  });

  test('resources and scopes of spans are those that they were sent with', async (context) => {
    const backend = await open(context);
    const trace = createIds()(1);
    for (const [n, service] of ['a', 'b', 'c'].entries()) {
      await backend.accept(
        tracesPayload(
          fromOf(backend, { service, scope: `scope of ${service}`, resource: { host: service } }),
          [
            { trace, span: id(n * 2 + 1), start: backend.epoch - BigInt(n) },
            { trace, span: id(n * 2 + 2), start: backend.epoch + BigInt(n) },
          ],
        ),
      );
    }
    const detail = (await backend.query.trace(trace, NEVER))!;
    assert.equal(detail.spans.length, 6);
    assert.equal(detail.resources.length, 3);
    for (const span of detail.spans) {
      const { attributes } = detail.resources[span.resource]!;
      const sent: Record<string, string> = {
        'service.name': span.service,
        host: span.service,
        [RUN_KEY]: backend.run,
      };
      const kept = JSON.parse(stringifyExact(attributes)) as Record<string, string>;
      assert.deepEqual(kept, sent);
      if (backend.keeps.attributeOrder) assert.deepEqual(Object.keys(kept), Object.keys(sent));
      assert.equal(detail.scopes[span.scope]!.name, `scope of ${span.service}`);
    }
  });

  test('trace ids with leading zeros, and above 2^127, are shown in full', async (context) => {
    const backend = await open(context);
    const ids = createIds();
    for (const trace of [`00${ids(1).slice(2)}`, `8${ids(2).slice(1)}`, `f${ids(3).slice(1)}`]) {
      const span = `0${trace.slice(17)}`;
      await backend.accept(
        tracesPayload(fromOf(backend, { service: 's' }), [{ trace, span, start: backend.epoch }]),
      );
      const detail = await backend.query.trace(trace, NEVER);
      assert.equal(detail!.traceId, trace);
      assert.equal(detail!.spans[0]!.spanId, span);
    }
  });

  test('the logs of a trace come with it, oldest first, also when it has no spans', async (context) => {
    const backend = await open(context);
    const ids = createIds();
    const [trace, other] = [ids(1), ids(2)];
    await backend.accept(
      logsPayload(fromOf(backend, { service: 'a' }), [
        { time: backend.epoch + 2n, body: 'second', trace, span: id(1) },
        { time: backend.epoch + 1n, body: 'first', trace },
        { time: backend.epoch + 3n, body: 'other', trace: other },
      ]),
    );
    const found = async () => {
      const detail = (await backend.query.trace(trace, NEVER))!;
      assert.equal(detail.logsTotal, 2);
      assert.equal(detail.logsProblem, null);
      assert.deepEqual(
        detail.logs.map((log) => [stringifyExact(log.body), log.traceId, log.spanId]),
        [
          ['"first"', trace, null],
          ['"second"', trace, id(1)],
        ],
      );
      return detail;
    };
    assert.deepEqual((await found()).spans, []);
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'a' }), [{ trace, span: id(1), start: backend.epoch }]),
    );
    assert.equal((await found()).spans.length, 1);
  });

  test('all that a span carries comes back, with exact integers', async (context) => {
    const backend = await open(context);
    const trace = createIds()(1);
    const link = {
      traceId: 'f'.repeat(32),
      spanId: id(9),
      traceState: 'vendor=1',
      attributes: [{ key: 'why', value: { intValue: '1' } }],
    };
    const { epoch } = backend;
    await backend.accept(
      tracesPayload(fromOf(backend, { service: 'a' }), [
        {
          trace,
          span: id(1),
          parent: id(7),
          name: 'work',
          kind: 3,
          start: epoch + 1n,
          end: epoch + 12_345n,
          attributes: { big: 2n ** 63n - 1n, half: 0.5, list: ['a', 1n, null], map: { deep: true } },
          more: {
            links: [link],
            events: [{ name: 'e', timeUnixNano: epoch + 1n }],
            status: { code: 2, message: 'out of stock' },
            traceState: 'a=b',
            flags: 257,
            droppedAttributesCount: 4,
            droppedEventsCount: 5,
            droppedLinksCount: 6,
          },
        },
      ]),
    );
    const { attributes, events, links, ...span } = (await backend.query.trace(trace, NEVER))!.spans[0]!;
    assert.deepEqual(span, {
      spanId: id(1),
      parentSpanId: id(7),
      name: 'work',
      kind: 'CLIENT',
      service: 'a',
      startTimeUnixNano: String(epoch + 1n),
      endTimeUnixNano: String(epoch + 12_345n),
      durationNano: 12_344,
      clockOffsetNano: 0,
      statusCode: 'ERROR',
      statusMessage: 'out of stock',
      traceState: 'a=b',
      flags: backend.keeps.spanFlags ? 257 : 0,
      droppedAttributesCount: 4,
      droppedEventsCount: 5,
      droppedLinksCount: 6,
      resource: 0,
      scope: 0,
    });
    assert.equal(
      stringifyExact(attributes),
      '{"big":9223372036854775807,"half":0.5,"list":["a",1,null],"map":{"deep":true}}',
    );
    assert.equal(
      stringifyExact(events),
      `[{"timeUnixNano":"${epoch + 1n}","name":"e","attributes":{},"droppedAttributesCount":0}]`,
    );
    assert.match(
      stringifyExact(links),
      /"traceId":"f{32}","spanId":"0{15}9","traceState":"vendor=1".*"why":1/,
    );
  });
}
