import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { SIGNALS } from '#core/signal.ts';
import { traceRequest } from '../otlp/messages.fixture.ts';

const SEED = 20_260_821;
const ROUND = 1500;
const PARALLEL = 8;
const MIB = 1024 * 1024;
const EXPECTED = [200, 400, 413, 415];

/** mulberry32: small, seeded, good enough to pick bytes. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const random = createRandom(SEED);
const pick = <T>(values: readonly T[]): T => values[random(values.length)]!;
const chance = () => random(2) === 1;
const randomBytes = (length: number) => Buffer.from(Array.from({ length }, () => random(256)));

const IDS = `"traceId":"${'0a'.repeat(16)}","spanId":"${'0b'.repeat(8)}"`;
const VALUE =
  '{"arrayValue":{"values":[{"intValue":"9223372036854775807"},{"doubleValue":1e300},{"bytesValue":"AAEC"}]}}';
const SPAN = `{${IDS},"name":"a\\u00e9","kind":2,"attributes":[{"key":"k","value":${VALUE}}]}`;
const LOG_RECORD = '{"timeUnixNano":"1","severityNumber":9,"body":{"stringValue":"x"}}';
/** Good bodies with the path and content type that fit them. */
const BODIES = [
  [traceRequest({ good: 20, bad: 3 }), 'traces', 'application/x-protobuf'],
  [traceRequest({ good: 1, nameLength: 20_000 }), 'traces', 'application/x-protobuf'],
  [
    Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${SPAN},${SPAN}]}]}]}`),
    'traces',
    'application/json',
  ],
  [
    Buffer.from(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[${LOG_RECORD}]}]}]}`),
    'logs',
    'application/json',
  ],
  [Buffer.alloc(300 * 1024, 'too large '), 'metrics', 'application/x-protobuf'],
] as const;
const CONTENT_TYPES = [
  'application/x-protobuf',
  'application/json',
  'application/json; charset=utf-8',
  'application/x-protobuf',
  'text/plain',
  'application/json; charset="\\"',
];
const COMPRESS: Record<string, (body: Buffer) => Buffer> = {
  identity: (body) => body,
  gzip: (body) => zlib.gzipSync(body, { level: 1 }),
  zstd: (body) => zlib.zstdCompressSync(body),
  br: (body) => body,
};

const MUTATIONS: ((body: Buffer) => Buffer)[] = [
  (body) => body,
  (body) => body.subarray(0, random(body.length + 1)),
  (body) => Buffer.concat([body, randomBytes(1 + random(20))]),
  (body) => Buffer.concat([body, body.subarray(0, body.length >> 1)]),
  () => randomBytes(random(300)),
  (body) => {
    const copy = Buffer.from(body);
    for (let flips = 1 + random(8); flips > 0 && copy.length > 0; flips--)
      copy[random(copy.length)] = random(256);
    return copy;
  },
  (body) => {
    const at = random(body.length + 1);
    return Buffer.concat([body.subarray(0, at), randomBytes(random(10)), body.subarray(at + random(10))]);
  },
];

let child: ChildProcess;
let port = 0;
const agent = new http.Agent({ keepAlive: true, maxSockets: PARALLEL });

before(async () => {
  const script = new URL('./receiver-process.fixture.ts', import.meta.url);
  child = fork(script, { execArgv: ['--expose-gc'] });
  const [message] = await once(child, 'message');
  port = (message as { port: number }).port;
});

after(async () => {
  agent.destroy();
  if (child.exitCode !== null || !child.connected) return;
  const exited = once(child, 'exit');
  child.send('stop');
  await exited;
});

async function measure(): Promise<{ liveBytes: number; rss: number; finished: number }> {
  const answered = once(child, 'message');
  child.send('measure');
  const [message] = await answered;
  return message as { liveBytes: number; rss: number; finished: number };
}

function send(path: string, headers: http.OutgoingHttpHeaders, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { port, host: '127.0.0.1', agent, path, method: 'POST', headers },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function sendMutated(): Promise<number> {
  const [good, signal, contentType] = pick(BODIES);
  const coding = pick(Object.keys(COMPRESS));
  const inside = chance() ? pick(MUTATIONS)(good) : good;
  const compressed = COMPRESS[coding]!(inside);
  const body = chance() ? pick(MUTATIONS)(compressed) : compressed;
  const path = `/v1/${chance() ? pick(SIGNALS) : signal}`;
  const headers = {
    'content-type': chance() ? pick(CONTENT_TYPES) : contentType,
    'content-encoding': coding,
  };
  const status = await send(path, headers, body);
  const what = `${status} for ${path} ${JSON.stringify(headers)} ${body.subarray(0, 200).toString('hex')}`;
  assert.ok(EXPECTED.includes(status), what);
  return status;
}

async function round(counts: Map<number, number>): Promise<void> {
  let left = ROUND;
  const work = async () => {
    while (left-- > 0) {
      const status = await sendMutated();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

test('mutated requests get 200, 400, 413 or 415, and the process stays as it was', async () => {
  const counts = new Map<number, number>();
  await round(counts);
  const warm = await measure();
  for (let rounds = 0; rounds < 3; rounds++) await round(counts);
  const end = await measure();
  assert.equal(end.finished, 4 * ROUND);
  assert.equal(child.exitCode, null);
  for (const status of EXPECTED) assert.ok(counts.get(status)! > 50, `too few answers of ${status}`);
  const grown = end.liveBytes - warm.liveBytes;
  assert.ok(grown < 8 * MIB, `${grown} bytes more are alive after ${3 * ROUND} requests`);
  assert.ok(end.rss - warm.rss < 128 * MIB, `the process has grown by ${end.rss - warm.rss} bytes`);
  const headers = { 'content-type': 'application/x-protobuf' };
  assert.equal(await send('/v1/traces', headers, traceRequest()), 200);
});
