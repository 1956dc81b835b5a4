import type { Gate } from '#core/gate.ts';
import type { Logger } from '#self/log-record.ts';
import type { Metrics } from '#self/metrics.ts';
import type { KeysConfig } from './config.ts';
import { keyFilePath } from './key-file.ts';
import { createKeyGate } from './key-gate.ts';
import { openLiveKeys } from './live-keys.ts';
import { createMeters } from './meters.ts';
import type { SenderUsage } from './usage.ts';
import { loadUsage, saveUsage, usageFilePath } from './usage-file.ts';
import { createUsageLedger, type UsageLedger } from './usage-ledger.ts';

/** What the thread that takes requests knows of keys; plain data, safe to pass between threads. */
export interface KeysReport {
  /** Why the file of keys cannot be read; null when it can. */
  failure: string | null;
  /** What keys were used for, by id; '' stands for requests without a good key. */
  usage: Record<string, SenderUsage>;
}

export interface Keys {
  gate: Gate;
  report(): KeysReport;
  /** Writes down what keys were used for. Twice is harmless. */
  stop(): Promise<void>;
}

export interface KeysDeps {
  logger: Logger;
  metrics: Pick<Metrics, 'countSenders'>;
  /** Milliseconds since 1970 UTC, and since any moment. Default: the clocks of the process. */
  clocks?: { wallMs(): number; monotonicMs(): number };
  /** Default a minute; a crash loses what was counted since. */
  saveIntervalMs?: number;
}

const SAVE_INTERVAL_MS = 60_000;
const CLOCKS = { wallMs: Date.now, monotonicMs: () => performance.now() };

/** The gate on the keys in the data folder, and what it counts. Throws KeyError when the keys cannot be read. */
export async function openKeys(
  config: { data_dir: string; keys: KeysConfig },
  { clocks = CLOCKS, logger, metrics, saveIntervalMs = SAVE_INTERVAL_MS }: KeysDeps,
): Promise<Keys> {
  const keys = openLiveKeys(keyFilePath(config.data_dir), { logger });
  const path = usageFilePath(config.data_dir);
  const usage = createUsageLedger(await loadOrBeginAnew(path, logger), clocks.wallMs);
  const meters = createMeters(clocks.monotonicMs);
  const gate = createKeyGate(config.keys, { keys, usage, meters, wallMs: clocks.wallMs });
  metrics.countSenders(() =>
    usage.counts().map((one) => ({ ...one, tenant: keys.find(one.key)?.record.tenant ?? '' })),
  );
  const saver = createSaver(path, usage, logger);
  const timer = setInterval(() => {
    const isKnown = (id: string) => keys.find(id) !== undefined;
    meters.prune(isKnown);
    usage.prune(isKnown);
    void saver();
  }, saveIntervalMs);
  timer.unref();
  return {
    gate,
    report: () => ({ failure: keys.failure(), usage: Object.fromEntries(usage.all()) }),
    async stop() {
      clearInterval(timer);
      keys.stop();
      await saver();
    },
  };
}

async function loadOrBeginAnew(path: string, logger: Logger): Promise<Map<string, SenderUsage>> {
  try {
    return await loadUsage(path);
  } catch (error) {
    const reason = (error as Error).message;
    logger.warn('what API keys were used for cannot be read; counting begins anew', { path, reason });
    return new Map();
  }
}

/** Saves what has changed, one write at a time. */
function createSaver(path: string, usage: UsageLedger, logger: Logger): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const save = async () => {
    if (!usage.takeChanged()) return;
    try {
      await saveUsage(path, usage.all());
    } catch (error) {
      logger.warn('what API keys were used for cannot be written', { path, error });
    }
  };
  return () => (last = last.then(save));
}
