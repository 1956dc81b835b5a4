/** Half open: `from` is in it, `to` is not. Nanoseconds since 1970 UTC. */
export interface TimeRange {
  from: bigint;
  to: bigint;
}

export interface Page {
  limit: number;
  /** `nextCursor` of the page before, or null for the first. */
  cursor: string | null;
}

/** `key` equals `value` among the item's or its resource's attributes; numbers are compared as written. */
export interface AttributeFilter {
  key: string;
  value: string;
}

/** All of them must hold on one span. */
export interface SpanFilters {
  service: string | null;
  operation: string | null;
  kind: number | null;
  minDurationNano: bigint | null;
  maxDurationNano: bigint | null;
  error: boolean | null;
  attributes: readonly AttributeFilter[];
}

export interface LogFilters {
  service: string | null;
  /** 0 for all; else this severity number and higher. */
  minSeverity: number;
  /** Each must be in the body or the attributes, case ignored. */
  words: readonly string[];
  traceId: string | null;
  spanId: string | null;
  attributes: readonly AttributeFilter[];
}

export interface MetricRequest {
  range: TimeRange;
  name: string;
  service: string | null;
  by: readonly string[] | null;
  stat: string | null;
  stepSeconds: number | null;
  attributes: readonly AttributeFilter[];
}

/** A request that names something which does not exist, such as a bad cursor. The API answers 400. */
export class BadRequestError extends Error {
  override name = 'BadRequestError';
  readonly param: string;
  constructor(param: string, message: string) {
    super(message);
    this.param = param;
  }
}
