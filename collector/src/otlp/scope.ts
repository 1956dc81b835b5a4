import { addAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { createCursor, readUint32, skipField, textAt } from './wire.ts';

export interface ScopeFields {
  name: string;
  version: string;
  attributesJson: string;
  droppedAttributesCount: number;
}

const fields: ScopeFields = { name: '', version: '', attributesJson: '{}', droppedAttributesCount: 0 };
const attributes = createAttributes();
const cursor = createCursor();

/** Reads a checked InstrumentationScope at `bytes[start, end)`. The answer is one object, good until the next call. */
export function readScope(bytes: Uint8Array, start: number, end: number): ScopeFields {
  fields.name = '';
  fields.version = '';
  fields.droppedAttributesCount = 0;
  openAttributes(attributes);
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x20) {
      fields.droppedAttributesCount = readUint32(bytes, cursor);
      continue;
    }
    if (tag !== 0x0a && tag !== 0x12 && tag !== 0x1a) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const from = cursor.at;
    cursor.at += length;
    if (tag === 0x0a) fields.name = textAt(bytes, from, cursor.at);
    else if (tag === 0x12) fields.version = textAt(bytes, from, cursor.at);
    else addAttribute(attributes, bytes, from, cursor.at);
  }
  fields.attributesJson = attributesText(attributes);
  return fields;
}
