import { type Field, MESSAGES, type MessageName, wireType } from './schema.ts';

/** A field as the transcoder needs it. */
export interface JsonField extends Field {
  key: Buffer;
  /** Field number and wire type, the latter 2 for what is packed. */
  tag: number;
  isPacked: boolean;
}

const BUCKETS = 64;

type Buckets = readonly (readonly JsonField[])[];

function bucketOf(length: number, first: number, last: number): number {
  return (length * 7 + first * 3 + last) % BUCKETS;
}

function bucketsOf(name: MessageName): Buckets {
  const buckets: JsonField[][] = Array.from({ length: BUCKETS }, () => []);
  for (const field of MESSAGES[name]) {
    const key = Buffer.from(field.name);
    const wire = wireType(field.kind);
    const isPacked = field.repeated && wire !== 2;
    const tag = (field.number << 3) | (isPacked ? 2 : wire);
    buckets[bucketOf(key.length, key[0]!, key.at(-1)!)]!.push({ ...field, key, tag, isPacked });
  }
  return buckets;
}

/** The fields of one message by JSON name. */
export type JsonFields = Buckets;

const FIELDS = new Map(
  (Object.keys(MESSAGES) as MessageName[]).map((name) => [name, bucketsOf(name)] as const),
);

export function jsonFieldsOf(name: MessageName): JsonFields {
  return FIELDS.get(name)!;
}

/**
 * The field whose JSON name is exactly `key`; snake_case names are unknown (OTLP specification,
 * "JSON Protobuf Encoding").
 */
export function findJsonField(fields: JsonFields, key: KeyRange): JsonField | undefined {
  const { bytes, start, end } = key;
  const length = end - start;
  if (length === 0) return undefined;
  const bucket = fields[bucketOf(length, bytes[start]!, bytes[end - 1]!)]!;
  for (let i = 0; i < bucket.length; i++) {
    const field = bucket[i]!;
    if (field.key.length !== length) continue;
    let same = 0;
    while (same < length && field.key[same] === bytes[start + same]) same++;
    if (same === length) return field;
  }
  return undefined;
}

export interface KeyRange {
  bytes: Uint8Array;
  start: number;
  end: number;
}
