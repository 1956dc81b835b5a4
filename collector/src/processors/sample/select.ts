import type { Signal } from '#core/signal.ts';
import type { SampleConfig } from './config.ts';
import { createLogsPass } from './logs-pass.ts';
import { createMetricsPass } from './metrics-pass.ts';
import type { Pass } from './pass.ts';
import { createRememberedTraces } from './remembered-traces.ts';
import { type Selection, selectionOf } from './selection.ts';
import { createTracesPass } from './traces-pass.ts';

export interface SelectDeps {
  /** From 0, below 1. */
  random: () => number;
  /** Of a clock that never goes back. */
  monotonicMs: () => number;
}

export interface Select {
  /** False when nothing is configured for a signal: then `select` finds that all stays, and need not be called. */
  isActive(signal: Signal): boolean;
  /**
   * Decides which items of a request stay, which `checkRequest` accepted and nobody changed since. What passes and which
   * traces are to be kept is remembered from call to call; `bytes` are not.
   */
  select(signal: Signal, bytes: Uint8Array): Selection;
}

/**
 * Makes what decides which spans, log records and data points are kept, after the section `sample`. Never throws on
 * checked bytes. Bounded: `traces.remember_traces` trace ids and 1,000 buckets for each rate limit.
 */
export function createSelect(config: SampleConfig, { monotonicMs, random }: SelectDeps): Select {
  const remembered = createRememberedTraces({
    seconds: config.traces.remember_seconds,
    max: config.traces.remember_traces,
  });
  const passes: Record<Signal, Pass> = {
    traces: createTracesPass(config, remembered),
    logs: createLogsPass(config, { remembered, random }),
    metrics: createMetricsPass(config),
  };
  return {
    isActive: (signal) => passes[signal].isActive,
    select: (signal, bytes) => selectionOf(passes[signal].run(bytes, monotonicMs())),
  };
}
