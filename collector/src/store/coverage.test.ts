import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { SIGNALS, type Signal } from '#core/signal.ts';
import { checkRequest } from '#otlp/check.ts';
import { type Field, MESSAGES, type MessageName } from '#otlp/schema.ts';
import { encodeAs, type Plain, REQUEST_NAMES } from '#otlp/testing/reference.ts';
import { EPOCH, payloadOfBytes, SECOND } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore, type TempStore } from '#test/support/temp-store.ts';

/** Only profiles have them; readers outside of profiles must ignore both (common.proto). */
const FOR_PROFILES = ['keyStrindex', 'stringValueStrindex'];

/** What answers show in words of their own; one value for all fields of the name. */
const SPELLED: Record<string, (value: unknown) => string> = {
  kind: () => '"kind":"SERVER"',
  code: () => '"statusCode":"ERROR"',
  aggregationTemporality: () => '"temporality":"cumulative"',
  isMonotonic: () => '"monotonic":true',
};

let distinct = 1000;
let sent: { path: string; text: string }[] = [];

function remember(path: string, text: string): void {
  sent.push({ path, text });
}

/** A value that no other field has; what must be found again is remembered with its path. */
function scalar(field: Field, path: string): unknown {
  distinct++;
  const { kind, name } = field;
  const spelled = SPELLED[name];
  if (spelled !== undefined) {
    remember(path, spelled(distinct));
    return kind === 'bool' ? true : 2;
  }
  if (/UnixNano$/.test(name)) {
    const time = String(EPOCH + (name.startsWith('start') ? 0n : SECOND) + BigInt(distinct));
    remember(path, `"${time}"`);
    return time;
  }
  const [value, text] = distinctValue(field);
  remember(path, text);
  return value;
}

function distinctValue({ kind, name }: Field): [value: unknown, text: string] {
  switch (kind) {
    case 'string':
      return [`text ${distinct} "ü"`, `text ${distinct} \\"ü\\"`];
    case 'bytes':
      return [Buffer.from(`bytes ${distinct}`), Buffer.from(`bytes ${distinct}`).toString('base64')];
    case 'id': {
      const id = Buffer.alloc(name === 'traceId' ? 16 : 8, 0xf1);
      id.writeUInt32BE(distinct);
      return [id, id.toString('hex')];
    }
    case 'bool':
      return [true, 'true'];
    case 'double':
      return [distinct + 0.5, `${distinct}.5`];
    case 'int64':
    case 'sfixed64':
      return [String(-(2n ** 62n) - BigInt(distinct)), String(-(2n ** 62n) - BigInt(distinct))];
    case 'uint64':
    case 'fixed64':
      return [String(2n ** 63n + BigInt(distinct)), String(2n ** 63n + BigInt(distinct))];
    case 'enum':
      return [1 + (distinct % 20), `"${name}":${1 + (distinct % 20)}`];
    default:
      // Bit 0 of a point's flags would say that it has no value.
      return [1_000_000 + distinct * 2, String(1_000_000 + distinct * 2)];
  }
}

/** One message for every member of its oneof, with all other fields set; attribute values nest twice. */
function messages(name: MessageName, path: string, place: { depth: number; single: boolean }): Plain[] {
  const { depth, single } = place;
  const inner = name === 'AnyValue' ? depth + 1 : depth;
  const fields = MESSAGES[name].filter(
    (field) => !FOR_PROFILES.includes(field.name) && !(inner > 2 && field.kind === 'message'),
  );
  const members = choicesOf(fields, single);
  return (members.length === 0 ? [undefined] : members).map((choice) => {
    const wanted = fields.filter((field) => field.oneof === undefined || field.name === choice?.name);
    return Object.fromEntries(
      wanted.map((field) => [field.name, valueFor(field, `${path}.${field.name}`, inner)]),
    );
  });
}

