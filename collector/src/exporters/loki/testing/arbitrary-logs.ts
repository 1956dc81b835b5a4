import fc from 'fast-check';
import type { Plain } from '#otlp/testing/reference.ts';
import { LOKI_LIMITS, type LokiLimits } from '../fit-limits.ts';

/** Small, so that random requests go over them. */
export const SMALL_LIMITS: LokiLimits = {
  ...LOKI_LIMITS,
  maxLineBytes: 1024,
  maxMetadataBytes: 4096,
  maxMetadataEntries: 64,
  maxLabelValueBytes: 64,
  maxLabelNameBytes: 48,
};

const UNITS = [
  'a',
  'B7',
  '\u00e9',
  '\ud83d\ude00',
  '"',
  '\\',
  '\n',
  '\u0001',
  '\u2028',
  '<&>',
  ' ',
  '\u4e2d',
];

/** Text of about so many characters; long ones repeat a few, so that making them is cheap. */
function text(maxLength: number): fc.Arbitrary<string> {
  const units = fc.array(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 6 });
  return fc.oneof(
    fc.constantFrom('', 'x', 'user signed in'),
    fc.tuple(units, fc.nat({ max: maxLength })).map(([of, length]) => {
      const unit = of.join('');
      return unit.repeat(Math.floor(length / unit.length));
    }),
  );
}

const key = fc.oneof(
  { weight: 8, arbitrary: fc.string({ minLength: 1, maxLength: 8 }).map((name) => `k${name}`) },
  { weight: 4, arbitrary: fc.constantFrom('http.route', 'a..b', '9lives', '_x_', 'trace.id', '$bytes') },
  { weight: 1, arbitrary: fc.nat({ max: 3000 }).map((length) => `long.${'k'.repeat(length)}`) },
);

/** Keys that Loki has no name for. */
const namelessKey = fc.constantFrom('', '.', '___', '____', '\u7528\u6237', '\u00e9\u00e9');

const scalar = fc.oneof(
  text(40).map((stringValue) => ({ stringValue })),
  fc.boolean().map((boolValue) => ({ boolValue })),
  fc
    .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -9n, max: 9n }))
    .map((value) => ({ intValue: String(value) })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue) => ({ doubleValue })),
  fc.constantFrom(-0, 1e21, 1e-7, 5e-324, 1e20).map((doubleValue) => ({ doubleValue })),
  fc.uint8Array({ maxLength: 20 }).map((bytesValue) => ({ bytesValue })),
  fc.constant({}),
);

const loose = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY).map((doubleValue) => ({ doubleValue }));

function nested(leaf: fc.Arbitrary<Plain>): fc.Arbitrary<Plain> {
  const { value } = fc.letrec<{ value: Plain }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ arrayValue: { values } })),
      fc
        .uniqueArray(fc.tuple(fc.oneof(key, namelessKey), tie('value')), {
          maxLength: 4,
          selector: ([name]) => name,
        })
        .map((pairs) => ({ kvlistValue: { values: pairs.map(([name, value]) => ({ key: name, value })) } })),
    ),
  }));
  return value as fc.Arbitrary<Plain>;
}

const long = text(6000).map((stringValue) => ({ stringValue }));

/** Many small entries in one attribute. */
const wide = fc.nat({ max: 80 }).map((count) => ({
  kvlistValue: {
    values: Array.from({ length: count }, (_, at) => ({ key: `m${at}`, value: { intValue: String(at) } })),
  },
}));

/** What a request holds: `mild` is what Loki takes as long as it is not too much. */
export type Kind = 'mild' | 'wild';

function value(kind: Kind): fc.Arbitrary<Plain> {
  return fc.oneof(
    { weight: 6, arbitrary: nested(scalar as fc.Arbitrary<Plain>) },
    { weight: 2, arbitrary: long as fc.Arbitrary<Plain> },
    { weight: 1, arbitrary: wide as fc.Arbitrary<Plain> },
    { weight: kind === 'wild' ? 1 : 0, arbitrary: nested(loose as fc.Arbitrary<Plain>) },
  );
}

