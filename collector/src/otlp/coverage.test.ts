import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNALS } from '#core/signal.ts';
import { checkRequest } from './check.ts';
import { jsonToProtobuf } from './json-to-protobuf.ts';
import { type Field, MESSAGES, type MessageName, wireType } from './schema.ts';
import { collect } from './testing/collect.ts';
import { jsonForm } from './testing/json-form.ts';
import {
  decodeAs,
  encodeAs,
  type Plain,
  REQUEST_NAMES,
  referenceFields,
  referenceMessages,
} from './testing/reference.ts';

const NAMES = Object.keys(MESSAGES) as MessageName[];

/** In schema.ts and not in the reference, which is older. Readers outside of profiles must ignore both (common.proto). */
const NEWER_THAN_REFERENCE = ['KeyValue.keyStrindex', 'AnyValue.stringValueStrindex'];

/** Not part of a request: files and other storage only. */
const NOT_SENT = ['TracesData', 'MetricsData', 'LogsData'];

let distinct = 0;

/** A value that is not the default and that no other field has. */
function distinctValue(field: Field): unknown {
  distinct++;
  switch (field.kind) {
    case 'string':
      return `text ${distinct}`;
    case 'bytes':
      return Buffer.from(`bytes ${distinct}`);
    case 'id': {
      const id = Buffer.alloc(field.name === 'traceId' ? 16 : 8, 1);
      id.writeUInt32BE(distinct);
      return id;
    }
    case 'bool':
      return true;
    case 'double':
      return distinct + 0.5;
    case 'enum':
      return 1 + (distinct % 5);
    case 'int64':
    case 'sfixed64':
      return String(-(2n ** 62n) - BigInt(distinct));
    case 'uint64':
    case 'fixed64':
      return String(2n ** 63n + BigInt(distinct));
    default:
      return distinct;
  }
}

/** One message for every member of its oneof, with every other field set; attribute values nest twice. */
function fullMessages(name: MessageName, depth: number): Plain[] {
  const inner = name === 'AnyValue' ? depth + 1 : depth;
  const fields = MESSAGES[name].filter(
    (field) =>
      !NEWER_THAN_REFERENCE.includes(`${name}.${field.name}`) && !(inner > 2 && field.kind === 'message'),
  );
  const members = fields.filter(({ oneof }) => oneof !== undefined);
  const choices: (Field | undefined)[] = members.length === 0 ? [undefined] : members;
  return choices.map((choice) => {
    const wanted = fields.filter(({ oneof, name: field }) => oneof === undefined || field === choice?.name);
    return Object.fromEntries(wanted.map((field) => [field.name, fullField(field, inner)]));
  });
}

function fullField(field: Field, depth: number): unknown {
  if (field.kind !== 'message')
    return field.repeated ? [distinctValue(field), distinctValue(field)] : distinctValue(field);
  // An attribute for each kind of value, not only a value for each attribute.
  const messages =
    field.message === 'KeyValue'
      ? fullMessages('AnyValue', depth).map((value) => ({ key: `key ${++distinct}`, value }))
      : fullMessages(field.message!, depth);
  return field.repeated ? messages : messages[0];
}

/** Every place of a plain message that holds a value, as a function that changes it and gives the change back. */
function* leaves(node: unknown, path: string): Generator<{ path: string; change: () => () => void }> {
  for (const [key, value] of Object.entries(node as Plain)) {
    const here = `${path}.${key}`;
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      yield* leaves(value, here);
      continue;
    }
    const parent = node as Plain;
    yield {
      path: here,
      change: () => {
        parent[key] = changed(value);
        return () => {
          parent[key] = value;
        };
      },
    };
  }
}

function changed(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (value instanceof Uint8Array) return Buffer.from(value).map((byte) => byte ^ 0x40);
  const text = value as string;
  return /^-?\d+$/.test(text) ? String(BigInt(text) + 1n) : `${text}!`;
}

test('every message and field of the reference is in the schema, and no others but the listed', () => {
  const missing = referenceMessages().filter((name) => !NAMES.includes(name as MessageName));
  assert.deepEqual(missing.sort(), [...NOT_SENT].sort());
  for (const name of NAMES) {
    const ours = MESSAGES[name].map((field) => field.name);
    const wanted = ours.filter((field) => !NEWER_THAN_REFERENCE.includes(`${name}.${field}`));
    assert.deepEqual(wanted.sort(), referenceFields(name).sort(), name);
  }
});

test('every field has the number and the wire type that the reference writes', () => {
  for (const name of NAMES) {
    for (const field of MESSAGES[name]) {
      if (NEWER_THAN_REFERENCE.includes(`${name}.${field.name}`)) continue;
      const value = field.kind === 'message' ? {} : distinctValue(field);
      const bytes = encodeAs(name, { [field.name]: field.repeated ? [value] : value });
      const wire = field.repeated && wireType(field.kind) !== 2 ? 2 : wireType(field.kind);
      const tag = bytes[0]! < 0x80 ? bytes[0]! : (bytes[0]! & 0x7f) | (bytes[1]! << 7);
      assert.equal(tag, (field.number << 3) | wire, `${name}.${field.name}`);
    }
  }
});

for (const signal of SIGNALS) {
  const name = REQUEST_NAMES[signal];

  test(`a change of any field of ${signal} shows in what the readers give`, () => {
    const request = fullMessages(name, 0)[0]!;
    const before = JSON.stringify(collect(signal, encodeAs(name, request)));
    let walked = 0;
    for (const { path, change } of leaves(request, name)) {
      const undo = change();
      const bytes = encodeAs(name, request);
      const checked = checkRequest(signal, bytes);
      assert.ok(checked.ok && checked.rejected === 0, path);
      assert.notEqual(JSON.stringify(collect(signal, bytes)), before, `${path} is dropped`);
      undo();
      walked++;
    }
    assert.equal(JSON.stringify(collect(signal, encodeAs(name, request))), before);
    assert.ok(walked > 100, `only ${walked} values were walked`);
  });

  test(`every field of ${signal} in OTLP/JSON reaches the protobuf form`, () => {
    const request = fullMessages(name, 0)[0]!;
    const json = Buffer.from(JSON.stringify(jsonForm(name, request)));
    const transcoded = jsonToProtobuf(signal, json);
    assert.ok(transcoded.ok);
    assert.deepEqual(decodeAs(name, transcoded.bytes), decodeAs(name, encodeAs(name, request)));
  });
}
