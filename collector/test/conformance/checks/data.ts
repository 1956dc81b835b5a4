import { isDeepStrictEqual } from 'node:util';
import protobuf from 'protobufjs';
import type { Signal } from '#core/signal.ts';
import { encodeAs, type Plain } from '#otlp/testing/reference.ts';
import {
  encodeRequest,
  jsonOf,
  logOf,
  logsOf,
  newId,
  newName,
  nowNano,
  ONE,
  spanOf,
  tracesOf,
} from '../payloads.ts';
import { type Door, RULES } from '../rules.ts';
import { partialOf, send, sendJson, sendTaken } from '../send.ts';
import type { Check } from '../suite.ts';
import type { Target } from '../target.ts';
import { must, partly } from '../verdict.ts';

const BOTH: readonly Door[] = RULES[20]!.doors;
const UNKNOWN_FIELD = 1900;
const ALL_FLAGS = 0xff_ff_ff_ff;
const LENGTH_DELIMITED = 2;

function field(number: number, content: Uint8Array): Buffer {
  return Buffer.from(
    protobuf.Writer.create()
      .uint32((number << 3) | LENGTH_DELIMITED)
      .bytes(content)
      .finish(),
  );
}

const STRANGE: Uint8Array = Buffer.concat([
  field(UNKNOWN_FIELD, Buffer.from('to come')),
  protobuf.Writer.create()
    .uint32((UNKNOWN_FIELD + 1) << 3)
    .uint64(7)
    .finish(),
]);

/** A request of one span with fields of a later version on each level. */
function fromTheFuture(name: string): Uint8Array {
  const span = Buffer.concat([encodeAs('Span', spanOf(name)), STRANGE]);
  const scope = Buffer.concat([field(2, span), STRANGE]);
  const envelope = Buffer.concat([field(2, scope), STRANGE]);
  return Buffer.concat([field(1, envelope), STRANGE]);
}

const foo = { foo: { bar: [1, 'a', null, { deep: true }] }, 'x-y': 1 };
const ATTRIBUTE = { key: 'kept', value: { stringValue: 'yes', ...foo }, ...foo };

const unknown: Check[] = [
  ...BOTH.map(
    (door): Check => ({
      rule: 21,
      door,
      title: 'protobuf: fields of a later version on each level',
      async run({ target }) {
        const name = newName('future');
        await sendTaken(target, door, {
          signal: 'traces',
          bytes: fromTheFuture(name),
          name,
          what: 'unknown fields',
        });
      },
    }),
  ),
  {
    rule: 21,
    door: 'http',
    title: 'JSON: unknown names on each level',
    async run({ target }) {
      const name = newName('future');
      const event = { timeUnixNano: '1', name: 'event', ...foo };
      const spans = [
        spanOf(name, { attributes: [ATTRIBUTE], events: [event], status: { code: 1, ...foo }, ...foo }),
      ];
      const scopeSpans = [{ scope: { name: 'test', ...foo }, spans, ...foo }];
      const json = jsonOf({ resourceSpans: [{ resource: { ...foo }, scopeSpans, ...foo }], ...foo });
      const { isTaken, said } = await sendJson(target, 'traces', json);
      must(isTaken, `unknown names in JSON: ${said}`);
      const [item] = (await target.recorder.untilItems('traces', name)) ?? [];
      must(item !== undefined, 'unknown names in JSON: taken, and not passed on');
      const [attribute] = item.attributes as (typeof ATTRIBUTE)[];
      must(attribute?.value.stringValue === 'yes', 'unknown names in JSON: what is beside them is lost');
    },
  },
];

const LOG_IDS: readonly [what: string, ids: Plain][] = [
  ['no ids', {}],
  ['empty ids', { traceId: Buffer.alloc(0), spanId: Buffer.alloc(0) }],
  ['ids of zeros', { traceId: Buffer.alloc(16), spanId: Buffer.alloc(8) }],
  ['a trace id of 5 bytes', { traceId: Buffer.alloc(5, 1) }],
  ['a span id of 3 bytes', { traceId: newId(16), spanId: Buffer.alloc(3, 1) }],
];

