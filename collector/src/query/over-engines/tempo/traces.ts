import { latest } from '../../latest.ts';
import type { Page, SpanFilters, TimeRange } from '../../requests.ts';
import { windowsOf } from '../../time-windows.ts';
import type { TracesPage } from '../../trace-results.ts';
import type { EngineClient } from '../engine-client.ts';
import { decodeTraceCursor, encodeTraceCursor, isBefore, type TraceCursor } from './trace-cursor.ts';
import { type FoundSpan, type FoundTrace, searchTraces } from './trace-search.ts';
import { searchQuery } from './traceql.ts';

/** Spans told of all traces of a search together; of one trace between these. */
const SPANS = 2500;
const SPANS_OF_ONE = { least: 3, most: 40 };
/** Traces asked for beyond the page: so many may have a part that Tempo finds later and that began earlier. */
const SPARE = 20;
const MAX_LIMIT = 20_000;
const SECOND = 1_000_000_000n;
/** No longer than Tempo lets a search be (query_frontend.search.max_duration, a week by default). */
const WINDOW = 6n * 86_400_000_000_000n;

/**
 * A page of traces that have a span which meets all filters and starts in the range, by their first span, newest
 * first. README.md says what of this is exact.
 */
export async function readTraces(
  client: EngineClient,
  request: { range: TimeRange; filters: SpanFilters; page: Page },
  signal: AbortSignal,
): Promise<TracesPage> {
  const { filters, page, range } = request;
  const before = decodeTraceCursor(page.cursor);
  const query = searchQuery(filters);
  const found: FoundTrace[] = [];
  const to = before === null ? range.to : min(range.to, before.start + 1n);
  for (const window of windowsOf({ from: range.from, to }, WINDOW)) {
    const wanted = page.limit + 1 - found.length;
    const more = await searchWindow(client, { query, range, window, before, wanted }, signal);
    const known = new Set(found.map(({ traceId }) => traceId));
    found.push(...more.filter(({ traceId }) => !known.has(traceId)));
    if (found.length > page.limit) break;
  }
  const shown = found.slice(0, page.limit);
  return {
    traces: shown.map((trace) => toSummary(trace, range)),
    nextCursor: found.length > page.limit ? encodeTraceCursor(shown, before) : null,
  };
}

/**
 * At least `wanted` traces behind the cursor when the window has so many, newest first, none left out between but
 * those of one second beyond MAX_LIMIT: Tempo's searches begin and end at whole seconds.
 */
async function searchWindow(
  client: EngineClient,
  search: { query: string; range: TimeRange; window: TimeRange; before: TraceCursor | null; wanted: number },
  signal: AbortSignal,
): Promise<FoundTrace[]> {
  const { before, query, wanted } = search;
  const { from } = search.window;
  const passed: FoundTrace[] = [];
  let { to } = search.window;
  let limit = wanted + SPARE + (before?.shownInSecond ?? 0);
  while (to > from) {
    limit = Math.min(limit, MAX_LIMIT);
    const spans = Math.max(SPANS_OF_ONE.least, Math.min(SPANS_OF_ONE.most, Math.floor(SPANS / limit)));
    const all = await searchTraces(client, { query, range: { from, to }, limit, spans }, signal);
    const known = new Set(passed.map(({ traceId }) => traceId));
    const found = all
      .filter((trace) => belongs(trace, search) && (before === null || isBefore(trace, before)))
      .filter(({ start, traceId }) => to === search.window.to || (start <= to && !known.has(traceId)))
      .sort(newestFirst);
    if (all.length < limit) return [...passed, ...found];
    // Which ones of those that started with the last came, chance has decided.
    const last = all.reduce((least, { start }) => min(least, start), all[0]!.start);
    const certain = found.filter(({ start }) => start > last);
    if (passed.length + certain.length >= wanted) return [...passed, ...certain];
    if (limit < MAX_LIMIT) {
      limit *= 2;
      continue;
    }
    const second = to / SECOND;
    const onlyOneSecond = last / SECOND >= second;
    passed.push(...(onlyOneSecond ? found : certain));
    if (passed.length >= wanted) return passed;
    to = onlyOneSecond ? second * SECOND - 1n : last;
  }
  return passed;
}

/**
 * Whether one of its matching spans starts in the range; of more spans than were told it is taken for granted. A
 * trace that began before the window is found in an earlier one, if there is one.
 */
function belongs(
  { matched, spans, start }: FoundTrace,
  { range, window }: { range: TimeRange; window: TimeRange },
): boolean {
  if (start < window.from && window.from > range.from) return false;
  return matched > spans.length || spans.some((span) => isIn(span, range));
}

function isIn({ start }: FoundSpan, { from, to }: TimeRange): boolean {
  return start >= from && start < to;
}

function toSummary(trace: FoundTrace, range: TimeRange): TracesPage['traces'][number] {
  const spans = [...trace.spans].sort((a, b) =>
    a.start < b.start || (a.start === b.start && a.spanId < b.spanId) ? -1 : 1,
  );
  const matched = spans.findLast((span) => isIn(span, range)) ?? spans.at(-1);
  const root = spans.find(({ isRoot }) => isRoot);
  const ends = spans.map(({ durationNano, start }) => start + durationNano);
  const known = Number(latest(ends, trace.start) - trace.start);
  return {
    traceId: trace.traceId,
    rootService: trace.root?.service ?? spans[0]?.service ?? '',
    rootOperation: trace.root?.name ?? spans[0]?.name ?? '',
    rootMissing: trace.root === null,
    startTimeUnixNano: String(trace.start),
    durationNano: root === undefined ? Math.max(trace.durationMs * 1e6, known) : Number(root.durationNano),
    spans: sum(trace, 'spans'),
    errors: sum(trace, 'errors'),
    matchedSpanId: matched?.spanId ?? '',
    services: trace.services.sort((a, b) => b.spans - a.spans || a.service.localeCompare(b.service)),
  };
}

function sum({ services }: FoundTrace, key: 'spans' | 'errors'): number {
  return services.reduce((total, service) => total + service[key], 0);
}

function newestFirst(a: FoundTrace, b: FoundTrace): number {
  if (a.start !== b.start) return a.start < b.start ? 1 : -1;
  return a.traceId < b.traceId ? 1 : -1;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
