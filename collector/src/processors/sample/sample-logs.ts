import {
  KEEP_NOTHING,
  parseRandomness,
  parseThreshold,
  randomnessAt,
  randomnessText,
  thresholdText,
} from '#otlp/tracestate.ts';
import type { SampleConfig } from './config.ts';
import { believed, decide } from './decide.ts';
import { attributesEdit } from './encode.ts';
import type { LogFacts } from './log-facts.ts';
import type { Ratio } from './ratios.ts';
import type { RememberedTraces } from './remembered-traces.ts';
import { traceKeyAt } from './trace-key.ts';
import type { Item } from './walk.ts';

/** Attributes by which the Collector's probabilistic sampler tells of how a record was sampled. */
export const SAMPLING_KEYS = ['sampling.threshold', 'sampling.randomness'] as const;

export interface LogItem extends Item, LogFacts {
  ratio: Ratio | null;
  /** Texts of `SAMPLING_KEYS`; null without. */
  thresholdText: string | null;
  randomnessText: string | null;
}

interface Said {
  incoming: bigint;
  /** Whether it says a threshold that is not believed. */
  isFalse: boolean;
  /** Null where only its trace id, if any, has some. */
  randomness: bigint | null;
}

/** What a record says of how it was sampled before. Samplers that do not go by its trace id say their randomness. */
function saidBy(bytes: Uint8Array, record: LogItem): Said {
  const threshold = parseThreshold(record.thresholdText ?? '');
  const randomness = parseRandomness(record.randomnessText ?? '');
  const ofTrace = record.traceIdAt >= 0 ? randomnessAt(bytes, record.traceIdAt) : null;
  const incoming = believed(threshold, randomness ?? ofTrace);
  return { incoming: incoming ?? 0n, isFalse: incoming !== threshold, randomness };
}

const BITS = 2 ** 53;

/** A random number of [incoming, 2^56): that a record was kept tells as much of the one it was kept by. */
function draw(incoming: bigint, random: () => number): bigint {
  return incoming + (((KEEP_NOTHING - incoming) * BigInt(Math.floor(random() * BITS))) >> 53n);
}

export interface LogSamplerDeps {
  remembered: RememberedTraces;
  random: () => number;
}

/** Makes what decides about the records of a request that have no verdict yet. */
export function createLogSampler(
  config: SampleConfig['logs'],
  { random, remembered }: LogSamplerDeps,
): (bytes: Uint8Array, records: readonly LogItem[], nowMs: number) => void {
  const set = (record: LogItem, threshold: bigint | null, drawn: bigint | null) =>
    attributesEdit(record, {
      set: [
        ...(threshold === null ? [] : [[SAMPLING_KEYS[0], thresholdText(threshold)] as const]),
        ...(drawn === null ? [] : [[SAMPLING_KEYS[1], randomnessText(drawn)] as const]),
      ],
      replacedAt: record.thresholdAt,
      replacedEnd: record.thresholdEnd,
    });

  return (bytes, records, nowMs) => {
    for (const record of records) {
      if (record.verdict !== null || record.ratio === null || record.ratio.threshold === 0n) continue;
      const follows = config.follow_traces && record.traceIdAt >= 0;
      const { incoming, isFalse, randomness: said } = saidBy(bytes, record);
      const noted =
        follows && remembered.size > 0 ? remembered.recall(traceKeyAt(bytes, record.traceIdAt), nowMs) : null;
      let drawn: bigint | null = null;
      const randomness = () => {
        if (said !== null) return said;
        if (follows) return randomnessAt(bytes, record.traceIdAt);
        drawn = draw(incoming, random);
        return drawn;
      };
      const threshold = decide({ ours: record.ratio.threshold, incoming, noted }, randomness);
      if (threshold === null) record.verdict = record.ratio.verdict;
      else if (threshold !== incoming) record.change = set(record, threshold, drawn);
      else if (isFalse) record.change = set(record, null, null);
    }
  };
}
