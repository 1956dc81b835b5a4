import { addHotAttribute, attributesText, createAttributes, openAttributes } from './attributes.ts';
import { createHotKeys } from './hot-keys.ts';
import { createCursor, readUint32, skipField, textAt } from './wire.ts';

export interface ResourceFields {
  attributesJson: string;
  droppedAttributesCount: number;
  /** `[{"schemaUrl","type","idKeys","descriptionKeys"}]`. */
  entityRefsJson: string;
  /** The text of `service.name`, `unknown_service` without one (semantic conventions, "Service"). */
  serviceName: string;
}

const UNKNOWN_SERVICE = 'unknown_service';
const fields: ResourceFields = {
  attributesJson: '{}',
  droppedAttributesCount: 0,
  entityRefsJson: '[]',
  serviceName: UNKNOWN_SERVICE,
};
const attributes = createAttributes();
const hot = { keys: createHotKeys(['service.name']), values: [null] as (string | null)[] };
const cursor = createCursor();

/** Reads a checked Resource at `bytes[start, end)`. The answer is one object, good until the next call. */
export function readResource(bytes: Uint8Array, start: number, end: number): ResourceFields {
  hot.values[0] = null;
  fields.droppedAttributesCount = 0;
  openAttributes(attributes);
  const refs: string[] = [];
  cursor.at = start;
  while (cursor.at < end) {
    const tag = readUint32(bytes, cursor);
    if (tag === 0x10) {
      fields.droppedAttributesCount = readUint32(bytes, cursor);
      continue;
    }
    if (tag !== 0x0a && tag !== 0x1a) {
      skipField(bytes, cursor, tag);
      continue;
    }
    const length = readUint32(bytes, cursor);
    const field = { start: cursor.at, end: cursor.at + length };
    if (tag === 0x0a) addHotAttribute(attributes, hot, bytes, field);
    else refs.push(entityRefJson(bytes, field.start, field.end));
    cursor.at = field.end;
  }
  fields.attributesJson = attributesText(attributes);
  fields.entityRefsJson = `[${refs.join(',')}]`;
  fields.serviceName = hot.values[0] || UNKNOWN_SERVICE;
  return fields;
}

function entityRefJson(bytes: Uint8Array, start: number, end: number): string {
  const texts: string[][] = [[], [], [], []];
  const inner = createCursor();
  inner.at = start;
  while (inner.at < end) {
    const tag = readUint32(bytes, inner);
    const list = (tag & 7) === 2 ? texts[(tag >>> 3) - 1] : undefined;
    if (list === undefined) {
      skipField(bytes, inner, tag);
      continue;
    }
    const length = readUint32(bytes, inner);
    list.push(textAt(bytes, inner.at, inner.at + length));
    inner.at += length;
  }
  const [schemaUrls, types, idKeys, descriptionKeys] = texts;
  return JSON.stringify({
    schemaUrl: schemaUrls!.at(-1) ?? '',
    type: types!.at(-1) ?? '',
    idKeys,
    descriptionKeys,
  });
}
