import { type KeyValueRange, readKeyValue, scalarText } from './any-value.ts';
import { createCursor, readUint32, skipField } from './wire.ts';

const SERVICE_NAME = Buffer.from('service.name');
const MAX_CHARS = 128;
const keyValue: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };

/** The content of the field `tag` that comes first from `start` on, as `[start, end)`; -1, -1 when there is none. */
function fieldOf(
  bytes: Uint8Array,
  wanted: number,
  range: { start: number; end: number },
): { start: number; end: number } {
  const cursor = createCursor();
  cursor.at = range.start;
  while (cursor.at < range.end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== wanted) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    return { start: cursor.at, end: cursor.at + length };
  }
  return { start: -1, end: -1 };
}

function isServiceName(bytes: Uint8Array, key: { start: number; end: number }): boolean {
  if (key.end - key.start !== SERVICE_NAME.length) return false;
  for (let i = 0; i < SERVICE_NAME.length; i++) if (bytes[key.start + i] !== SERVICE_NAME[i]) return false;
  return true;
}

/**
 * The `service.name`, at most 128 characters, of the checked ResourceSpans, ResourceMetrics or ResourceLogs whose tag
 * is at `groupAt`; `unknown_service` without one (semantic conventions, "Service").
 */
export function serviceOfGroup(bytes: Uint8Array, groupAt: number): string {
  const group = fieldOf(bytes, 0x0a, { start: groupAt, end: bytes.length });
  const resource = fieldOf(bytes, 0x0a, group);
  const cursor = createCursor();
  cursor.at = resource.start;
  while (cursor.at < resource.end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const attribute = { start: cursor.at, end: cursor.at + length };
    cursor.at = attribute.end;
    readKeyValue(bytes, keyValue, attribute.start, attribute.end);
    if (!isServiceName(bytes, keyValue)) continue;
    const { valueEnd, valueStart } = keyValue;
    const text = valueStart < 0 ? null : scalarText(bytes, valueStart, valueEnd);
    return bounded(text || UNKNOWN_SERVICE);
  }
  return UNKNOWN_SERVICE;
}

const UNKNOWN_SERVICE = 'unknown_service';

/** A copy, since a slice would keep the whole text in memory, and whole characters. */
function bounded(text: string): string {
  return text.length <= MAX_CHARS ? text : Buffer.from(text.slice(0, MAX_CHARS)).toString();
}
