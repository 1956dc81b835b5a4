import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { untilSettled } from '../support/accounting.ts';
import { type Ledger, type Load, type LoadOptions, startLoad } from '../support/load-sender.ts';
import { type Loss, lostAtSink, lostInStore } from '../support/loss.ts';
import { type OtlpSink, startOtlpSink } from '../support/otlp-sink.ts';
import { type Signalbox, type SignalboxOptions, startSignalbox } from '../support/start-signalbox.ts';
import { readStoreBlocks } from '../support/store-blocks.ts';

/** A data folder, the destination that the program exports to, and every program that was started on them. */
export interface CrashBench {
  dataDir: string;
  sink: OtlpSink;
  /** What every start gets: the sink as destination, and no telemetry of its own, so that counts are exact. */
  env: Record<string, string>;
  start(options?: Partial<SignalboxOptions>): Promise<Signalbox>;
  /** Sends to it; stopped at the end of the test, however that comes. */
  load(signalbox: Signalbox, options: Omit<LoadOptions, 'url'>): Load;
}

/** For one test; whatever still runs at its end is killed, and the folder goes, unless `dataDir` is somewhere else. */
export async function createCrashBench(
  context: TestContext,
  options: { dataDir?: string } = {},
): Promise<CrashBench> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-crash-'));
  const dataDir = options.dataDir ?? join(folder, 'data');
  const sink = await startOtlpSink();
  const running = new Set<Signalbox>();
  const loads = new Set<Load>();
  context.after(async () => {
    const stopped = [...loads].map((load) => load.stop());
    for (const signalbox of running) await signalbox.kill();
    await Promise.all(stopped);
    await sink.close();
    await rm(folder, { recursive: true, force: true });
  });
  const env = {
    SIGNALBOX_SELF_TELEMETRY_ENABLED: 'false',
    SIGNALBOX_EXPORTER_OTLP_ENDPOINT: sink.url,
  };
  return {
    dataDir,
    sink,
    env,
    async start(options = {}) {
      const signalbox = await startSignalbox({ dataDir, ...options, env: { ...env, ...options.env } });
      running.add(signalbox);
      return signalbox;
    },
    load(signalbox, loadOptions) {
      const load = startLoad({ url: signalbox.otlpHttpUrl, ...loadOptions });
      loads.add(load);
      return load;
    },
  };
}

/** A random number generator (mulberry32) that repeats itself for the same seed; 0 to 1, 1 excluded. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Starts the program once more, waits until nothing waits for a destination, stops it, and fails when something
 * acknowledged is not at both destinations.
 */
export async function assertAllDelivered(bench: CrashBench, ledger: Ledger): Promise<void> {
  await bench.sink.setMode({ kind: 'ok' });
  const signalbox = await bench.start();
  await untilSettled(signalbox);
  await signalbox.stop();
  assert.deepEqual(lostInStore(ledger, await readStoreBlocks(bench.dataDir)), NONE, 'lost in the store');
  assert.deepEqual(lostAtSink(ledger, bench.sink), NONE, 'lost at the OTLP destination');
  assert.deepEqual(bench.sink.malformed, []);
}

const NONE: Loss = { items: 0, blocks: [] };
