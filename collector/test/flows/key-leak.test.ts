import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import grpc from '@grpc/grpc-js';
import { openKeyBook } from '#keys/key-book.ts';
import { NO_OWN_LIMITS } from '#keys/key-record.ts';
import { makeKeyText } from '#keys/key-text.ts';
import { jsonToProtobuf } from '#otlp/json-to-protobuf.ts';
import { readApi, readFiles, readJournals, readStore } from '../support/read-back.ts';
import { type Signalbox, startSignalbox } from '../support/start-signalbox.ts';
import { until } from '../support/until.ts';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** What the key is that comes before it: id and underscores. */
const ID_CHARS = 'sbk_k3y4d0ab_'.length;
/** So many spans at one a second are a debt of far more than this test. */
const TIRING_SPANS = 2000;
const TAKEN = 'name-of-a-span-that-was-taken';
const REFUSED = 'name-of-a-span-that-was-refused';
const WRONG = makeKeyText('wr0ngkey');
const MALFORMED = `${makeKeyText('ma1formd').slice(0, -2)}!!`;

let dataDir: string;
let signalbox: Signalbox;
const keys = { good: '', revoked: '', tired: '', wrong: WRONG, malformed: MALFORMED };

/** A destination that takes nothing yet, so that the journal keeps what was accepted. */
const later = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(503).end());
});

