/** Times in nanoseconds; `clock` names what shares one clock: a resource. */
export interface TimedSpan {
  spanId: string;
  parentSpanId: string | null;
  clock: number;
  /** A request that the parent waits for: it must lie within the parent. */
  synchronous: boolean;
  start: bigint;
  end: bigint;
}

const TOLERANCE_NANO = 1_000_000n;

interface Pending {
  span: TimedSpan;
  parent: TimedSpan | null;
  parentOffset: bigint;
}

/**
 * Measures by how much each clock of a trace is off against that of its caller. A synchronous child on another
 * clock that starts outside its parent is centred in it (when it fits); an asynchronous one may start late, but not
 * before its parent. The first synchronous child sets the offset of its clock, without one the first asynchronous.
 * Less than a millisecond is left alone.
 * Returns nanoseconds to add to the times of each span, 0 for most.
 */
export function measureClockOffsets(spans: readonly TimedSpan[]): Map<string, number> {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = Map.groupBy(spans, (span) =>
    span.parentSpanId !== null && byId.has(span.parentSpanId) ? span.parentSpanId : '',
  );
  const offsets = new Map<string, number>();
  const clocks = new Map<number, bigint>();
  const isRoot = ({ parentSpanId }: TimedSpan) => parentSpanId === null;
  const tops = (children.get('') ?? []).map((span): Pending => ({ span, parent: null, parentOffset: 0n }));
  // A wait tells both ends of a clock's offset, a message only one: it comes when no wait is left to learn from.
  const waits = tops.filter(({ span }) => isRoot(span));
  const messages = tops.filter(({ span }) => !isRoot(span));
  let waitsSeen = 0;
  let messagesSeen = 0;
  const next = () => (waitsSeen < waits.length ? waits[waitsSeen++] : messages[messagesSeen++]);
  for (let one = next(); one !== undefined; one = next()) {
    const { span } = one;
    if (offsets.has(span.spanId)) continue;
    const offset = offsetOf(span, { ...one, clocks });
    offsets.set(span.spanId, Number(offset));
    for (const child of children.get(span.spanId) ?? []) {
      const wait = child.synchronous || child.clock === span.clock;
      (wait ? waits : messages).push({ span: child, parent: span, parentOffset: offset });
    }
  }
  return offsets;
}

function offsetOf(
  span: TimedSpan,
  context: { parent: TimedSpan | null; parentOffset: bigint; clocks: Map<number, bigint> },
): bigint {
  const { parent, parentOffset, clocks } = context;
  if (parent === null) {
    if (span.parentSpanId === null && !clocks.has(span.clock)) clocks.set(span.clock, 0n);
    return clocks.get(span.clock) ?? 0n;
  }
  if (parent.clock === span.clock) return parentOffset;
  const known = clocks.get(span.clock);
  if (known !== undefined) return known;
  const offset = parentOffset + skewAgainst(parent, span, parentOffset);
  clocks.set(span.clock, offset);
  return offset;
}

/** 0 when the child can have happened as its clock says. */
function skewAgainst(parent: TimedSpan, child: TimedSpan, parentOffset: bigint): bigint {
  const parentStart = parent.start + parentOffset;
  const parentEnd = parent.end + parentOffset;
  const childStart = child.start + parentOffset;
  const early = parentStart - childStart;
  const late = child.synchronous ? childStart - parentEnd : 0n;
  if (early < TOLERANCE_NANO && late < TOLERANCE_NANO) return 0n;
  const slack = parent.end - parent.start - (child.end - child.start);
  const latency = child.synchronous && slack > 0n ? slack / 2n : 0n;
  return parentStart + latency - childStart;
}
