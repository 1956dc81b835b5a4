import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import type { MessageName } from './schema.ts';
import { message } from './testing/arbitrary.ts';
import { jsonForm } from './testing/json-form.ts';
import { decodeAs, encodeAs, type Plain } from './testing/reference.ts';

const REQUEST = 'ExportMetricsServiceRequest';
const RUNS = { numRuns: 300, seed: 20261125 };
const DELTA = 1;

interface Found {
  points: number;
  service: string;
}

/** Delta points and the first service that has them, as the reference reads a request. */
function deltaIn(bytes: Uint8Array): Found {
  const found: Found = { points: 0, service: '' };
  const list = (plain: Plain, name: string) => (plain[name] ?? []) as Plain[];
  for (const group of list(decodeAs(REQUEST, bytes), 'resourceMetrics')) {
    for (const metric of list(group, 'scopeMetrics').flatMap((scope) => list(scope, 'metrics'))) {
      const data = (metric.sum ?? metric.histogram ?? metric.exponentialHistogram ?? {}) as Plain;
      const points = data.aggregationTemporality === DELTA ? list(data, 'dataPoints').length : 0;
      if (found.points === 0 && points > 0) found.service = serviceOf(group);
      found.points += points;
    }
  }
  return found;
}

function serviceOf(group: Plain): string {
  const { attributes } = (group.resource ?? { attributes: [] }) as { attributes: Plain[] };
  const value = attributes.find(({ key }) => key === 'service.name')?.value as Plain | null | undefined;
  return (value?.stringValue as string | undefined) || 'unknown_service';
}

function assertSame(bytes: Uint8Array): Found {
  const checked = checkRequest('metrics', bytes);
  assert.ok(checked.ok);
  const found = { points: checked.deltaPoints, service: checked.deltaService };
  assert.deepEqual(found, deltaIn(checked.bytes));
  return found;
}

const temporality = fc.constantFrom(0, DELTA, DELTA, 2, 30, -1);

/** Random requests of every kind of field, in which delta is not one in thirty but one in three. */
const requests = fc
  .tuple(message(REQUEST), fc.array(temporality, { minLength: 8, maxLength: 8 }))
  .map(([request, plan]) => {
    let at = 0;
    for (const group of (request.resourceMetrics ?? []) as Plain[]) {
      // The reference tells a service.name from other kinds of values only where it is text.
      const resource = group.resource as { attributes?: Plain[] } | undefined;
      if (resource?.attributes !== undefined) resource.attributes = resource.attributes.filter(isTextOrNone);
      for (const scope of (group.scopeMetrics ?? []) as Plain[]) {
        for (const metric of (scope.metrics ?? []) as Plain[]) {
          const data = (metric.sum ?? metric.histogram ?? metric.exponentialHistogram) as Plain | undefined;
          if (data !== undefined) data.aggregationTemporality = plan[at++ % plan.length];
        }
      }
    }
    return request;
  });

function isTextOrNone({ key, value }: Plain): boolean {
  const text = (value as Plain | undefined)?.stringValue as string | undefined;
  return key !== 'service.name' || (text !== undefined && text.length <= 128);
}

test('of random metrics, in protobuf and JSON, the points and the service are those that the reference finds', () => {
  let withDelta = 0;
  fc.assert(
    fc.property(requests, (request) => {
      const found = assertSame(encodeAs(REQUEST, request));
      if (found.points > 0) withDelta++;
      const json = jsonToProtobuf('metrics', Buffer.from(JSON.stringify(jsonForm(REQUEST, request))));
      assert.ok(json.ok);
      assert.deepEqual(assertSame(json.bytes), found);
    }),
    RUNS,
  );
  assert.ok(withDelta > 30, `${withDelta} requests with delta`);
});

/** A length-delimited field. */
function field(tag: number, content: Uint8Array): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest >= 128; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([tag, ...length, rest]), content]);
}

/** A message whose fields stand in an order of our choice. */
const inOrder = (fields: Buffer[], order: readonly number[]) =>
  Buffer.concat(
    fields
      .map((each, at) => ({ each, by: order[at] ?? at }))
      .sort((a, b) => a.by - b.by)
      .map(({ each }) => each),
  );

let tooDeep: Plain = { intValue: '1' };
for (let depth = 0; depth < 64; depth++) tooDeep = { arrayValue: { values: [tooDeep] } };

const KINDS: readonly (readonly [tag: number, point: MessageName])[] = [
  [0x3a, 'NumberDataPoint'],
  [0x4a, 'HistogramDataPoint'],
  [0x52, 'ExponentialHistogramDataPoint'],
];
const order = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 6, maxLength: 6 });
const isBad = fc.integer({ min: 0, max: 9 }).map((value) => value === 0);

const metrics = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    bad: fc.array(isBad, { maxLength: 4 }),
    temporality,
    order,
    isNameless: isBad,
  })
  .map(({ bad, isNameless, kind: [tag, point], order, temporality }) => {
    const points = bad.map((isFaulty) =>
      field(
        0x0a,
        encodeAs(point, isFaulty ? { attributes: [{ key: 'deep', value: tooDeep }] } : { flags: 1 }),
      ),
    );
    const data = inOrder(
      [...points, Buffer.from(encodeAs('Sum', { aggregationTemporality: temporality }))],
      order,
    );
    const name = Buffer.from(encodeAs('Metric', isNameless ? { unit: 's' } : { name: 'm' }));
    return inOrder([name, field(tag, data)], order);
  });
const scopes = fc
  .record({ metrics: fc.array(metrics, { maxLength: 3 }), order, isBadScope: isBad })
  .map(({ isBadScope, metrics, order }) =>
    inOrder([field(0x0a, scopeOf(isBadScope)), ...metrics.map((metric) => field(0x12, metric))], order),
  );
const groups = fc
  .record({
    scopes: fc.array(scopes, { maxLength: 3 }),
    order,
    name: fc.constantFrom('', 'shop', 'stock'),
    isBadResource: isBad,
  })
  .map(({ isBadResource, name, order, scopes }) => {
    const attributes: Plain[] = name === '' ? [] : [{ key: 'service.name', value: { stringValue: name } }];
    if (isBadResource) attributes.push({ key: 'deep', value: tooDeep });
    const resource = field(0x0a, encodeAs('Resource', { attributes }));
    return inOrder([resource, ...scopes.map((scope) => field(0x12, scope))], order);
  });

function scopeOf(isBad: boolean): Uint8Array {
  return encodeAs(
    'InstrumentationScope',
    isBad ? { attributes: [{ key: 'deep', value: tooDeep }] } : { name: 's' },
  );
}

test('whatever the order on the wire, only points that are left count, and only services that have one', () => {
  const seen = { delta: 0, cut: 0 };
  fc.assert(
    fc.property(fc.array(groups, { maxLength: 3 }), (parts) => {
      const bytes = Buffer.concat(parts.map((group) => field(0x0a, group)));
      const { points } = assertSame(bytes);
      if (points > 0) seen.delta++;
      if (points < deltaIn(bytes).points) seen.cut++;
    }),
    RUNS,
  );
  assert.ok(seen.delta > 100 && seen.cut > 50, JSON.stringify(seen));
});
