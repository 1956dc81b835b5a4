import type { Signal } from '#core/signal.ts';
import { type Field, MESSAGES, type MessageName, REQUESTS } from '#otlp/schema.ts';
import { SPOT, type Spots } from '#otlp/spots.ts';
import { createCursor, readUint32, skipField, textAt } from '#otlp/wire.ts';

interface Place {
  message: MessageName;
  start: number;
  end: number;
  item: number;
}

interface Classes {
  ofKey(key: string): number;
  ofEvent(name: string): number;
}

const ITEMS: readonly MessageName[] = [
  'Span',
  'LogRecord',
  'NumberDataPoint',
  'HistogramDataPoint',
  'ExponentialHistogramDataPoint',
  'SummaryDataPoint',
];

/** The `keyed` and `event` spots of a request, found the slow way: a stand-in for the pass that checks. */
export function spotsOf(bytes: Uint8Array, signal: Signal, classes: Classes): Spots {
  const spots: Spots = [];

  const walk = ({ message, start, end, item }: Place): void => {
    const cursor = createCursor();
    cursor.at = start;
    while (cursor.at < end) {
      const tagAt = cursor.at;
      const tag = readUint32(bytes, cursor);
      const field = MESSAGES[message].find(({ number }) => number === tag >>> 3);
      if ((tag & 7) !== 2 || field === undefined) {
        skipField(bytes, cursor, tag);
        continue;
      }
      const length = readUint32(bytes, cursor);
      const content = { start: cursor.at, end: cursor.at + length };
      cursor.at = content.end;
      if (field.message !== undefined) {
        const inside = ITEMS.includes(field.message) ? content.start : item;
        walk({ message: field.message, ...content, item: inside });
      }
      addSpot(field, message, [tagAt, content.start, content.end, item]);
    }
  };

  const addSpot = (field: Field, around: MessageName, place: [number, number, number, number]): void => {
    const [tagAt, start, end, item] = place;
    const isEvent =
      (around === 'Event' && field.name === 'name') || (around === 'LogRecord' && field.name === 'eventName');
    const found = isEvent
      ? classes.ofEvent(textAt(bytes, start, end))
      : field.message === 'KeyValue'
        ? classes.ofKey(keyAt(bytes, start, end))
        : 0;
    if (found < 2) return;
    spots.push(isEvent ? SPOT.event : SPOT.keyed, tagAt, start, end, -1, -1, found, item);
  };

  walk({ message: REQUESTS[signal], start: 0, end: bytes.length, item: -1 });
  return spots;
}

function keyAt(bytes: Uint8Array, start: number, end: number): string {
  const cursor = createCursor();
  cursor.at = start;
  let key = '';
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== 0x0a) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    key = textAt(bytes, cursor.at, cursor.at + length);
    cursor.at += length;
  }
  return key;
}
