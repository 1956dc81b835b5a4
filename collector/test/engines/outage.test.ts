import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { decodeAs, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { openBoxes } from '../../../scripts/letter-boxes.ts';
import { replay } from '../../../scripts/replay.ts';
import { readAccounting, sumsOf, untilSettled } from '../support/accounting.ts';
import { sendToEngine } from '../support/engine-stack/ask-engines.ts';
import { until } from '../support/until.ts';
import { type AgedItem, agedRequest, numbersFound, numbersIn } from './aged-items.ts';
import { linesIn } from './ask-loki.ts';
import { createEngineBench, createFileScope, type EngineBench, reconfigure } from './engine-bench.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How far ahead of the clock Prometheus and Loki take items. */
const GRACE_MS = 10 * MINUTE_MS;
const SERVICE = 'outage';
const ENGINE_OF = { traces: 'tempo', metrics: 'prometheus', logs: 'loki' } as const;

/** Items by their age when the engine is back, and what each engine says of those that it takes no more. */
const AGES: { ageMs: number; refusals: Partial<Record<Signal, RegExp>> }[] = [
  { ageMs: 0, refusals: {} },
  { ageMs: 90 * MINUTE_MS, refusals: {} },
  { ageMs: 20 * HOUR_MS, refusals: {} },
  // As long as the journal keeps what an engine does not take.
  { ageMs: DAY_MS, refusals: {} },
  { ageMs: 26 * HOUR_MS, refusals: { metrics: /too old sample/ } },
  { ageMs: 8 * DAY_MS, refusals: { metrics: /too old sample/, logs: /has timestamp too old/ } },
  {
    ageMs: -HOUR_MS,
    refusals: { metrics: /too far in the future/, logs: /has timestamp too new/ },
  },
];
const ROUNDS = 3;

interface Item extends AgedItem {
  refusals: Partial<Record<Signal, RegExp>>;
}

let bench: EngineBench;
let items: Item[];
const scope = createFileScope(after);

before(async () => {
  bench = await createEngineBench(scope, { env: { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' } });
  await bench.start();
});

async function send(service: string, sent: readonly AgedItem[], signals: readonly Signal[] = SIGNALS) {
  for (const signal of signals) {
    const request = agedRequest(signal, service, sent);
    const { status, text } = await sendToEngine(bench.signalbox.otlpHttpUrl, signal, request);
    assert.deepEqual({ status, text }, { status: 200, text: '' });
  }
}

/** Dead letters of one engine: the numbers of their items, and the reason of each. */
async function deadLetters(signal: Signal): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const { folder, letters } of await openBoxes(bench.dataDir, { destination: ENGINE_OF[signal] })) {
    for (const { name, reason } of letters) {
      const request = decodeAs(REQUEST_NAMES[signal], await readFile(join(folder, `${name}.pb`)));
      for (const number of numbersIn(signal, request)) found.set(number, reason);
    }
  }
  return found;
}

/** Sends the dead letters of an engine again; answers the exit code and the lines of the script. */
async function replayAll(destination: string): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const deps = { say: (line: string) => void lines.push(line), sleep };
  const code = await replay({ dataDir: bench.dataDir, destination, waitMs: MINUTE_MS }, deps);
  return { code, said: lines.join('\n') };
}

const found = (signal: Signal, service = SERVICE) => numbersFound(bench.engines, signal, { service, items });
const numbersOf = (of: readonly AgedItem[]) => of.map(({ number }) => number).sort((a, b) => a - b);

test('after an outage each engine takes what it takes at that age, and exactly the rest are dead letters with its reason', async (t) => {
  const engines = SIGNALS.map((signal) => bench.engines[ENGINE_OF[signal]]);
  // What arrives late meets newer data.
  await send('fresh', [{ number: 1, unixMs: Date.now() }]);
  await untilSettled(bench.signalbox);
  await Promise.all(engines.map((engine) => engine.kill()));
  const nowMs = Date.now();
  items = Array.from({ length: ROUNDS * AGES.length }, (_, index) => {
    const { ageMs, refusals } = AGES[index % AGES.length]!;
    return { number: index + 1, unixMs: nowMs - ageMs + index, refusals };
  });
  // Good and bad in each request.
  for (const half of [items.slice(0, 11), items.slice(11)]) await send(SERVICE, half);
  const waiting = await readAccounting(bench.signalbox);
  for (const signal of SIGNALS)
    assert.equal(
      sumsOf(waiting, ENGINE_OF[signal]).waiting,
      items.length,
      'nothing is given up in an outage',
    );
  await Promise.all(engines.map((engine) => engine.restart()));

  const report = await untilSettled(bench.signalbox, 2 * MINUTE_MS);
  for (const signal of SIGNALS) {
    const refused = items.filter((item) => item.refusals[signal] !== undefined);
    const taken = items.filter((item) => item.refusals[signal] === undefined);
    assert.deepEqual(await found(signal), numbersOf(taken), `${ENGINE_OF[signal]} has what it can take`);
    const letters = await deadLetters(signal);
    assert.deepEqual(
      [...letters.keys()].sort((a, b) => a - b),
      numbersOf(refused),
      `dead letters of ${ENGINE_OF[signal]}`,
    );
    for (const { number, refusals } of refused) assert.match(letters.get(number)!, refusals[signal]!);
    const { deadLettered, delivered, expired, refused: left } = sumsOf(report, ENGINE_OF[signal]);
    const amounts = { deadLettered: refused.length, delivered: taken.length + 1, expired: 0, left: 0 };
    assert.deepEqual({ deadLettered, delivered, expired, left }, amounts, ENGINE_OF[signal]);
    t.diagnostic(`${ENGINE_OF[signal]}: ${taken.length} taken, ${refused.length} dead letters`);
  }
});

test('sent again without a change, items are refused again and kept', async () => {
  for (const signal of ['logs', 'metrics'] as const) {
    const before = await deadLetters(signal);
    const { code, said } = await replayAll(ENGINE_OF[signal]);
    assert.equal(code, 1, said);
    assert.match(said, /done; kept still: /);
    assert.deepEqual([...(await deadLetters(signal)).keys()].sort(), [...before.keys()].sort());
  }
});

test('with wider windows replays are taken, lines under a label of their own; Prometheus goes on refusing what is ahead', async () => {
  const { loki, prometheus } = bench.engines;
  await reconfigure(prometheus, 'out_of_order_time_window: 25h', 'out_of_order_time_window: 10d');
  await reconfigure(loki, 'max_age: 7d', 'max_age: 14d\n  creation_grace_period: 2h');
  const letters = [...(await deadLetters('logs')).keys()];
  const toLoki = await replayAll('loki');
  assert.equal(toLoki.code, 0, toLoki.said);
  assert.match(toLoki.said, /done, all of it was taken/);
  assert.deepEqual(await found('logs'), numbersOf(items));
  const range = { fromMs: Date.now() - 31 * DAY_MS, toMs: Date.now() + 2 * HOUR_MS };
  const replayed = await linesIn(loki.url, `{service_name="${SERVICE}", signalbox_replay=~".+"}`, range);
  const again = new Set(replayed.map(({ body }) => Number(body.split(' ').at(-1))));
  assert.deepEqual([...again].sort(), letters.sort(), 'only what was sent again has the label');

  const ahead = items.filter(({ unixMs }) => unixMs > Date.now() + GRACE_MS);
  const toPrometheus = await replayAll('prometheus');
  assert.equal(toPrometheus.code, 1, toPrometheus.said);
  assert.match(toPrometheus.said, new RegExp(`kept still: ${ahead.length} items`));
  const rest = items.filter((item) => !ahead.includes(item));
  assert.deepEqual(await found('metrics'), numbersOf(rest));
  const report = await readAccounting(bench.signalbox);
  assert.equal(sumsOf(report, 'loki').deadLettered, 0);
  assert.equal(sumsOf(report, 'prometheus').deadLettered, ahead.length);
});

test('what a clock that is ahead sent is taken as a replay once its time has come', async () => {
  const waitMs = 20_000;
  const item = { number: 100, unixMs: Date.now() + GRACE_MS + waitMs };
  await send(SERVICE, [item], ['metrics']);
  await untilSettled(bench.signalbox);
  assert.match((await deadLetters('metrics')).get(100) ?? '', /too far in the future/);
  await sleep(Math.max(0, item.unixMs - GRACE_MS - Date.now()) + 500);
  await replayAll('prometheus');
  assert.ok((await found('metrics')).includes(100));
  assert.equal((await deadLetters('metrics')).has(100), false);
});

test('a Loki that wants lines nearly in order refuses what is behind its stream, and takes it as a replay', async () => {
  // As where streams are not sharded by time, which is the default of Loki.
  await reconfigure(bench.engines.loki, 'time_sharding_enabled: true', 'time_sharding_enabled: false');
  const service = 'behind';
  const nowMs = Date.now();
  // In the middle of an hour, as times of payloads are told up to 4.3 s too wide.
  const late = { number: 2, unixMs: Math.floor(nowMs / HOUR_MS - 3) * HOUR_MS + 30 * MINUTE_MS };
  await send(service, [{ number: 1, unixMs: nowMs }], ['logs']);
  await untilSettled(bench.signalbox);
  await send(service, [late, { number: 3, unixMs: nowMs + 1 }], ['logs']);
  await untilSettled(bench.signalbox);
  assert.deepEqual(await found('logs', service), [1, 3]);
  const letters = await deadLetters('logs');
  assert.deepEqual([...letters.keys()], [2]);
  assert.match(letters.get(2)!, /entry too far behind/);

  assert.match((await replayAll('loki')).said, /done, all of it was taken/);
  assert.deepEqual(await found('logs', service), [1, 2, 3]);
  const hour = new Date(late.unixMs).toISOString().slice(0, 13);
  const query = `{service_name="${service}", signalbox_replay="${hour}"}`;
  const range = { fromMs: nowMs - DAY_MS, toMs: nowMs + HOUR_MS };
  const replayed = await until('the line under its label', async () => {
    const lines = await linesIn(bench.engines.loki.url, query, range);
    return lines.length > 0 ? lines : undefined;
  });
  assert.deepEqual(
    replayed.map(({ body }) => body),
    ['aged item 2'],
  );
});

test('what waits longer than the journal keeps it is counted as expired, and only that', async () => {
  const keepMs = 5000;
  await bench.signalbox.stop();
  await bench.start({ SIGNALBOX_JOURNAL_MAX_AGE_HOURS: String(keepMs / HOUR_MS) });
  const before = sumsOf(await untilSettled(bench.signalbox), 'prometheus');
  const service = 'expired';
  await bench.engines.prometheus.kill();
  await send(service, [{ number: 1, unixMs: Date.now() }], ['metrics']);
  await until('the journal to let go of it', async () => {
    const sums = sumsOf(await readAccounting(bench.signalbox), 'prometheus');
    return sums.expired === before.expired + 1 || undefined;
  });
  await bench.engines.prometheus.restart();
  await send(service, [{ number: 2, unixMs: Date.now() }], ['metrics']);
  const sums = sumsOf(await untilSettled(bench.signalbox), 'prometheus');
  assert.equal(sums.delivered, before.delivered + 1);
  assert.equal(sums.expired, before.expired + 1);
  assert.deepEqual(await found('metrics', service), [2]);
});
