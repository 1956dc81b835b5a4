import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { encodeExportResponse } from '#otlp/response.ts';
import { createDeadLetters } from '../dead-letter/dead-letters.ts';
import type { Exporter } from '../frame/exporter.ts';
import { createProgressFile } from '../frame/progress-file.ts';
import { systemTiming } from '../frame/timing.ts';
import { assertBalanced, CONFIG } from '../testing/harness.ts';
import { createMemorySource, type MemorySource } from '../testing/memory-source.ts';
import { ok, type Received, startOtlpServer, status } from '../testing/otlp-server.ts';
import { logsOf, namesIn } from '../testing/payloads.ts';
import { createOtlpExporter } from './otlp-exporter.ts';

const QUICK = { initialMs: 5, factor: 2, maxMs: 20 };

async function start(t: TestContext, source: MemorySource, retriesFinal = true) {
  const server = await startOtlpServer();
  const dataDir = await mkdtemp(join(tmpdir(), 'exporter-'));
  const place = { dataDir, destination: 'otlp' };
  const open = (): Exporter =>
    createOtlpExporter(
      {
        ...CONFIG,
        endpoint: server.url,
        headers: [],
        compression: 'gzip',
        timeout_ms: 150,
        retry_final_answers: retriesFinal,
        signals: ['logs'],
        flush_interval_ms: 5,
      },
      {
        version: '1.0.0',
        sources: [source],
        keeperOf: (signal) =>
          createProgressFile({ ...place, signal }, { onUnreadable: (path) => assert.fail(path) }),
        deadLettersOf: (signal) => createDeadLetters({ ...place, signal }),
        observer: (_of, event) => assert.notEqual(event.kind, 'fault'),
        timing: systemTiming,
        tuning: { backOff: QUICK, graceMs: 1000 },
      },
    )!;
  const running: Exporter[] = [];
  const run = async () => {
    const exporter = open();
    running.push(exporter);
    await exporter.start();
    return exporter;
  };
  t.after(async () => {
    for (const exporter of running) await exporter.stop();
    await server.close();
    await rm(dataDir, { recursive: true });
  });
  return { server, run, dataDir };
}

async function untilDone(exporter: Exporter): Promise<void> {
  for (;;) {
    const [account] = exporter.accounts();
    assertBalanced(account!);
    if (account!.waiting === 0) return;
    await new Promise((go) => setTimeout(go, 2));
  }
}

function append(source: MemorySource, names: string[], tenant = '') {
  source.append({ payload: logsOf(names), items: names.length, tenant, encoding: 'gzip' });
}

test('one item of ten thousand is refused: the other 9,999 arrive, it is kept aside, in few requests', async (t) => {
  const source = createMemorySource('logs');
  for (let at = 0; at < 100; at++)
    append(
      source,
      Array.from({ length: 100 }, (_, item) => `${at}.${item}`),
    );
  const { server, run, dataDir } = await start(t, source);
  const arrived: string[] = [];
  server.answer = (request: Received, response, socket) => {
    const names = namesIn(request.body);
    if (names.includes('42.13')) return status(400, {}, 'no')(request, response, socket);
    arrived.push(...names);
    ok(request, response, socket);
  };
  const exporter = await run();
  await untilDone(exporter);
  assert.equal(arrived.length, 9999);
  assert.equal(new Set(arrived).size, 9999);
  assert.ok(server.received.length <= 32, String(server.received.length));
  const files = await readdir(join(dataDir, 'dead-letter/otlp/logs'));
  assert.deepEqual(
    files.filter((file) => file.endsWith('.pb')).map((file) => file.slice(9)),
    ['000000000043-13-14.pb'],
  );
});

test('resets, silence, 429, 500 and cut answers lose nothing', async (t) => {
  const source = createMemorySource('logs');
  const { server, run } = await start(t, source);
  const arrived = new Set<string>();
  const troubles = [
    status(429, { 'retry-after': '0' }),
    status(503),
    status(500),
    (_request: Received, _response: unknown, socket: { resetAndDestroy(): void }) => socket.resetAndDestroy(),
    () => undefined,
  ];
  let requests = 0;
  server.answer = (request, response, socket) => {
    const isTrouble = request.body.length > 0 && requests++ % 2 === 0 && requests < 20;
    if (isTrouble) return troubles[(requests >> 1) % troubles.length]!(request, response, socket);
    for (const name of namesIn(request.body)) arrived.add(name);
    ok(request, response, socket);
  };
  const exporter = await run();
  for (let at = 0; at < 40; at++) {
    append(source, [`${at}.a`, `${at}.b`], `t${at % 3}`);
    await new Promise((go) => setTimeout(go, 3));
  }
  await untilDone(exporter);
  assert.equal(arrived.size, 80);
  assert.equal(exporter.accounts()[0]!.delivered, 80);
});

test('a batch that is answered 401 is one dead letter and is not sent again; what comes after it arrives', async (t) => {
  const source = createMemorySource('logs');
  const { dataDir, run, server } = await start(t, source, false);
  const seen: string[] = [];
  server.answer = (request, response, socket) => {
    const names = namesIn(request.body);
    seen.push(...names);
    return (names.includes('a') ? status(401) : ok)(request, response, socket);
  };
  append(source, ['a', 'b', 'c']);
  const exporter = await run();
  for (let at = 0; exporter.accounts()[0]!.deadLettered === 0 && at < 1000; at++)
    await new Promise((go) => setTimeout(go, 2));
  append(source, ['d']);
  await untilDone(exporter);
  const [account] = exporter.accounts();
  assert.deepEqual(seen, ['a', 'b', 'c', 'd']);
  assert.equal(account!.delivered, 1);
  assert.equal(account!.deadLettered, 3);
  const files = await readdir(join(dataDir, 'dead-letter/otlp/logs'));
  assert.equal(files.filter((file) => file.endsWith('.pb')).length, 1);
});

test('a destination that is down at first gets all of it, over a restart', async (t) => {
  const source = createMemorySource('logs');
  const { server, run } = await start(t, source);
  append(source, ['a', 'b']);
  server.answer = status(502);
  const first = await run();
  for (let at = 0; server.received.length < 3 && at < 1000; at++)
    await new Promise((go) => setTimeout(go, 2));
  await first.stop();
  server.answer = ok;
  append(source, ['c']);
  const before = server.received.length;
  const second = await run();
  await untilDone(second);
  assert.deepEqual(
    server.received.slice(before).flatMap(({ body }) => namesIn(body)),
    ['a', 'b', 'c'],
  );
  await second.stop();
  assert.equal(second.consumed('logs'), 3);
  assert.equal(second.consumed('traces'), Number.POSITIVE_INFINITY);
  const third = await run();
  assert.equal(third.accounts()[0]!.delivered, 3);
  assert.equal(third.accounts()[0]!.waiting, 0);
});

test('half taken is counted as half refused', async (t) => {
  const source = createMemorySource('logs');
  append(source, ['a', 'b', 'c', 'd']);
  const { server, run } = await start(t, source);
  server.answer = status(200, {}, encodeExportResponse('logs', { rejected: 2, message: 'no' }, 'protobuf'));
  const exporter = await run();
  await untilDone(exporter);
  const { delivered, refused } = exporter.accounts()[0]!;
  assert.deepEqual({ delivered, refused }, { delivered: 2, refused: 2 });
});
