import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertsResponse } from '#api/schemas/alerts.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { createRandom } from '../crash/crash-program.ts';
import { sumsOf, untilSettled } from '../support/accounting.ts';
import { ENGINE_NAMES } from '../support/engine-stack/engine-facts.ts';
import type { Engine } from '../support/engine-stack/start-engine.ts';
import { until } from '../support/until.ts';
import { createEngineBench, type EngineBench } from './engine-bench.ts';
import { type Found, findItems } from './found-items.ts';
import { startNumberedLoad } from './numbered-load.ts';

const SEED = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const LOAD_MS = Number(process.env.ENGINE_LOAD_SECONDS ?? 45) * 1000;
const SEND_EVERY_MS = Number(process.env.ENGINE_SEND_EVERY_MS ?? 150);
const LONGEST_LIFE_MS = 9000;
const LONGEST_DEATH_MS = 2500;
const ENGINE_OF: Record<Signal, string> = { traces: 'tempo', metrics: 'prometheus', logs: 'loki' };

const random = createRandom(SEED);
const upTo = (max: number) => Math.floor(random() * max);

test('engines are killed or restarted again and again under load, the collector is killed once: all that was acknowledged is in its engine', async (t) => {
  const bench = await createEngineBench(t, { env: { SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false' } });
  const { otlpHttpUrl } = await bench.start();
  const startedMs = Date.now();
  const load = startNumberedLoad({ url: otlpHttpUrl, everyMs: SEND_EVERY_MS });
  t.after(() => load.stop());
  const endMs = performance.now() + LOAD_MS;
  const engines = ENGINE_NAMES.map((name) => bench.engines[name]);
  const [kills] = await Promise.all([
    Promise.all(engines.map((engine) => killUntil(endMs, engine))),
    killCollectorOnce(bench),
  ]);
  await load.stop();
  const restartedMs = Date.now();

  const accounts = await untilSettled(bench.signalbox, 120_000);
  // What counts as delivered must be on the engine's disk.
  for (const engine of engines) {
    await engine.kill();
    await engine.restart();
  }
  const found = await untilReadable(bench, () => findItems(bench.engines, load, startedMs));
  report(t, { kills, answers: load.answers, found });
  for (const signal of SIGNALS) {
    const { acknowledged, missing } = found[signal];
    assert.ok(acknowledged > 100, `${acknowledged} ${signal} were acknowledged`);
    const where = `${signal} that were acknowledged and are not in ${ENGINE_OF[signal]}`;
    assert.deepEqual(missing.slice(0, 20), [], `${missing.length} ${where}`);
    const sums = sumsOf(accounts, ENGINE_OF[signal]);
    assert.ok(sums.delivered >= acknowledged);
    assert.deepEqual({ ...sums, accepted: 0, delivered: 0 }, { ...NOTHING, accepted: 0, delivered: 0 });
  }
  await untilWatchdogIsHeard(bench, restartedMs);
});

const NOTHING = { waiting: 0, expired: 0, refused: 0, deadLettered: 0, damaged: 0 };

async function killUntil(endMs: number, engine: Engine): Promise<number> {
  for (let kills = 1; ; kills++) {
    await sleep(1000 + upTo(LONGEST_LIFE_MS));
    await engine.kill(anyEnd(engine));
    await sleep(upTo(LONGEST_DEATH_MS));
    await engine.restart();
    if (performance.now() > endMs) return kills;
  }
}

/**
 * Some now and then as an operator restarts them. Not Tempo 3, which then stays for all of its grace period, nor
 * Alertmanager, which then knows whom it told and repeats itself only after minutes.
 */
function anyEnd({ name }: Engine): NodeJS.Signals {
  return (name === 'loki' || name === 'prometheus') && upTo(3) === 0 ? 'SIGTERM' : 'SIGKILL';
}

async function killCollectorOnce(bench: EngineBench): Promise<void> {
  await sleep(LOAD_MS / 4 + upTo(LOAD_MS / 2));
  await bench.signalbox.kill();
  await bench.start();
}

/** An engine that has just started may answer a query with an error, which is no answer. */
async function untilReadable<T>(bench: EngineBench, ask: () => Promise<T>): Promise<T> {
  let last: unknown;
  const probe = () =>
    ask().catch((error: unknown) => {
      last = error;
      return undefined;
    });
  return until('answers of the engines', probe).catch(() => {
    throw new Error(`${String(last)}\n${bench.engines.loki.logTail(10)}`);
  });
}

/** Alerts have got through since: Alertmanager repeats itself when it was killed, as it forgets whom it told. */
async function untilWatchdogIsHeard(bench: EngineBench, sinceMs: number): Promise<void> {
  await until(
    'the watchdog to be heard again',
    async () => {
      const response = await bench.signalbox.fetchApi('/api/v1/alerts');
      const { watchdog } = (await response.json()) as AlertsResponse;
      const told = BigInt(watchdog?.lastNotifiedUnixNano ?? 0) / 1_000_000n;
      return (watchdog?.isHeard === true && told > sinceMs) || undefined;
    },
    120_000,
  );
}

function report(
  t: TestContext,
  {
    answers,
    found,
    kills,
  }: { kills: number[]; answers: Record<string, number>; found: Record<Signal, Found> },
): void {
  const of = SIGNALS.map((signal) => {
    const { acknowledged, duplicates, missing } = found[signal];
    return `${ENGINE_OF[signal]} ${acknowledged} acknowledged, ${missing.length} missing, ${duplicates} twice`;
  });
  const killed = ENGINE_NAMES.map((name, index) => `${name} ${kills[index]! + 1}`);
  t.diagnostic(
    `kills (seed ${SEED}): ${killed.join(', ')}, collector 1; ${of.join('; ')}; answers ${JSON.stringify(answers)}`,
  );
}