const SPAN_IDS: readonly [what: string, ids: Plain][] = [
  ['a trace id of zeros', { traceId: Buffer.alloc(16) }],
  ['a trace id of 8 bytes', { traceId: newId(8) }],
  ['a span id of 4 bytes', { spanId: Buffer.alloc(4, 1) }],
  ['a span id of zeros', { spanId: Buffer.alloc(8) }],
];

const invalidIds: Check[] = BOTH.flatMap((door) => [
  ...LOG_IDS.map(
    ([what, more]): Check => ({
      rule: 27,
      door,
      title: `a log record with ${what} is taken`,
      async run({ target }) {
        const name = newName('log');
        const bytes = encodeRequest('logs', logsOf(logOf(name, more)));
        const { isTaken, said } = await send(target, door, { signal: 'logs', bytes });
        must(isTaken, `a log record with ${what}: ${said}`);
        const items = await target.recorder.untilItems('logs', name);
        must(items !== undefined, `a log record with ${what}: lost`);
      },
    }),
  ),
  ...SPAN_IDS.map(
    ([what, more]): Check => ({
      rule: 27,
      door,
      title: `a span with ${what} is told as rejected, its neighbour is taken`,
      async run({ target }) {
        const [good, bad] = [newName('good'), newName('bad')];
        const bytes = encodeRequest('traces', tracesOf(spanOf(good), spanOf(bad, more)));
        const { isTaken, said, body } = await send(target, door, { signal: 'traces', bytes });
        if (!isTaken) partly(`a span with ${what}: ${said} for the whole request`);
        must(
          (await target.recorder.untilItems('traces', good)) !== undefined,
          `a span with ${what}: others are lost`,
        );
        if (partialOf('traces', body).rejected === 0) partly('spans with invalid ids are taken');
        must(
          target.recorder.items('traces', bad).length === 0,
          `a span with ${what}: rejected and passed on`,
        );
      },
    }),
  ),
]);

const flags: Check[] = BOTH.map((door) => ({
  rule: 28,
  door,
  title: 'all 32 bits are taken and passed on',
  async run({ target }) {
    const [span, log] = [newName('flags'), newName('flags')];
    const ids = { traceId: newId(16), spanId: newId(8), flags: ALL_FLAGS };
    const spans = tracesOf(spanOf(span, { flags: ALL_FLAGS, links: [ids] }));
    const logs = logsOf(logOf(log, ids));
    const item = await sendTaken(target, door, {
      signal: 'traces',
      bytes: encodeRequest('traces', spans),
      name: span,
      what: 'flags',
    });
    must(item.flags === ALL_FLAGS, 'flags of a span are changed');
    must((item.links as Plain[])[0]!.flags === ALL_FLAGS, 'flags of a link are changed');
    const record = await sendTaken(target, door, {
      signal: 'logs',
      bytes: encodeRequest('logs', logs),
      name: log,
      what: 'flags',
    });
    must(record.flags === ALL_FLAGS, 'flags of a log record are changed');
  },
}));

const VALUES: readonly Plain[] = [
  {},
  { stringValue: '' },
  { boolValue: false },
  { intValue: '0' },
  { doubleValue: 0 },
  { bytesValue: Buffer.from([0, 255]) },
  { arrayValue: { values: [] } },
  {
    arrayValue: {
      values: [
        { stringValue: 'a' },
        { intValue: '1' },
        {},
        { arrayValue: { values: [{ boolValue: true }] } },
      ],
    },
  },
  { kvlistValue: { values: [] } },
  { kvlistValue: { values: [{ key: 'a', value: { kvlistValue: { values: [{ key: '', value: {} }] } } }] } },
];

function plainValue(value: Plain): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => {
      const isBuffer = typeof each === 'object' && each !== null && (each as Plain).type === 'Buffer';
      return isBuffer ? (each as { data: number[] }).data : each;
    }),
  );
}