/** Where one message alone fits, the list stands for all kinds of value, since it holds them. */
function choicesOf(fields: readonly Field[], single: boolean): readonly (Field | undefined)[] {
  const members = fields.filter(({ oneof }) => oneof !== undefined);
  return single && members.length > 0 ? members.filter(({ name }) => name === 'arrayValue') : members;
}

function valueFor(field: Field, path: string, depth: number): unknown {
  if (field.kind !== 'message') {
    return field.repeated ? [scalar(field, path), scalar(field, path)] : scalar(field, path);
  }
  if (field.message === 'KeyValue') {
    return messages('AnyValue', path, { depth, single: false }).map((value) => {
      const key = `key ${++distinct}`;
      remember(`${path}.key`, `"${key}":`);
      return { key, value };
    });
  }
  const all = messages(field.message!, path, { depth, single: !field.repeated });
  return field.repeated ? all : all[0];
}

/** Everything that the store answers about a time around the request. */
async function answers({ query, store }: TempStore, request: Plain, signal: Signal): Promise<string> {
  const range = { from: EPOCH - 10n * SECOND, to: EPOCH + 60n * SECOND };
  const page = { limit: 100, cursor: null };
  if (signal === 'traces') {
    const ids = [...JSON.stringify(request, hexBytes).matchAll(/"spans":\[{"traceId":"([0-9a-f]{32})"/g)];
    const details = await Promise.all(ids.map(([, id]) => query.trace(id!, NEVER)));
    assert.ok(details.length > 0 && details.every((detail) => detail !== null));
    return ids.map(([, id]) => id).join() + stringifyExact(details);
  }
  if (signal === 'logs') {
    const filters = { service: null, minSeverity: 0, words: [], traceId: null, spanId: null, attributes: [] };
    return stringifyExact(await query.logs({ range, filters, page }, NEVER));
  }
  const list = await query.metrics({ range, q: null, service: null, page }, NEVER);
  const kinds = list.metrics.map(({ type, temporality }) => `${type} ${temporality}`);
  assert.deepEqual(kinds.sort(), [
    'exponential_histogram cumulative',
    'gauge unspecified',
    'histogram cumulative',
    'sum cumulative',
    'summary unspecified',
  ]);
  const tables = ['resources', 'scopes', 'series', 'points'].map((table) =>
    store.read(`SELECT * FROM ${table}`, {}),
  );
  // Text columns hold JSON, which is shown as it is.
  const rows = (await Promise.all(tables)).flat().flatMap((row) => Object.entries(row));
  const shown = rows.map(([name, value]) =>
    name.endsWith('unix_nano') ? `"${value}"` : /^[{[]/.test(String(value)) ? value : JSON.stringify(value),
  );
  return stringifyExact(list) + shown.join('\n');
}

function hexBytes(_: string, value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] } | null;
  return bytes?.type === 'Buffer' ? Buffer.from(bytes.data!).toString('hex') : value;
}

/** Whether `text` is there, and not as a part of a longer number. */
function contains(found: string, text: string): boolean {
  for (let at = found.indexOf(text); at >= 0; at = found.indexOf(text, at + 1)) {
    const around = `${found[at - 1] ?? ''}|${found[at + text.length] ?? ''}`;
    if (!/^[\d-]/.test(text) || !/\d/.test(around)) return true;
  }
  return false;
}

for (const signal of SIGNALS) {
  test(`every field of ${signal} that was sent is found again in answers or tables`, async (context) => {
    sent = [];
    const name = REQUEST_NAMES[signal];
    const request = messages(name, name, { depth: 0, single: false })[0]!;
    const checked = checkRequest(signal, encodeAs(name, request));
    assert.ok(checked.ok && checked.rejected === 0);
    const temp = await openTempStore(context);
    await temp.accept(payloadOfBytes(signal, checked.bytes));
    const found = await answers(temp, request, signal);
    const lost = sent.filter(({ text }) => !contains(found, text));
    assert.deepEqual(lost, []);
    assert.ok(sent.length > 60, `only ${sent.length} values were sent`);
  });
}
