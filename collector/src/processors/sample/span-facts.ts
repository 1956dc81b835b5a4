import { createCursor, readFixed64, readUint32, skipField } from '#otlp/wire.ts';
import type { AttributeReader } from './attribute-texts.ts';
import type { SampleConfig } from './config.ts';
import { isOfLlm } from './llm-keys.ts';
import type { Place } from './walk.ts';

/** What rules ask of a span. Offsets point into the bytes it was read from and are -1 when a field is absent. */
export interface SpanFacts {
  traceIdAt: number;
  spanIdAt: number;
  parentSpanIdAt: number;
  /** The field of trace_state from its tag, and its content. */
  stateAt: number;
  stateStart: number;
  stateEnd: number;
  nameStart: number;
  nameEnd: number;
  kind: number;
  statusCode: number;
  /** Nanoseconds; 0 when a time is missing. */
  durationNs: number;
  isLlm: boolean;
}

/** STATUS_CODE_ERROR. */
export const ERROR_STATUS = 2;

const cursor = createCursor();
const statusCursor = createCursor();

function statusCodeIn(bytes: Uint8Array, start: number, end: number): number {
  let code = 0;
  statusCursor.at = start;
  while (statusCursor.at < end) {
    const tag = readUint32(bytes, statusCursor);
    if (tag === 0x18) code = readUint32(bytes, statusCursor) | 0;
    else skipField(bytes, statusCursor, tag);
  }
  return code;
}

interface Times {
  startHigh: number;
  startLow: number;
  endHigh: number;
  endLow: number;
}

/** Exact up to 104 days. */
function durationOf({ endHigh, endLow, startHigh, startLow }: Times): number {
  if ((startHigh | startLow) === 0 || (endHigh | endLow) === 0) return 0;
  return (endHigh - startHigh) * 2 ** 32 + (endLow - startLow);
}

function emptyFacts(): SpanFacts {
  return {
    traceIdAt: -1,
    spanIdAt: -1,
    parentSpanIdAt: -1,
    stateAt: -1,
    stateStart: 0,
    stateEnd: 0,
    nameStart: 0,
    nameEnd: 0,
    kind: 0,
    statusCode: 0,
    durationNs: 0,
    isLlm: false,
  };
}

interface Part {
  tag: number;
  at: number;
  start: number;
  end: number;
}

/** Takes a length-delimited field other than an attribute. */
function takePart(facts: SpanFacts, bytes: Uint8Array, { at, end, start, tag }: Part): void {
  if (tag === 0x0a) facts.traceIdAt = start;
  else if (tag === 0x12) facts.spanIdAt = start;
  else if (tag === 0x22) facts.parentSpanIdAt = end === start ? -1 : start;
  else if (tag === 0x7a) facts.statusCode = statusCodeIn(bytes, start, end);
  else if (tag === 0x2a) {
    facts.nameStart = start;
    facts.nameEnd = end;
  } else if (tag === 0x1a) {
    facts.stateAt = at;
    facts.stateStart = start;
    facts.stateEnd = end;
  }
}

function takeNumber(
  facts: SpanFacts,
  times: Times,
  { bytes, tag }: { bytes: Uint8Array; tag: number },
): void {
  if (tag === 0x30) facts.kind = readUint32(bytes, cursor) | 0;
  else if (tag === 0x39) {
    readFixed64(bytes, cursor);
    times.startLow = cursor.lo;
    times.startHigh = cursor.hi;
  } else if (tag === 0x41) {
    readFixed64(bytes, cursor);
    times.endLow = cursor.lo;
    times.endHigh = cursor.hi;
  } else skipField(bytes, cursor, tag);
}

/** Makes a reader of checked spans; `attributes` then holds what they have of its keys. */
export function createSpanFactsReader(
  attributes: AttributeReader,
  config: SampleConfig['traces'],
): (bytes: Uint8Array, place: Place) => SpanFacts {
  const wantsAttributes = attributes.texts.length > 0 || config.keep_llm;
  return (bytes, { end, start }) => {
    const facts = emptyFacts();
    const times: Times = { startHigh: 0, startLow: 0, endHigh: 0, endLow: 0 };
    const part: Part = { tag: 0, at: 0, start: 0, end: 0 };
    attributes.clear();
    cursor.at = start;
    while (cursor.at < end) {
      part.at = cursor.at;
      part.tag = readUint32(bytes, cursor);
      if ((part.tag & 7) !== 2) {
        takeNumber(facts, times, { bytes, tag: part.tag });
        continue;
      }
      const length = readUint32(bytes, cursor);
      part.start = cursor.at;
      part.end = cursor.at + length;
      cursor.at = part.end;
      if (part.tag !== 0x4a) takePart(facts, bytes, part);
      else if (wantsAttributes) {
        const key = attributes.add(bytes, part.start, part.end);
        if (config.keep_llm && !facts.isLlm) facts.isLlm = isOfLlm(bytes, key.start, key.end);
      }
    }
    facts.durationNs = durationOf(times);
    return facts;
  };
}
