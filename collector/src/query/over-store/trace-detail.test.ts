import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { EPOCH, logsPayload, SECOND, tracesPayload } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore } from '#test/support/temp-store.ts';

const MS = 1_000_000n;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const id = (n: number) => n.toString(16).padStart(16, '0');

test('an unknown trace is null', async (context) => {
  const temp = await openTempStore(context);
  assert.equal(await temp.query.trace(TRACE, NEVER), null);
});

test('a service whose clock is 3 s off is placed in its parent, a consumer that came later is left', async (context) => {
  const temp = await openTempStore(context);
  const skewed = EPOCH + 3n * SECOND;
  await temp.accept(
    tracesPayload({ service: 'shop' }, [
      { trace: TRACE, span: id(1), kind: 2, start: EPOCH, end: EPOCH + 100n * MS },
      { trace: TRACE, span: id(2), parent: id(1), kind: 3, start: EPOCH + 10n * MS, end: EPOCH + 90n * MS },
      { trace: TRACE, span: id(3), parent: id(1), kind: 4, start: EPOCH + 91n * MS, end: EPOCH + 92n * MS },
    ]),
    tracesPayload({ service: 'bank' }, [
      { trace: TRACE, span: id(4), parent: id(2), kind: 2, start: skewed + 20n * MS, end: skewed + 80n * MS },
      { trace: TRACE, span: id(5), parent: id(4), kind: 1, start: skewed + 30n * MS, end: skewed + 40n * MS },
    ]),
    tracesPayload({ service: 'mailer' }, [
      {
        trace: TRACE,
        span: id(6),
        parent: id(3),
        kind: 5,
        start: EPOCH + 20n * SECOND,
        end: EPOCH + 21n * SECOND,
      },
    ]),
  );
  const detail = (await temp.query.trace(TRACE, NEVER))!;
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
  assert.equal(detail.startTimeUnixNano, String(EPOCH));
  assert.equal(detail.durationNano, 21e9);
});

test('spans that a sender sent twice are there once, and counted once', async (context) => {
  const temp = await openTempStore(context);
  const spans = [1, 2, 3].map((n) => ({
    trace: TRACE,
    span: id(n),
    name: `n${n}`,
    start: EPOCH + BigInt(n),
  }));
  const first = tracesPayload({ service: 's' }, spans);
  await temp.accept(first, tracesPayload({ service: 's', arrived: EPOCH + SECOND }, spans.slice(1)), first);
  const detail = (await temp.query.trace(TRACE, NEVER))!;
  assert.deepEqual(
    detail.spans.map(({ spanId }) => spanId),
    [id(1), id(2), id(3)],
  );
  assert.equal(detail.spansTotal, 3);
});

test('resources and scopes of spans are those that they were sent with', async (context) => {
  const temp = await openTempStore(context);
  for (const [n, service] of ['a', 'b', 'c'].entries()) {
    await temp.accept(
      tracesPayload({ service, scope: `scope of ${service}`, resource: { host: service } }, [
        { trace: TRACE, span: id(n * 2 + 1), start: EPOCH - BigInt(n) },
        { trace: TRACE, span: id(n * 2 + 2), start: EPOCH + BigInt(n) },
      ]),
    );
  }
  const detail = (await temp.query.trace(TRACE, NEVER))!;
  assert.equal(detail.spans.length, 6);
  assert.equal(detail.resources.length, 3);
  for (const span of detail.spans) {
    const { attributes } = detail.resources[span.resource]!;
    assert.equal(stringifyExact(attributes), `{"service.name":"${span.service}","host":"${span.service}"}`);
    assert.equal(detail.scopes[span.scope]!.name, `scope of ${span.service}`);
  }
});

test('the logs of a trace come with it, oldest first, also when it has no spans', async (context) => {
  const temp = await openTempStore(context);
  const other = 'f'.repeat(32);
  await temp.accept(
    logsPayload({ service: 'a' }, [
      { time: EPOCH + 2n, body: 'second', trace: TRACE, span: id(1) },
      { time: EPOCH + 1n, body: 'first', trace: TRACE },
      { time: EPOCH + 3n, body: 'other', trace: other },
    ]),
  );
  const detail = (await temp.query.trace(TRACE, NEVER))!;
  assert.deepEqual(
    detail.logs.map((log) => [stringifyExact(log.body), log.traceId, log.spanId]),
    [
      ['"first"', TRACE, null],
      ['"second"', TRACE, id(1)],
    ],
  );
  assert.equal(detail.logsTotal, 2);
  assert.deepEqual(detail.spans, []);
});

test('events, links and attributes of a span come back with exact integers', async (context) => {
  const temp = await openTempStore(context);
  const link = {
    traceId: 'f'.repeat(32),
    spanId: id(9),
    attributes: [{ key: 'why', value: { intValue: '1' } }],
  };
  await temp.accept(
    tracesPayload({ service: 'a' }, [
      {
        trace: TRACE,
        span: id(1),
        start: EPOCH,
        attributes: { big: 2n ** 63n - 1n, half: 0.5, list: ['a', 1n, null], map: { deep: true } },
        more: { links: [link], events: [{ name: 'e', timeUnixNano: EPOCH + 1n }] },
      },
    ]),
  );
  const { attributes, events, links } = (await temp.query.trace(TRACE, NEVER))!.spans[0]!;
  assert.equal(
    stringifyExact(attributes),
    '{"big":9223372036854775807,"half":0.5,"list":["a",1,null],"map":{"deep":true}}',
  );
  assert.equal(
    stringifyExact(events),
    `[{"timeUnixNano":"${EPOCH + 1n}","name":"e","attributes":{},"droppedAttributesCount":0}]`,
  );
  assert.match(stringifyExact(links), /"traceId":"f{32}","spanId":"0{15}9".*"why":1/);
});
