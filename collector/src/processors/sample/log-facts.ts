import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import type { AttributeReader } from './attribute-texts.ts';
import type { Place } from './walk.ts';

/** What rules ask of a log record. */
export interface LogFacts {
  severity: number;
  /** 16 bytes, not all zero; -1 without. */
  traceIdAt: number;
  /** The field of the first attribute `sampling.threshold`, from its tag; -1 without. */
  thresholdAt: number;
  thresholdEnd: number;
}

const cursor = createCursor();
const SEVERITY_NUMBER = 0x10;
const ATTRIBUTE = 0x32;
const TRACE_ID = 0x4a;

function isTraceId(bytes: Uint8Array, start: number, length: number): boolean {
  if (length !== 16) return false;
  for (let at = start; at < start + 16; at++) if (bytes[at] !== 0) return true;
  return false;
}

/**
 * Makes a reader of checked log records; `attributes` then holds what they have of its keys, `thresholdIndex` of which
 * is `sampling.threshold`.
 */
export function createLogFactsReader(
  attributes: AttributeReader,
  thresholdIndex: number,
): (bytes: Uint8Array, place: Place) => LogFacts {
  const { texts } = attributes;
  return (bytes, { end, start }) => {
    const facts: LogFacts = { severity: 0, traceIdAt: -1, thresholdAt: -1, thresholdEnd: -1 };
    attributes.clear();
    cursor.at = start;
    while (cursor.at < end) {
      const at = cursor.at;
      const tag = readUint32(bytes, cursor);
      if (tag === SEVERITY_NUMBER) {
        facts.severity = readUint32(bytes, cursor) | 0;
        continue;
      }
      if (tag !== ATTRIBUTE && tag !== TRACE_ID) {
        skipField(bytes, cursor, tag);
        continue;
      }
      const length = readUint32(bytes, cursor);
      const from = cursor.at;
      cursor.at += length;
      if (tag === TRACE_ID) facts.traceIdAt = isTraceId(bytes, from, length) ? from : -1;
      else {
        attributes.add(bytes, from, cursor.at);
        if (facts.thresholdAt < 0 && texts[thresholdIndex] !== undefined) {
          facts.thresholdAt = at;
          facts.thresholdEnd = cursor.at;
        }
      }
    }
    return facts;
  };
}
