import { type KeyValueRange, readKeyValue } from '#otlp/any-value.ts';
import type { Edit } from '#otlp/rewrite.ts';
import { createCursor, readUint32, skipField } from '#otlp/wire.ts';
import { keyValue, messageField, textValue } from '../limit/fields.ts';
import type { EnrichConfig } from './config.ts';
import { type Attribute, parseAttributes } from './parse-attributes.ts';

/** Adds attributes to resources that lack them. */
export interface Enrich {
  /** What to change in a checked request of any signal; `inserted` counts attributes. */
  edits(bytes: Uint8Array): { edits: Edit[]; inserted: number };
}

const SERVICE_NAME = 'service.name';
const UNKNOWN_SERVICE = 'unknown_service';
/** Of resource groups in a request, of the resource in a group, and of attributes in a resource. */
const FIRST = 0x0a;
/** A string_value of an AnyValue. */
const STRING = 0x0a;

interface Wanted {
  key: Uint8Array;
  /** The attribute, a whole field of a resource. */
  field: Uint8Array;
  isServiceName: boolean;
}

interface Range {
  start: number;
  end: number;
}

/** What a resource has: `has` by the place in the list of those wanted. */
interface Survey {
  has: boolean[];
  /** The first service.name, when it is without a name; else `end` is 0. */
  nameless: Range;
}

interface Work {
  bytes: Uint8Array;
  wanted: readonly Wanted[];
  edits: Edit[];
  inserted: number;
  /** For groups that have none; made when it is needed. */
  resource: Uint8Array | null;
}

function wantedOf({ key, value }: Attribute): Wanted {
  return {
    key: Buffer.from(key),
    field: messageField(FIRST, keyValue(key, textValue(value))),
    isServiceName: key === SERVICE_NAME,
  };
}

const range: KeyValueRange = { start: 0, end: 0, valueStart: 0, valueEnd: 0 };
const value = createCursor();

/** Whether the AnyValue in `range` is nothing or an empty text. */
function isNothing(bytes: Uint8Array): boolean {
  let found = true;
  value.at = range.valueStart;
  while (range.valueStart >= 0 && value.at < range.valueEnd) {
    const tag = readUint32(bytes, value);
    const at = value.at;
    skipField(bytes, value, tag);
    if (tag >>> 3 <= 8) found = tag === STRING && value.at - at === 1;
  }
  return found;
}

function isKey(bytes: Uint8Array, key: Uint8Array): boolean {
  const { end, start } = range;
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key[at]) return false;
  return true;
}

function noteAttribute(work: Work, survey: Survey, field: Range & { tagAt: number }): void {
  const { bytes, wanted } = work;
  readKeyValue(bytes, range, field.start, field.end);
  const index = wanted.findIndex(({ key }) => isKey(bytes, key));
  if (index < 0) return;
  if (!wanted[index]!.isServiceName || !isNothing(bytes)) survey.has[index] = true;
  else if (survey.nameless.end === 0) survey.nameless = { start: field.tagAt, end: field.end };
}

function surveyResource(work: Work, resource: Range): Survey {
  const survey: Survey = { has: work.wanted.map(() => false), nameless: { start: 0, end: 0 } };
  const cursor = createCursor();
  cursor.at = resource.start;
  while (cursor.at < resource.end) {
    const tagAt = cursor.at;
    const tag = readUint32(work.bytes, cursor);
    if (tag !== FIRST) {
      skipField(work.bytes, cursor, tag);
      continue;
    }
    const length = readUint32(work.bytes, cursor);
    const start = cursor.at;
    cursor.at += length;
    noteAttribute(work, survey, { tagAt, start, end: cursor.at });
  }
  return survey;
}

/** New attributes go before the first field; a service.name without a name makes place for ours. */
function enrichResource(work: Work, resource: Range): void {
  const { edits, wanted } = work;
  const { has, nameless } = surveyResource(work, resource);
  const missing = wanted.filter((_, index) => !has[index]);
  if (missing.length === 0) return;
  work.inserted += missing.length;
  const bytes = Buffer.concat(missing.map(({ field }) => field));
  // One edit for both, as two must not begin at the same place.
  if (nameless.end > 0 && missing.some(({ isServiceName }) => isServiceName))
    edits.push({ start: nameless.start, end: nameless.end, bytes });
  else edits.push({ start: resource.start, end: resource.start, bytes });
}

/** A group whose resource is absent or empty gets a new one; `at` to `end` is what it takes the place of. */
function newResource(work: Work, at: number, end: number): void {
  work.resource ??= messageField(FIRST, Buffer.concat(work.wanted.map(({ field }) => field)));
  work.edits.push({ start: at, end, bytes: work.resource });
  work.inserted += work.wanted.length;
}

function enrichGroup(work: Work, group: Range): void {
  const cursor = createCursor();
  cursor.at = group.start;
  while (cursor.at < group.end) {
    const tagAt = cursor.at;
    const tag = readUint32(work.bytes, cursor);
    if (tag !== FIRST) {
      skipField(work.bytes, cursor, tag);
      continue;
    }
    const length = readUint32(work.bytes, cursor);
    if (length === 0) newResource(work, tagAt, cursor.at);
    else enrichResource(work, { start: cursor.at, end: cursor.at + length });
    return;
  }
  // An empty group has no place for a resource, and nothing that needs one.
  if (group.end > group.start) newResource(work, group.start, group.start);
}

/**
 * Makes what inserts the attributes of the section `enrich` into each resource that lacks them. What a sender said stays,
 * an empty value too; only a `service.name` that is empty or has no value counts as missing (semantic conventions,
 * "Service": the value must not be empty). Throws on `enrichMistakes`.
 */
export function createEnrich(config: EnrichConfig): Enrich {
  const { attributes, mistakes } = parseAttributes(config);
  if (mistakes.length > 0) throw new Error(`${mistakes[0]!.path} ${mistakes[0]!.message}`);
  const hasName = attributes.some(({ key }) => key === SERVICE_NAME);
  const all =
    config.unknown_service && !hasName
      ? [...attributes, { key: SERVICE_NAME, value: UNKNOWN_SERVICE }]
      : attributes;
  const wanted = all.map(wantedOf);
  return {
    edits(bytes) {
      const work: Work = { bytes, wanted, edits: [], inserted: 0, resource: null };
      const cursor = createCursor();
      while (wanted.length > 0 && cursor.at < bytes.length) {
        const tag = readUint32(bytes, cursor);
        const lengthAt = cursor.at;
        skipField(bytes, cursor, tag);
        if (tag !== FIRST) continue;
        const end = cursor.at;
        cursor.at = lengthAt;
        readUint32(bytes, cursor);
        enrichGroup(work, { start: cursor.at, end });
        cursor.at = end;
      }
      return { edits: work.edits, inserted: work.inserted };
    },
  };
}