before(async () => {
  later.listen(0, '127.0.0.1');
  await once(later, 'listening');
  dataDir = await mkdtemp(join(tmpdir(), 'signalbox-key-leak-'));
  const book = openKeyBook(dataDir);
  const made = { tenant: '', expiresUnixMs: null, limits: NO_OWN_LIMITS, createdBy: 'test' };
  keys.good = (await book.create({ ...made, name: 'good' })).key;
  const revoked = await book.create({ ...made, name: 'revoked' });
  await book.revoke(revoked.record.id);
  keys.revoked = revoked.key;
  const limits = { ...NO_OWN_LIMITS, itemsPerSecond: 1 };
  keys.tired = (await book.create({ ...made, name: 'tired', limits })).key;
  signalbox = await startSignalbox({
    dataDir,
    env: {
      SIGNALBOX_KEYS_REQUIRED: 'true',
      SIGNALBOX_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(later.address() as AddressInfo).port}`,
      SIGNALBOX_SELF_LOG_LEVEL: 'debug',
      SIGNALBOX_SELF_LOG_STDOUT: 'debug',
      SIGNALBOX_SELF_LOG_SUMMARY_INTERVAL_SECONDS: '1',
    },
  });
});
after(async () => {
  later.close();
  later.closeAllConnections();
  await signalbox.kill();
  await rm(dataDir, { recursive: true, force: true });
});

function requestOf(name: string, count: number): string {
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: count }, (_, index) => ({
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: (index + 1).toString(16).padStart(16, '0'),
    name,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 1n),
  }));
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
}

interface Sent {
  headers?: Record<string, string>;
  path?: string;
  name?: string;
  count?: number;
}

async function sendHttp({ count = 1, headers = {}, name = REFUSED, path = '/v1/traces' }: Sent) {
  const response = await fetch(signalbox.otlpHttpUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: requestOf(name, count),
  });
  await response.arrayBuffer();
  return response.status;
}

function sendGrpc({ headers = {}, name = REFUSED, path = EXPORT }: Sent): Promise<string> {
  const { 'user-agent': agent = 'test', ...others } = headers;
  const client = new grpc.Client(new URL(signalbox.otlpGrpcUrl).host, grpc.credentials.createInsecure(), {
    'grpc.primary_user_agent': agent,
    'grpc.enable_retries': 0,
  });
  const metadata = new grpc.Metadata();
  for (const [header, value] of Object.entries(others)) metadata.set(header, value);
  const message = jsonToProtobuf('traces', Buffer.from(requestOf(name, 1)));
  assert.ok(message.ok);
  const asIs = (bytes: Buffer) => bytes;
  const options = { deadline: Date.now() + 10_000 };
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asIs, asIs, Buffer.from(message.bytes), metadata, options, (error) => {
      client.close();
      resolve(error === null ? 'OK' : grpc.status[error.code]!);
    });
  });
}

const asPlain = (key: string) => ({ 'x-api-key': key });
const asBearer = (key: string) => ({ authorization: `Bearer ${key}` });

test('who has a wrong, malformed, revoked or tired key is refused at both doors', async () => {
  assert.equal(await sendHttp({ headers: asPlain(keys.good), name: TAKEN }), 200);
  assert.equal(await sendGrpc({ headers: asBearer(keys.good), name: TAKEN }), 'OK');
  assert.equal(await sendHttp({ headers: asPlain(keys.tired), name: TAKEN, count: TIRING_SPANS }), 200);
  for (const way of [asPlain, asBearer]) {
    for (const key of [keys.wrong, keys.malformed, keys.revoked]) {
      assert.equal(await sendHttp({ headers: way(key) }), 401);
      assert.equal(await sendGrpc({ headers: way(key) }), 'UNAUTHENTICATED');
    }
    assert.equal(await sendHttp({ headers: way(keys.tired) }), 429);
    assert.equal(await sendGrpc({ headers: way(keys.tired) }), 'RESOURCE_EXHAUSTED');
  }
  assert.equal(await sendHttp({ headers: asPlain('') }), 401);
  assert.equal(await sendGrpc({ headers: asPlain('') }), 'UNAUTHENTICATED');
});

test('a key in an odd place opens nothing', async () => {
  const { good } = keys;
  for (const sent of [
    { path: `/v1/traces?x-api-key=${good}` },
    { path: `/v1/traces?authorization=Bearer%20${good}` },
    { path: `/v1/traces/${good}` },
    { path: `/${good}/v1/traces` },
    { headers: { 'user-agent': good } },
    { headers: { authorization: `Basic ${good}` } },
    { headers: { authorization: good } },
    { headers: { ...asPlain(good), authorization: `Basic ${good}` } },
    { headers: { cookie: `x-api-key=${good}`, tracestate: `key=${good}`, baggage: `key=${good}` } },
    { headers: { traceparent: good, 'x-scope-orgid': good, 'x-forwarded-for': good } },
    { headers: { 'content-type': `application/${good}` } },
    { headers: { 'content-encoding': good } },
  ] satisfies Sent[]) {
    const status = await sendHttp(sent);
    assert.ok(status >= 400 && status < 500, JSON.stringify([status, sent]));
  }
  for (const sent of [
    { path: `${EXPORT}/${good}` },
    { path: `/${good}/Export` },
    { headers: { 'user-agent': good } },
    { headers: { authorization: good } },
    { headers: { tracestate: `key=${good}`, traceparent: good, 'x-scope-orgid': good } },
  ] satisfies Sent[]) {
    assert.notEqual(await sendGrpc(sent), 'OK', JSON.stringify(sent));
  }
});

test('no key, right or wrong, stands on a page, in a log or in any other file', async () => {
  assert.equal(
    await sendHttp({ headers: { ...asPlain(keys.good), 'user-agent': keys.good }, name: TAKEN }),
    200,
  );
  const api = await until('what was taken, in the API', async () => {
    const text = await readApi(signalbox);
    return text.includes(TAKEN) ? text : undefined;
  });
  const own = await (await signalbox.fetchApi('/api/v1/keys')).text();
  await until('a summary of requests', async () => signalbox.stdout().includes('OTLP') || undefined);
  await signalbox.stop();
  const [files, store] = [await readFiles(dataDir), await readStore(dataDir)];
  const journals = await readJournals(dataDir);
  const places = { api, own, files, store, journals, stdout: signalbox.stdout(), stderr: signalbox.stderr() };
  // What is looked through holds what it should, and ids of keys where they belong.
  for (const place of ['api', 'files', 'store', 'journals'] as const) {
    assert.ok(places[place].includes(TAKEN), place);
  }
  for (const place of ['own', 'files', 'stdout'] as const) {
    assert.ok(places[place].includes(keys.revoked.slice(4, 12)), place);
  }
  const found = Object.entries(places).flatMap(([place, text]) =>
    Object.entries(keys).flatMap(([which, key]) =>
      text.includes(key.slice(ID_CHARS)) ? [`the ${which} key in ${place}`] : [],
    ),
  );
  assert.deepEqual(found, []);
  assert.ok(!journals.includes(REFUSED));
  assert.ok(!store.includes(REFUSED));
});
