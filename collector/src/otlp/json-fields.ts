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

const FIELDS = new Map(
  (Object.keys(MESSAGES) as MessageName[]).map((name) => [name, bucketsOf(name)] as const),
);

/** The field of `message` whose JSON name is exactly `key`; snake_case names are unknown (OTLP, "JSON Protobuf Encoding"). */
export function jsonFieldOf(message: MessageName, key: Uint8Array): JsonField | undefined {
  const length = key.length;
  if (length === 0) return undefined;
  const bucket = FIELDS.get(message)![bucketOf(length, key[0]!, key[length - 1]!)]!;
  return bucket.find((field) => field.key.length === length && field.key.equals(key));
}
