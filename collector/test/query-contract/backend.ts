import type { TestContext } from 'node:test';
import type { Payload } from '#core/payload.ts';
import type { Query } from '#query/query.ts';
import type { AttributeFilter, LogFilters, SpanFilters } from '#query/requests.ts';
import type { From, Value, ValueMap } from '#test/support/otlp-payload.ts';

/** One back end of the interface Query, with what it keeps of what it is given. */
export interface QueryBackend {
  query: Query;
  /** Around this time data can be sent and is found; nanoseconds since 1970, a whole minute. */
  epoch: bigint;
  /** Tells the data of one test from all other data of the same back end; lower case. */
  run: string;
  /** Offers payloads one after another; returns when all of it can be found. */
  accept(...payloads: Payload[]): Promise<void>;
  /** A time for what happens just now, nanoseconds since 1970; later at each call. */
  now(): bigint;
  /** Returns once the tails that wait are sure to follow. */
  untilFollowing(): Promise<void>;
  keeps: Keeps;
}

/** Where back ends differ by the nature of what keeps the data, as named expectations. */
export interface Keeps {
  /** What starts a trace in the list: its root, or whatever of it came first. */
  traceStartsWith: 'root' | 'first span';
  /** Whether a span that a sender sent twice counts twice in the list; in the trace itself it is there once. */
  repeatsListed: boolean;
  spanFlags: boolean;
  /** Whether attributes of a trace come back in the order in which they were sent. */
  attributeOrder: boolean;
  /** The body of a log record as JSON text. */
  logBody(sent: Value): string;
  /** Its attributes, or those of its resource. */
  logAttributes(sent: ValueMap): Record<string, unknown>;
  /** Whether attributes of a resource are told among those of its records. */
  resourceInAttributes: boolean;
  eventNames: boolean;
  /** Whether words are looked for in attributes too. */
  wordsInAttributes: boolean;
  /** When a record without a time happened, by what is told of it: null for never. */
  timeOfTimeless: 'null' | 'arrival';
  /** The name under which a metric is listed. */
  metricName(sent: { name: string; unit?: string; counter?: boolean; gauge?: boolean }): string;
  /** The type under which it is listed. */
  metricType(sent: 'gauge' | 'counter' | 'up-down counter' | 'delta counter' | 'histogram'): string;
  metricUnit(sent: string): string;
  metricAttributes(sent: ValueMap): Record<string, unknown>;
  /** Whether a counter's start is known, so that what was counted before the range is not taken for growth. */
  counterStarts: boolean;
  /** The value between two bounds of an exponential bucket that stands for its middle. */
  exponentialMiddle(lower: number, upper: number): number;
  exemplarsWithoutTrace: boolean;
  /** What requests are counted by. */
  requestsFrom: 'spans' | 'HTTP metrics';
  /** How far a quantile of requests may be off, milliseconds. */
  quantileError: number;
}

export type OpenBackend = (context: TestContext) => Promise<QueryBackend>;

/** Set on every resource of a test, so that searches can be limited to its data. */
export const RUN_KEY = 'test.run';

/** What all items of a request share: a service, and the mark of the test. */
export function fromOf(backend: QueryBackend, from: From = {}): From {
  return { ...from, resource: { ...from.resource, [RUN_KEY]: backend.run } };
}

function onlyOwn({ run }: QueryBackend): AttributeFilter {
  return { key: RUN_KEY, value: run };
}

export function spanFilters(backend: QueryBackend, filters: Partial<SpanFilters> = {}): SpanFilters {
  return {
    service: null,
    operation: null,
    kind: null,
    minDurationNano: null,
    maxDurationNano: null,
    error: null,
    ...filters,
    attributes: [onlyOwn(backend), ...(filters.attributes ?? [])],
  };
}

export function logFilters(backend: QueryBackend, filters: Partial<LogFilters> = {}): LogFilters {
  return {
    service: null,
    minSeverity: 0,
    words: [],
    traceId: null,
    spanId: null,
    ...filters,
    attributes: [onlyOwn(backend), ...(filters.attributes ?? [])],
  };
}
