import { createCursor, readUint32, skipField, textAt } from './wire.ts';

/** Offsets `[start, end)` of a message's content; 0, 0 when the message is absent. */
export interface EnvelopeVisitor {
  resource(start: number, end: number, schemaUrl: string): void;
  scope(start: number, end: number, schemaUrl: string): void;
  item(start: number, end: number): void;
}

const FIRST = 0x0a;
const SECOND = 0x12;
const THIRD = 0x1a;

interface Head {
  start: number;
  end: number;
  schemaUrl: string;
}

/** Finds fields 1 and 3, which may stand behind what they describe, before anything of field 2 is visited. */
function readHead(bytes: Uint8Array, start: number, end: number): Head {
  const head: Head = { start: 0, end: 0, schemaUrl: '' };
  const cursor = createCursor();
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== FIRST && tag !== THIRD) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    if (tag === THIRD) head.schemaUrl = textAt(bytes, from, cursor.at);
    else {
      head.start = from;
      head.end = cursor.at;
    }
  }
  return head;
}

function forEachField(
  bytes: Uint8Array,
  range: { tag: number; start: number; end: number },
  visit: Visit,
): void {
  const cursor = createCursor();
  cursor.at = range.start;
  while (cursor.at < range.end) {
    const tag = readUint32(bytes, cursor);
    if (tag !== range.tag) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    visit(from, cursor.at);
  }
}
type Visit = (start: number, end: number) => void;

/**
 * Visits an Export<Signal>ServiceRequest that `checkRequest` accepted; the three signals share this shape
 * (field 1 resource groups; in a group 1 resource, 2 scope groups, 3 schema URL; in those 1 scope, 2 items, 3
 * schema URL). `resource` and `scope` are called before the items they belong to, whatever the order on the wire.
 */
export function readEnvelope(bytes: Uint8Array, visitor: EnvelopeVisitor): void {
  const visitItem: Visit = (start, end) => visitor.item(start, end);
  const visitScopes: Visit = (start, end) => {
    const head = readHead(bytes, start, end);
    visitor.scope(head.start, head.end, head.schemaUrl);
    forEachField(bytes, { tag: SECOND, start, end }, visitItem);
  };
  forEachField(bytes, { tag: FIRST, start: 0, end: bytes.length }, (start, end) => {
    const head = readHead(bytes, start, end);
    visitor.resource(head.start, head.end, head.schemaUrl);
    forEachField(bytes, { tag: SECOND, start, end }, visitScopes);
  });
}