const values: Check[] = BOTH.flatMap((door): Check[] => [
  {
    rule: 29,
    door,
    title: 'all kinds of values, empty and mixed ones among them',
    async run({ target }) {
      const name = newName('values');
      const attributes = VALUES.map((value, index) => ({ key: `kind${index}`, value }));
      const bytes = encodeRequest('logs', logsOf(logOf(name, { attributes })));
      const item = await sendTaken(target, door, {
        signal: 'logs',
        bytes,
        name,
        what: 'all kinds of values',
      });
      const got = (item.attributes as { value: Plain }[]).map(({ value }) => plainValue(value));
      for (const [index, value] of VALUES.entries()) {
        must(
          isDeepStrictEqual(got[index], plainValue(value)),
          `\`${JSON.stringify(plainValue(value))}\` is changed`,
        );
      }
    },
  },
  {
    rule: 29,
    door,
    title: 'fields that belong to profiles are as if they were empty',
    async run({ target }) {
      const name = newName('strindex');
      const bytes = withStringIndexes(name);
      await sendTaken(target, door, { signal: 'logs', bytes, name, what: 'string_value_strindex' });
    },
  },
  {
    rule: 29,
    door,
    title: 'ten thousand lists in each other do no harm',
    async run({ target }) {
      const { said } = await send(target, door, { signal: 'logs', bytes: nested(10_000) });
      must(!/^5|UNAVAILABLE/.test(said), `lists in each other: ${said}`);
      await isStillThere(target, door);
    },
  },
]);

/** `KeyValue.key_strindex` (3) and `AnyValue.string_value_strindex` (8), which the reference codec does not know. */
function withStringIndexes(name: string): Uint8Array {
  const value = protobuf.Writer.create()
    .uint32(8 << 3)
    .int32(4)
    .finish();
  const attribute = Buffer.concat([
    protobuf.Writer.create()
      .uint32(3 << 3)
      .int32(5)
      .finish(),
    field(2, value),
  ]);
  const record = Buffer.concat([encodeAs('LogRecord', logOf(name)), field(6, attribute)]);
  return field(1, field(2, field(2, record)));
}

function nested(depth: number): Uint8Array {
  let value: Buffer = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) value = field(5, field(1, value));
  return field(1, field(2, field(2, field(5, value))));
}

const nestedJson: Check = {
  rule: 29,
  door: 'http',
  title: 'JSON: ten thousand lists in each other do no harm',
  async run({ target }) {
    const depth = 10_000;
    const body = `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`;
    const { said } = await sendJson(
      target,
      'logs',
      `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${body}}]}]}]}`,
    );
    must(!said.startsWith('5'), `lists in each other, JSON: ${said}`);
    await isStillThere(target, 'http');
  },
};

async function isStillThere(target: Target, door: Door): Promise<void> {
  for (const signal of ['traces', 'logs'] satisfies Signal[]) {
    const name = newName('after');
    const bytes = encodeRequest(signal, ONE[signal](name));
    await sendTaken(target, door, { signal, bytes, name, what: 'after lists in each other' });
  }
}

const times: Check[] = BOTH.map((door) => ({
  rule: 30,
  door,
  title: 'the time of observation and the name of an event stay',
  async run({ target }) {
    const name = newName('event');
    const observed = String(nowNano());
    const record = logOf(name, {
      timeUnixNano: '0',
      observedTimeUnixNano: observed,
      eventName: 'user.login',
    });
    const bytes = encodeRequest('logs', logsOf(record));
    const item = await sendTaken(target, door, { signal: 'logs', bytes, name, what: 'an event' });
    const time = item.timeUnixNano === '0' ? item.observedTimeUnixNano : item.timeUnixNano;
    must(time === observed, 'another time than the one it was observed at');
    must(item.eventName === 'user.login', 'the name of the event is lost');
  },
}));

/** Rules 21 and 27 to 30: what is in a request. */
export const dataChecks: readonly Check[] = [
  ...unknown,
  ...invalidIds,
  ...flags,
  ...values,
  nestedJson,
  ...times,
];
