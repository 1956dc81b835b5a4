import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { createAttributeReader, type KeyIndex, type Texts } from './attribute-texts.ts';
import { fieldIn, type Group } from './walk.ts';

/** What rules ask of a resource. */
export interface ResourceFacts {
  /** `service.name`, at most 128 characters; `unknown_service` without one (semantic conventions, "Service"). */
  service: string;
  texts: Texts;
}

const UNKNOWN_SERVICE = 'unknown_service';
const MAX_SERVICE_CHARS = 128;
const RESOURCE = 0x0a;
const ATTRIBUTE = 0x0a;

/** Makes a reader of the resource of a resource group. What it gives is one object, good until the next call. */
export function createResourceReader(keys: KeyIndex): (bytes: Uint8Array, group: Group) => ResourceFacts {
  const serviceIndex = keys.indexOf('service.name');
  const attributes = createAttributeReader(keys.keys);
  const facts: ResourceFacts = { service: UNKNOWN_SERVICE, texts: attributes.texts };
  const cursor = createCursor();
  return (bytes, group) => {
    const { end, start } = fieldIn(bytes, RESOURCE, group);
    attributes.clear();
    cursor.at = start;
    while (cursor.at < end) {
      const tag = readUint32(bytes, cursor);
      if (tag !== ATTRIBUTE) {
        skipField(bytes, cursor, tag);
        continue;
      }
      const length = readUint32(bytes, cursor);
      const from = cursor.at;
      cursor.at += length;
      attributes.add(bytes, from, cursor.at);
    }
    facts.service = bounded(attributes.texts[serviceIndex] || UNKNOWN_SERVICE);
    return facts;
  };
}

/** A copy, since a slice would keep the whole text in memory, and whole characters. */
function bounded(text: string): string {
  return text.length <= MAX_SERVICE_CHARS ? text : Buffer.from(text.slice(0, MAX_SERVICE_CHARS)).toString();
}
