import type { Interest } from './interest.ts';
import type { Spots } from './spots.ts';

/** Why a unit that is well formed on the wire is refused all the same; 0 means it is not. */
export const CAUSE = {
  none: 0,
  traceId: 1,
  spanId: 2,
  parentSpanId: 3,
  metricName: 4,
  notUtf8: 5,
  tooDeep: 6,
  twice: 7,
} as const;

/** Attribute values nested deeper than this are refused, so that no reader after us can be made to overflow. */
export const MAX_VALUE_DEPTH = 64;

/** The state of one walk over a request; see `walkMessage`. */
export interface Walk {
  bytes: Uint8Array;
  at: number;
  depth: number;
  /** One of CAUSE, for the unit being walked. */
  cause: number;
  traceIdOk: boolean;
  spanIdOk: boolean;
  nameOk: boolean;
  /** Of the metric being walked, as far as it is known yet. */
  isDelta: boolean;
  /** Items found good so far. */
  items: number;
  /** Those of them in metrics of delta temporality, and where the first such metric begins. */
  deltaPoints: number;
  deltaAt: number;
  /** Repeated messages within items, resources and scopes: attributes, events, elements of lists. */
  members: number;
  /** Items met so far, good or not, and resource groups, scope groups and metrics. */
  units: number;
  limits: CheckLimits;
  rejected: number;
  /** Rejected items by CAUSE. */
  causes: number[];
  /** Upper 32 bits of the smallest and largest time of an item; 2^32 and 0 while none was seen. */
  minTimeHigh: number;
  maxTimeHigh: number;
  longestItemBytes: number;
  /** Pairs of offsets, ascending, of what must go: from the tag of a unit to its end. */
  cuts: number[];
  fault: string;
  /** Why the walk ended early, '' unless a limit was met. */
  tooMany: string;
  /** null when nothing is to be noted in `spots` and `groups`. */
  interest: Interest | null;
  spots: Spots;
  /** Where each ResourceSpans, ResourceMetrics or ResourceLogs begins, its tag. */
  groups: number[];
  /** Of the attribute being walked: its key, -1 and -1 before it was met, and the key's class. */
  keyStart: number;
  keyEnd: number;
  keyClass: number;
  /** Where the content of the item being walked begins; -1 outside of one. */
  itemAt: number;
}

/** At most so many parts may be in one request; with more the walk ends at once. */
export interface CheckLimits {
  /** Of items, and as many again of resource groups, scope groups and metrics. */
  maxItems: number;
  /** Attributes, events and all else that can be repeated within items, resources and scopes. */
  maxMembers: number;
  /** Places for processors to look at. */
  maxSpots: number;
}

export const NO_LIMITS: CheckLimits = {
  maxItems: Number.POSITIVE_INFINITY,
  maxMembers: Number.POSITIVE_INFINITY,
  maxSpots: Number.POSITIVE_INFINITY,
};

/** A walk at the beginning of `bytes`. */
export function createWalk(bytes: Uint8Array, interest: Interest | null, limits = NO_LIMITS): Walk {
  return {
    interest,
    spots: [],
    groups: [],
    keyStart: -1,
    keyEnd: -1,
    keyClass: 0,
    itemAt: -1,
    bytes,
    at: 0,
    depth: 0,
    cause: CAUSE.none,
    traceIdOk: false,
    spanIdOk: false,
    nameOk: false,
    isDelta: false,
    items: 0,
    deltaPoints: 0,
    deltaAt: 0,
    members: 0,
    units: 0,
    limits,
    rejected: 0,
    causes: new Array<number>(8).fill(0),
    minTimeHigh: 2 ** 32,
    maxTimeHigh: 0,
    longestItemBytes: 0,
    cuts: [],
    fault: '',
    tooMany: '',
  };
}

/** Ends a walk: `what` is wrong with the structure at byte `at`. */
export function fail(walk: Walk, at: number, what: string): false {
  walk.fault = `${what} at byte ${at}`;
  return false;
}

/** Ends a walk that met a limit. */
export function failTooMany(walk: Walk, what: string, limit: number): false {
  walk.tooMany = `more than ${limit} ${what} in one request; send smaller batches`;
  return fail(walk, walk.at, walk.tooMany);
}

/** Steps over a varint of at most 64 bits; -1 when it is cut off or longer. */
export function skipVarint(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    if (bytes[at++]! < 0x80) return at - start === 10 && bytes[at - 1]! > 1 ? -1 : at;
    if (at - start === 10) return -1;
  }
  return -1;
}

/** Reads a varint that must be below 2^32 and no longer than `maxBytes`; -1 when it is not. Sets `walk.at`. */
export function readSmall(walk: Walk, end: number, maxBytes: number): number {
  const start = walk.at;
  const after = skipVarint(walk.bytes, start, end);
  if (after < 0 || after - start > maxBytes) return -1;
  let value = 0;
  for (let at = after - 1; at >= start; at--) value = value * 128 + (walk.bytes[at]! & 0x7f);
  walk.at = after;
  return value > 0xffff_ffff ? -1 : value;
}

/** Refuses the unit being walked, for the first of its causes. */
export function refuse(walk: Walk, cause: number): void {
  if (walk.cause === CAUSE.none) walk.cause = cause;
}
