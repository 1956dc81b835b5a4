import fc from 'fast-check';
import { type Field, MESSAGES, type MessageName } from '../schema.ts';
import type { Plain } from './reference.ts';

const KEYS = ['a', 'http.route', '\u00e9', '$bytes', 'service.name', 'quo"te', 'back\\slash', ''];
const string = fc.oneof(
  fc.constantFrom(...KEYS),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '\u0000\u001f\n\t\r\b\f\u007f',
    'x'.repeat(200),
    '\u00e4'.repeat(120),
    '\ud83d\ude00\u2028',
  ),
);
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const nonZero = (length: number) =>
  bytes(length, length).map((id) => (id.some((byte) => byte !== 0) ? id : id.fill(7)));
const edge = (min: bigint, max: bigint) =>
  fc
    .oneof(
      fc.bigInt({ min, max }),
      fc.constantFrom(min, max, 0n, 1n, 2n ** 53n + 1n, 2n ** 32n).filter((v) => v >= min && v <= max),
    )
    .map(String);
const double = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -0, 1, 1e21, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);

function scalar(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'string':
      return string;
    case 'bytes':
      return bytes(0, 9);
    case 'id':
      return fc.oneof(bytes(0, 3), bytes(8, 8), bytes(16, 16));
    case 'bool':
      return fc.boolean();
    case 'double':
      return double;
    case 'int64':
    case 'sfixed64':
      return edge(-(2n ** 63n), 2n ** 63n - 1n);
    case 'uint64':
    case 'fixed64':
      return edge(0n, 2n ** 64n - 1n);
    case 'uint32':
    case 'fixed32':
      return fc.nat({ max: 2 ** 32 - 1 });
    case 'enum':
      return fc.integer({ min: 0, max: 30 });
    default:
      return fc.integer();
  }
}

function fieldValue(field: Field, depth: number): fc.Arbitrary<unknown> {
  const one = field.kind === 'message' ? message(field.message!, depth) : scalar(field);
  return field.repeated ? fc.array(one, { maxLength: 3 }) : one;
}

/** Fields that only profiles use, and which other readers are told to ignore (common.proto). */
const isForProfiles = (field: Field) => field.name.endsWith('Strindex');

/** What a unit must have so that the checker takes it. */
function required(name: MessageName): Record<string, fc.Arbitrary<unknown>> {
  if (name === 'Span')
    return {
      traceId: nonZero(16),
      spanId: nonZero(8),
      parentSpanId: fc.oneof(bytes(0, 0), bytes(8, 8)),
    };
  return name === 'Metric' ? { name: fc.string({ minLength: 1, maxLength: 5 }) } : {};
}

/** Random messages of any kind, as plain objects; attribute values nest at most 3 deep. */
export function message(name: MessageName, depth = 0): fc.Arbitrary<Plain> {
  const inner = name === 'AnyValue' ? depth + 1 : depth;
  const must = required(name);
  const fields = MESSAGES[name].filter(
    (field) => !isForProfiles(field) && !(field.name in must) && !(inner > 3 && field.message !== undefined),
  );
  const free = fields.filter((field) => field.oneof === undefined);
  const members = fields.filter((field) => field.oneof !== undefined);
  const plain = fc.record(
    { ...must, ...Object.fromEntries(free.map((field) => [field.name, fieldValue(field, inner)])) },
    { requiredKeys: Object.keys(must) },
  );
  if (members.length === 0) return plain as fc.Arbitrary<Plain>;
  const choices = members.map((field) => fieldValue(field, inner).map((value) => ({ [field.name]: value })));
  return fc.tuple(plain, fc.oneof(fc.constant({}), ...choices)).map(([a, b]) => ({ ...a, ...b }) as Plain);
}
