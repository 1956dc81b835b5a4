import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import type { Encoding } from '#otlp/response.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import { decode } from '../otlp/messages.fixture.ts';
import { post, startReceiver } from './receiver.fixture.ts';

const MINUTE = 60_000;
const WARNING = /^data points with delta temporality: 2\. .*TEMPORALITY_PREFERENCE=cumulative/;
const JSON_TYPE = { 'content-type': 'application/json' };

function metricsRequest({ temporality = 1, service = 'shop', nameless = false } = {}): Plain {
  const dataPoints = [{ asInt: '1' }, { asInt: '2' }];
  const sum = { aggregationTemporality: temporality, dataPoints };
  const metrics = [{ name: 'm', sum }, ...(nameless ? [{ gauge: { dataPoints } }] : [])];
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: service } }] };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] };
}

const protobufOf = (request: Plain) => Buffer.from(encodeAs('ExportMetricsServiceRequest', request));

interface PartialSuccess {
  rejected?: string;
  rejectedDataPoints?: string;
  errorMessage?: string;
}

/** Sends as `encoding` and answers with the partial success of a 200, if it has one. */
async function send(
  url: string,
  request: Plain,
  encoding: Encoding = 'protobuf',
): Promise<PartialSuccess | undefined> {
  const isJson = encoding === 'json';
  const { body, response } = await post(
    `${url}/v1/metrics`,
    isJson ? JSON.stringify(request) : protobufOf(request),
    isJson ? JSON_TYPE : {},
  );
  assert.equal(response.status, 200);
  const answer = isJson ? JSON.parse(body.toString()) : decode('ExportResponse', body);
  return (answer as { partialSuccess?: PartialSuccess }).partialSuccess;
}

for (const encoding of ['protobuf', 'json'] as const) {
  test(`in ${encoding} the answer to delta points is a warning with none rejected, once a minute and service`, async (context) => {
    const { finished, payloads, time, url } = await startReceiver(context);
    const first = await send(url, metricsRequest(), encoding);
    assert.match(first?.errorMessage ?? '', WARNING);
    assert.equal(first?.rejected ?? first?.rejectedDataPoints, undefined);
    assert.equal(await send(url, metricsRequest(), encoding), undefined);
    assert.match(
      (await send(url, metricsRequest({ service: 'stock' }), encoding))?.errorMessage ?? '',
      WARNING,
    );
    time.ms = MINUTE;
    assert.match((await send(url, metricsRequest(), encoding))?.errorMessage ?? '', WARNING);
    assert.deepEqual(
      payloads.map(({ items }) => items),
      [2, 2, 2, 2],
    );
    assert.deepEqual(
      finished.map(({ deltaPoints, rejected }) => [deltaPoints, rejected]),
      Array(4).fill([2, 0]),
    );
  });
}

test('a gzip body counts as a plain one and travels on as it came', async (context) => {
  const { finished, payloads, url } = await startReceiver(context);
  const wire = zlib.gzipSync(protobufOf(metricsRequest()));
  const { body } = await post(`${url}/v1/metrics`, wire, { 'content-encoding': 'gzip' });
  const { partialSuccess } = decode('ExportResponse', body) as { partialSuccess: PartialSuccess };
  assert.match(partialSuccess.errorMessage ?? '', WARNING);
  assert.equal(finished[0]?.deltaPoints, 2);
  assert.deepEqual(Buffer.from(payloads[0]!.gzip!), wire);
});

test('items that are left out and the warning share one answer; the log of requests tells only of the former', async (context) => {
  const { finished, lines, url } = await startReceiver(context);
  const told = await send(url, metricsRequest({ nameless: true }));
  assert.equal(told?.rejected, '2');
  assert.match(
    told?.errorMessage ?? '',
    /^2 data points rejected: .*\. data points with delta temporality: 2\. /,
  );
  assert.match(finished[0]?.reason ?? '', /^2 data points rejected: [^.]*$/);
  assert.deepEqual(
    lines.map(({ level, context }) => [level, context.service]),
    [['warn', 'shop']],
  );
});

test('cumulative points and spans get no warning', async (context) => {
  const { deltaWatch, finished, lines, url } = await startReceiver(context);
  assert.equal(await send(url, metricsRequest({ temporality: 2 })), undefined);
  assert.equal(finished[0]?.deltaPoints, 0);
  assert.deepEqual([lines, deltaWatch.warnings()], [[], []]);
});

test('points that the next stage did not take are not counted', async (context) => {
  const busy = { kind: 'retry_after', seconds: 1, reason: 'full' } as const;
  const { deltaWatch, finished, url } = await startReceiver(context, {}, () => busy);
  const { response } = await post(`${url}/v1/metrics`, protobufOf(metricsRequest()));
  assert.equal(response.status, 503);
  assert.equal(finished[0]?.deltaPoints, 0);
  assert.deepEqual(deltaWatch.warnings(), []);
});

test('own telemetry leads to no warning, and is counted', async (context) => {
  const { finished, lines, url } = await startReceiver(context);
  const headers = { 'x-signalbox-self': 'token-of-this-process' };
  const { body } = await post(`${url}/v1/metrics`, protobufOf(metricsRequest()), headers);
  assert.equal(body.length, 0);
  assert.deepEqual(lines, []);
  assert.deepEqual([finished[0]?.isSelf, finished[0]?.deltaPoints], [true, 2]);
});
