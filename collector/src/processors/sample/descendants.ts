import type { SpanItem } from './sample-traces.ts';
import { spanKeyAt, traceKeyAt } from './trace-key.ts';
import type { Verdict } from './walk.ts';

/**
 * Gives the verdict of each span in `roots` to it and to all spans of the request that descend from it, over any number
 * of parents that are in the request too. Linear, also where parents form a circle.
 */
export function dropWithDescendants(
  bytes: Uint8Array,
  spans: readonly SpanItem[],
  roots: ReadonlyMap<SpanItem, Verdict>,
): void {
  if (roots.size === 0) return;
  const traces = new Set([...roots.keys()].map((root) => traceKeyAt(bytes, root.traceIdAt)));
  const family = spans.filter((span) => traces.has(traceKeyAt(bytes, span.traceIdAt)));
  const byId = new Map(
    family.map((span) => [traceKeyAt(bytes, span.traceIdAt) + spanKeyAt(bytes, span.spanIdAt), span]),
  );
  const known = new Map<SpanItem, Verdict | null>(roots);
  for (const span of family) {
    const path: SpanItem[] = [];
    let at: SpanItem | undefined = span;
    while (at !== undefined && !known.has(at)) {
      known.set(at, null);
      path.push(at);
      at =
        at.parentSpanIdAt < 0
          ? undefined
          : byId.get(traceKeyAt(bytes, at.traceIdAt) + spanKeyAt(bytes, at.parentSpanIdAt));
    }
    const verdict = at === undefined ? null : known.get(at)!;
    for (const each of path) known.set(each, verdict);
  }
  for (const span of family) span.verdict ??= known.get(span) ?? null;
}
