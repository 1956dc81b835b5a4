import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { encodeAs, type Plain } from './testing/reference.ts';

const REQUEST = 'ExportMetricsServiceRequest';
const TWO_POINTS = [{ asInt: '1' }, { asInt: '2' }];

const named = (name: string): Plain => ({
  attributes: [{ key: 'service.name', value: { stringValue: name } }],
});
const resourceOf = (metrics: Plain[], name = 'shop'): Plain => ({
  resource: named(name),
  scopeMetrics: [{ metrics }],
});
const sum = (aggregationTemporality: number, dataPoints: Plain[] = TWO_POINTS): Plain => ({
  name: 'm',
  sum: { aggregationTemporality, dataPoints },
});

function deltaOf(bytes: Uint8Array): [points: number, service: string] {
  const checked = checkRequest('metrics', bytes);
  assert.ok(checked.ok, checked.ok ? '' : checked.message);
  return [checked.deltaPoints, checked.deltaService];
}
const deltaIn = (...resourceMetrics: Plain[]) => deltaOf(encodeAs(REQUEST, { resourceMetrics }));

/** A request of one metric `m` with the fields of its sum as they are given. */
function requestOf(...sumFields: string[]): Uint8Array {
  const content = Buffer.from(sumFields.join('').replaceAll(' ', ''), 'hex');
  const metric = Buffer.concat([Buffer.from([0x0a, 0x01, 0x6d, 0x3a, content.length]), content]);
  const scope = Buffer.concat([Buffer.from([0x12, metric.length]), metric]);
  const group = Buffer.concat([Buffer.from([0x12, scope.length]), scope]);
  return Buffer.concat([Buffer.from([0x0a, group.length]), group]);
}
const POINT = '0a 00';

test('sums, histograms and exponential histograms of delta temporality count, other points do not', () => {
  const aggregationTemporality = 1;
  const metrics = [
    sum(1),
    { name: 'm', histogram: { aggregationTemporality, dataPoints: [{}] } },
    { name: 'm', exponentialHistogram: { aggregationTemporality, dataPoints: [{}, {}, {}] } },
    { name: 'm', gauge: { dataPoints: [{}] } },
    { name: 'm', summary: { dataPoints: [{}] } },
    sum(0),
    sum(2),
    sum(3),
  ];
  assert.deepEqual(deltaIn(resourceOf(metrics)), [6, 'shop']);
});

test('without such points there is no service either', () => {
  assert.deepEqual(deltaIn(resourceOf([sum(2), sum(1, [])])), [0, '']);
  for (const signal of SIGNALS) {
    const checked = checkRequest(signal, new Uint8Array(0));
    assert.partialDeepStrictEqual(checked, { ok: true, deltaPoints: 0, deltaService: '' });
  }
});

test('the temporality may stand before, behind and among the points, and the last one counts', () => {
  for (const [fields, points] of [
    [['10 01', POINT, POINT], 2],
    [[POINT, POINT, '10 01'], 2],
    [[POINT, '10 01', POINT], 2],
    [['10 02', POINT, '10 01'], 1],
    [['10 01', POINT, '10 02'], 0],
  ] as const) {
    assert.deepEqual(deltaOf(requestOf(...fields)), [points, points === 0 ? '' : 'unknown_service']);
  }
});

test('an enum is the low 32 bits of its varint, however long that is', () => {
  for (const [fields, points] of [
    [['10 81 00', POINT], 1],
    [['10 81 80 80 80 00', POINT], 1],
    [['10 81 80 80 80 10', POINT], 1],
    [['10 81 80 80 80 01', POINT], 0],
    [['10 81 01', POINT], 0],
  ] as const) {
    assert.equal(deltaOf(requestOf(...fields))[0], points, fields.join(' '));
  }
});

test('a temporality that is cut off or too long fails the request', () => {
  for (const fields of [['10'], ['10 80'], ['10 80 80 80 80 80 80 80 80 80 80 01']]) {
    const checked = checkRequest('metrics', requestOf(...fields));
    assert.ok(!checked.ok);
    assert.match(checked.message, /^varint is cut off or longer than 10 bytes at byte 11$/);
  }
});

test('the service is that of the first resource with such a point, wherever the resource stands', () => {
  const plain = [
    resourceOf([sum(2)], 'cumulative'),
    resourceOf([sum(1)], 'first'),
    resourceOf([sum(1)], 'second'),
  ];
  assert.deepEqual(deltaIn(...plain), [4, 'first']);
  const scopes = encodeAs('ResourceMetrics', { scopeMetrics: [{ metrics: [sum(1)] }] });
  const resource = encodeAs('ResourceMetrics', { resource: named('behind') });
  const group = Buffer.concat([scopes, resource]);
  assert.deepEqual(deltaOf(Buffer.concat([Buffer.from([0x0a, group.length]), group])), [2, 'behind']);
});

test('what is refused neither counts nor gives its name', () => {
  const nameless = { ...sum(1), name: '' };
  assert.deepEqual(deltaIn(resourceOf([nameless], 'refused'), resourceOf([sum(1)], 'good')), [2, 'good']);
  assert.deepEqual(deltaIn(resourceOf([nameless])), [0, '']);
  const bytes = Buffer.from(
    encodeAs(REQUEST, {
      resourceMetrics: [{ ...resourceOf([sum(1)], 'br\u00e9ken') }, resourceOf([sum(1, [{}])], 'good')],
    }),
  );
  bytes[bytes.indexOf(Buffer.from('\u00e9'))] = 0xff;
  assert.deepEqual(deltaOf(bytes), [1, 'good']);
});

test('a service without a name is unknown_service, and a long name is cut to 128 characters', () => {
  assert.deepEqual(deltaIn({ scopeMetrics: [{ metrics: [sum(1)] }] }), [2, 'unknown_service']);
  assert.equal(deltaIn(resourceOf([sum(1)], 'n'.repeat(128)))[1], 'n'.repeat(128));
  assert.equal(deltaIn(resourceOf([sum(1)], 'n'.repeat(5000)))[1], 'n'.repeat(128));
  const cut = deltaIn(resourceOf([sum(1)], `${'n'.repeat(127)}\u{1f600}`))[1];
  assert.deepEqual([cut.length, cut.isWellFormed()], [128, true]);
});

test('in JSON the order of the fields does not matter', () => {
  for (const data of [
    { aggregationTemporality: 1, dataPoints: TWO_POINTS },
    { dataPoints: TWO_POINTS, aggregationTemporality: 1 },
  ]) {
    const request = {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ sum: data, name: 'm' }] }], resource: named('shop') }],
    };
    const transcoded = jsonToProtobuf('metrics', Buffer.from(JSON.stringify(request)));
    assert.ok(transcoded.ok);
    assert.deepEqual(deltaOf(transcoded.bytes), [2, 'shop']);
  }
});
