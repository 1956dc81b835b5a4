import { measureClockOffsets } from './clock-skew.ts';
import { latest } from './latest.ts';
import { SPAN_KINDS } from './names.ts';
import type { SpanResult } from './trace-results.ts';

const SERVER = SPAN_KINDS[2];

/**
 * Gives every span the offset of its clock, in place, and orders the spans by their start on the clock of the root.
 * A resource has one clock.
 */
export function placeSpans(spans: SpanResult[]): void {
  const offsets = measureClockOffsets(
    spans.map((span) => ({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      clock: span.resource,
      synchronous: span.kind === SERVER,
      start: BigInt(span.startTimeUnixNano),
      end: BigInt(span.endTimeUnixNano),
    })),
  );
  for (const span of spans) span.clockOffsetNano = offsets.get(span.spanId) ?? 0;
  spans.sort(byAdjustedStart);
}

/** From the earliest start to the latest end of placed spans, on the clock of the root; `fallback` without spans. */
export function extentOf(
  spans: readonly SpanResult[],
  fallback: string,
): { startTimeUnixNano: string; durationNano: number } {
  const first = spans[0];
  if (first === undefined) return { startTimeUnixNano: fallback, durationNano: 0 };
  const start = adjustedStart(first);
  const ends = spans.map((span) => adjustedStart(span) + BigInt(span.durationNano));
  return { startTimeUnixNano: String(start), durationNano: Number(latest(ends, start) - start) };
}

function adjustedStart(span: SpanResult): bigint {
  return BigInt(span.startTimeUnixNano) + BigInt(span.clockOffsetNano);
}

function byAdjustedStart(a: SpanResult, b: SpanResult): number {
  const difference = adjustedStart(a) - adjustedStart(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
