import { randomnessAt, readOt } from '#otlp/tracestate.ts';
import { textAt } from '#otlp/wire.ts';
import type { SampleConfig } from './config.ts';
import { believed, decide } from './decide.ts';
import { stateEdit } from './encode.ts';
import type { Ratio } from './ratios.ts';
import type { RememberedTraces } from './remembered-traces.ts';
import { ERROR_STATUS, type SpanFacts } from './span-facts.ts';
import { traceKeyAt } from './trace-key.ts';
import type { Item } from './walk.ts';

export interface SpanItem extends Item, SpanFacts {
  ratio: Ratio;
}

interface Said {
  incoming: bigint;
  randomness: bigint;
  /** Whether it says a threshold that is not believed. */
  isFalse: boolean;
}

/** What a span says of how it was sampled before. */
function saidBy(bytes: Uint8Array, span: SpanItem): Said {
  const ot = readOt(textAt(bytes, span.stateStart, span.stateEnd));
  const randomness = ot.randomness ?? randomnessAt(bytes, span.traceIdAt);
  const incoming = believed(ot.threshold, randomness);
  return { incoming: incoming ?? 0n, randomness, isFalse: incoming !== ot.threshold };
}

/**
 * Makes what decides about the spans of a request that have no verdict yet. All traces in it that are to be kept as a
 * whole are noted first, so that the order of spans in a request does not matter.
 */
export function createTraceSampler(
  config: SampleConfig['traces'],
  remembered: RememberedTraces,
): (bytes: Uint8Array, spans: readonly SpanItem[], nowMs: number) => void {
  const slowNs = config.keep_slow_ms > 0 ? config.keep_slow_ms * 1e6 : Infinity;

  const isSpecial = (span: SpanItem) =>
    (config.keep_errors && span.statusCode === ERROR_STATUS) || span.durationNs >= slowNs || span.isLlm;

  return (bytes, spans, nowMs) => {
    const noted = new Map<string, bigint>();
    for (const span of spans) {
      if (span.verdict !== null || !isSpecial(span)) continue;
      const trace = traceKeyAt(bytes, span.traceIdAt);
      noted.set(trace, remembered.note(trace, saidBy(bytes, span).incoming, nowMs));
    }
    for (const span of spans) {
      const ours = span.ratio.threshold;
      if (span.verdict !== null || ours === 0n) continue;
      const isAnyNoted = noted.size > 0 || remembered.size > 0;
      const trace = isAnyNoted ? traceKeyAt(bytes, span.traceIdAt) : '';
      const { incoming, isFalse, randomness } = saidBy(bytes, span);
      const chance = { ours, incoming, noted: noted.get(trace) ?? remembered.recall(trace, nowMs) };
      const threshold = decide(chance, () => randomness);
      if (threshold === null) span.verdict = span.ratio.verdict;
      else if (threshold !== incoming) span.change = stateEdit(bytes, span, threshold);
      else if (isFalse) span.change = stateEdit(bytes, span, null);
    }
  };
}
