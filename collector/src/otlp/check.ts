import type { Signal } from '#core/signal.ts';
import { CAUSE, type CheckLimits, createWalk, MAX_VALUE_DEPTH, type Walk } from './check-state.ts';
import { REQUEST_TABLES } from './check-table.ts';
import { walkMessage } from './check-walk.ts';
import type { Interest } from './interest.ts';
import { splice } from './rewrite.ts';
import { serviceAt } from './service-at.ts';
import type { Spots } from './spots.ts';

/**
 * What the checker says of a request. `bytes` holds the `items` that are good and is the very array that was
 * given when none was at fault; `reason` tells in English why `rejected` others are gone, '' when none.
 * The range of times is milliseconds since 1970 UTC, up to 4.3 s too wide; 0 and 0 when no item has a time.
 * `deltaPoints` of the good data points have AGGREGATION_TEMPORALITY_DELTA; `deltaService` is the `service.name`, at
 * most 128 characters, of the first resource that has such, '' when there are none.
 * `spots` are what `interest` asked for, and `groups` where each resource group begins, both in `bytes`.
 * Not ok: the body is malformed, `message` says what and at which byte; or `isTooMany`: there is more in it than the
 * limits allow, and nobody looked at the rest.
 */
export type Checked =
  | {
      ok: true;
      bytes: Uint8Array;
      items: number;
      rejected: number;
      reason: string;
      minTimeUnixMs: number;
      maxTimeUnixMs: number;
      longestItemBytes: number;
      deltaPoints: number;
      deltaService: string;
      spots: Spots;
      groups: number[];
    }
  | { ok: false; message: string; isTooMany: boolean };

const NOUNS: Record<Signal, readonly [one: string, many: string]> = {
  traces: ['span', 'spans'],
  metrics: ['data point', 'data points'],
  logs: ['log record', 'log records'],
};

const WORDS: Record<number, string> = {
  [CAUSE.traceId]: 'trace_id must be 16 bytes and not all zero',
  [CAUSE.spanId]: 'span_id must be 8 bytes and not all zero',
  [CAUSE.parentSpanId]: 'parent_span_id must be empty or 8 bytes',
  [CAUSE.metricName]: 'the name of a metric must not be empty',
  [CAUSE.notUtf8]: 'strings must be UTF-8',
  [CAUSE.tooDeep]: `attribute values must not nest deeper than ${MAX_VALUE_DEPTH}`,
  [CAUSE.twice]: 'a field that holds one message, or a key, was given twice',
};

function reasonOf(signal: Signal, walk: Walk): string {
  if (walk.rejected === 0) return '';
  const parts = Object.entries(WORDS)
    .map(([cause, words]) => ({ words, count: walk.causes[Number(cause)]! }))
    .filter(({ count }) => count > 0)
    .map(({ words, count }) => `${words} (${count})`);
  const noun = NOUNS[signal][walk.rejected === 1 ? 0 : 1];
  return `${walk.rejected} ${noun} rejected: ${parts.join('; ')}`;
}

/** Milliseconds in the upper half of a 64-bit count of nanoseconds. */
const MS_PER_HIGH = 2 ** 32 / 1e6;

function rangeOf({ maxTimeHigh, minTimeHigh }: Walk): { minTimeUnixMs: number; maxTimeUnixMs: number } {
  if (maxTimeHigh === 0) return { minTimeUnixMs: 0, maxTimeUnixMs: 0 };
  return {
    minTimeUnixMs: Math.floor(minTimeHigh * MS_PER_HIGH),
    maxTimeUnixMs: Math.ceil((maxTimeHigh + 1) * MS_PER_HIGH),
  };
}

/**
 * Checks a whole Export<Signal>ServiceRequest in one pass: structure first (a fault there fails the request, OTLP
 * specification "Failures", 400), then what each span, log record or data point means (faults there reject only
 * the item, "Partial Success"). Unknown fields are kept. Ids of log records are not judged: the specification
 * wants a record with a bad id treated as not associated.
 */
export function checkRequest(
  signal: Signal,
  bytes: Uint8Array,
  options: { interest?: Interest | null; limits?: CheckLimits } = {},
): Checked {
  const { interest = null, limits } = options;
  const walk = createWalk(bytes, interest, limits);
  if (!walkMessage(walk, REQUEST_TABLES[signal], bytes.length)) {
    const isTooMany = walk.tooMany !== '';
    return { ok: false, message: isTooMany ? walk.tooMany : walk.fault, isTooMany };
  }
  const good = walk.cuts.length === 0 ? bytes : splice(bytes, walk.cuts);
  return {
    ok: true,
    bytes: good,
    items: walk.items,
    rejected: walk.rejected,
    reason: reasonOf(signal, walk),
    ...rangeOf(walk),
    longestItemBytes: walk.longestItemBytes,
    deltaPoints: walk.deltaPoints,
    deltaService: walk.deltaPoints === 0 ? '' : serviceAt(bytes, walk.deltaAt),
    ...(good === bytes ? { spots: walk.spots, groups: walk.groups } : spotsOf(signal, good, interest)),
  };
}

/** A second walk, as what was cut out has moved all that follows. */
function spotsOf(
  signal: Signal,
  bytes: Uint8Array,
  interest: Interest | null,
): { spots: Spots; groups: number[] } {
  const walk = createWalk(bytes, interest);
  if (interest !== null && !walkMessage(walk, REQUEST_TABLES[signal], bytes.length))
    throw new Error(walk.fault);
  return { spots: walk.spots, groups: walk.groups };
}