function attributes(kind: Kind): fc.Arbitrary<Plain[]> {
  const names =
    kind === 'wild' ? fc.oneof({ weight: 12, arbitrary: key }, { weight: 1, arbitrary: namelessKey }) : key;
  const few = fc.array(fc.record({ key: names, value: value(kind) }, { requiredKeys: ['key'] }), {
    maxLength: 5,
  });
  const many = fc
    .nat({ max: 90 })
    .map((count) => Array.from({ length: count }, (_, at) => ({ key: `n${at}`, value: { intValue: '7' } })));
  return fc.oneof(
    { weight: 6, arbitrary: few as fc.Arbitrary<Plain[]> },
    { weight: 1, arbitrary: fc.tuple(few, many).map(([a, b]) => [...a, ...b] as Plain[]) },
  );
}

const id = (length: number, kind: Kind) => {
  const right = fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.constant(new Uint8Array(length)),
  );
  const wrong = fc.constantFrom(3, 100).map((bytes) => new Uint8Array(bytes).fill(7));
  return fc.oneof({ weight: 20, arbitrary: right }, { weight: kind === 'wild' ? 1 : 0, arbitrary: wrong });
};

const nanos = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constant(0n)).map(String);

const logRecord = (kind: Kind) =>
  fc.record(
    {
      timeUnixNano: nanos,
      observedTimeUnixNano: nanos,
      severityNumber: fc.integer({ min: 0, max: 24 }),
      severityText: fc.oneof({ weight: 9, arbitrary: text(20) }, { weight: 1, arbitrary: text(5000) }),
      body: fc.oneof(
        { weight: 3, arbitrary: text(1500).map((stringValue) => ({ stringValue })) },
        { weight: 1, arbitrary: value(kind) },
      ),
      attributes: attributes(kind),
      droppedAttributesCount: fc.nat({ max: 2 ** 32 - 1 }),
      flags: fc.nat({ max: 2 ** 32 - 1 }),
      traceId: id(16, kind),
      spanId: id(8, kind),
      eventName: fc.constantFrom('', 'login'),
    },
    { requiredKeys: [] },
  );

const scopeLogs = (kind: Kind) =>
  fc.record(
    {
      scope: fc.record(
        {
          name: fc.oneof({ weight: 9, arbitrary: text(30) }, { weight: 1, arbitrary: text(5000) }),
          version: text(10),
          attributes: fc.oneof(
            { weight: 3, arbitrary: fc.constant([]) },
            { weight: 1, arbitrary: attributes(kind) },
          ),
          droppedAttributesCount: fc.nat({ max: 99 }),
        },
        { requiredKeys: [] },
      ),
      logRecords: fc.array(logRecord(kind), { maxLength: 4 }),
      schemaUrl: fc.constant('https://opentelemetry.io/schemas/1.37.0'),
    },
    { requiredKeys: ['logRecords'] },
  );

const label = (kind: Kind) =>
  fc.record({
    key: fc.constantFrom('service.name', 'service.namespace'),
    value: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom<Plain>({ stringValue: 'shop' }, { stringValue: '' }, {}) },
      { weight: 1, arbitrary: text(20).map((stringValue): Plain => ({ stringValue })) },
      {
        weight: kind === 'wild' ? 1 : 0,
        arbitrary: text(200).map((given): Plain => ({ stringValue: `${given}\ufffd` })),
      },
      { weight: kind === 'wild' ? 1 : 0, arbitrary: value(kind) },
    ),
  });

const resourceLogs = (kind: Kind) =>
  fc.record(
    {
      resource: fc
        .tuple(fc.array(label(kind), { maxLength: 2 }), attributes(kind))
        .map(([labels, others]) => ({ attributes: [...labels, ...others] })),
      scopeLogs: fc.array(scopeLogs(kind), { maxLength: 3 }),
      schemaUrl: fc.constant('https://opentelemetry.io/schemas/1.37.0'),
    },
    { requiredKeys: ['scopeLogs'] },
  );

/** Random requests of log records around `SMALL_LIMITS`. */
export const logsRequest = (kind: Kind): fc.Arbitrary<Plain> =>
  fc.record({ resourceLogs: fc.array(resourceLogs(kind), { maxLength: 3 }) });
