import type { Span } from '#api/schemas/traces.ts';
import { nanosSince } from '../format/time.ts';

/** A span in its place: depth in the tree, and times on the clock of the root, in nanoseconds from the trace's start. */
export interface TreeSpan {
  span: Span;
  depth: number;
  startNano: number;
  durationNano: number;
  /** All spans below, not only the direct children. */
  descendants: number;
  /** How many of the spans below failed: shown while the row is collapsed. */
  errorsBelow: number;
  /** Its parent is named but has not arrived. */
  parentMissing: boolean;
}

/**
 * Spans as a tree in reading order: parents before children, children by start. `clockOffsetNano` is applied.
 * Spans whose parent is not here, and spans that are each other's parents, become roots, so all are shown.
 */
export function layoutTrace(spans: readonly Span[], originUnixNano: string): TreeSpan[] {
  const placed = new Map<string, TreeSpan>();
  for (const span of spans) {
    if (!placed.has(span.spanId)) placed.set(span.spanId, place(span, originUnixNano));
  }
  const children = new Map<string | null, TreeSpan[]>();
  for (const item of placed.values()) {
    const parentId = item.span.parentSpanId;
    const known = parentId !== null && placed.has(parentId) && parentId !== item.span.spanId;
    item.parentMissing = parentId !== null && !placed.has(parentId);
    const key = known ? parentId : null;
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [item]);
    else siblings.push(item);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.startNano - b.startNano);
  const rows = walk(children.get(null) ?? [], children);
  // Only members of a cycle are left: nothing leads to them from a root.
  if (rows.length < placed.size) {
    const seen = new Set(rows);
    for (const item of placed.values()) {
      if (!seen.has(item)) for (const row of walk([item], children, seen)) rows.push(row);
    }
  }
  sumBelow(rows);
  return rows;
}

function place(span: Span, originUnixNano: string): TreeSpan {
  return {
    span,
    depth: 0,
    startNano: nanosSince(span.startTimeUnixNano, originUnixNano) + Number(span.clockOffsetNano),
    durationNano: Number(span.durationNano),
    descendants: 0,
    errorsBelow: 0,
    parentMissing: false,
  };
}

function walk(
  roots: readonly TreeSpan[],
  children: ReadonlyMap<string | null, readonly TreeSpan[]>,
  seen = new Set<TreeSpan>(),
): TreeSpan[] {
  const rows: TreeSpan[] = [];
  const stack = roots.toReversed();
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (seen.has(item)) continue;
    seen.add(item);
    rows.push(item);
    for (const child of (children.get(item.span.spanId) ?? []).toReversed()) {
      if (seen.has(child)) continue;
      child.depth = item.depth + 1;
      stack.push(child);
    }
  }
  return rows;
}

/** Rows are in pre-order: what follows a row with a greater depth is below it. */
function sumBelow(rows: readonly TreeSpan[]): void {
  const path: TreeSpan[] = [];
  const close = (depth: number) => {
    while (path.length > 0 && path.at(-1)!.depth >= depth) {
      const done = path.pop()!;
      const parent = path.at(-1);
      if (parent === undefined) continue;
      parent.descendants += done.descendants + 1;
      parent.errorsBelow += done.errorsBelow + (done.span.statusCode === 'ERROR' ? 1 : 0);
    }
  };
  for (const row of rows) {
    close(row.depth);
    path.push(row);
  }
  close(0);
}

/** The rows that are seen when the spans in `collapsed` hide what is below them. */
export function visibleRows(rows: readonly TreeSpan[], collapsed: ReadonlySet<string>): readonly TreeSpan[] {
  if (collapsed.size === 0) return rows;
  const visible: TreeSpan[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    visible.push(row);
    if (collapsed.has(row.span.spanId)) at += row.descendants;
  }
  return visible;
}

/** From the first start to the last end, in nanoseconds from the trace's start; at least 1 wide. */
export function extentOf(rows: readonly TreeSpan[]): { startNano: number; widthNano: number } {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    start = Math.min(start, row.startNano);
    end = Math.max(end, row.startNano + row.durationNano);
  }
  if (rows.length === 0) return { startNano: 0, widthNano: 1 };
  return { startNano: start, widthNano: Math.max(1, end - start) };
}

/** Nanoseconds in which a span was not waiting for one of its direct children. `index` is its place in `rows`. */
export function selfTimeNano(rows: readonly TreeSpan[], index: number): number {
  const row = rows[index];
  if (row === undefined) return 0;
  const end = row.startNano + row.durationNano;
  let covered = 0;
  let reached = row.startNano;
  for (let at = index + 1; at <= index + row.descendants; at += 1) {
    const child = rows[at]!;
    if (child.depth !== row.depth + 1) continue;
    const from = Math.max(child.startNano, reached);
    const to = Math.min(child.startNano + child.durationNano, end);
    if (to > from) covered += to - from;
    reached = Math.max(reached, to);
  }
  return Math.max(0, row.durationNano - covered);
}

/** The failed span that no failed span stands below: where the trouble began, the earliest if several. */
export function firstError(rows: readonly TreeSpan[]): TreeSpan | null {
  let found: TreeSpan | null = null;
  for (const row of rows) {
    if (row.span.statusCode !== 'ERROR' || row.errorsBelow > 0) continue;
    if (found === null || row.startNano < found.startNano) found = row;
  }
  return found;
}
