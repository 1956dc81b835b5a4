import { isDeepStrictEqual } from 'node:util';
import type { Signal } from '#core/signal.ts';
import type { Plain } from '#otlp/testing/reference.ts';
import { jsonOf, logOf, logsOf, metricOf, metricsOf, newId, newName, spanOf, tracesOf } from '../payloads.ts';
import type { Item } from '../recorder.ts';
import { arrived, sendJson, toldIn } from '../send.ts';
import type { Check } from '../suite.ts';
import type { Target } from '../target.ts';
import { must, partly } from '../verdict.ts';

interface Sent {
  signal: Signal;
  name: string;
  what: string;
  json: string;
}

async function sendTaken(target: Target, sent: Sent): Promise<Item> {
  const { isTaken, said } = await sendJson(target, sent.signal, sent.json);
  must(isTaken, `${sent.what}: ${said}`);
  return arrived(target, sent);
}

function hexOf(bytes: unknown): string {
  return Buffer.from(bytes as number[]).toString('hex');
}

/** One item of each message that has ids; `read` gives them back, trace id first. */
const WITH_IDS: readonly {
  what: string;
  signal: Signal;
  request(name: string, ids: Plain): Plain;
  read(item: Item): unknown[];
}[] = [
  {
    what: 'a span',
    signal: 'traces',
    request: (name, ids) => tracesOf(spanOf(name, { ...ids, parentSpanId: ids.spanId })),
    read: ({ traceId, spanId, parentSpanId }) => [traceId, spanId, parentSpanId],
  },
  {
    what: 'a link',
    signal: 'traces',
    request: (name, ids) => tracesOf(spanOf(name, { links: [ids] })),
    read: ({ links }) => idsOf((links as Plain[])[0]!),
  },
  {
    what: 'a log record',
    signal: 'logs',
    request: (name, ids) => logsOf(logOf(name, ids)),
    read: idsOf,
  },
  {
    what: 'an exemplar',
    signal: 'metrics',
    request: (name, ids) =>
      metricsOf(metricOf(name, { exemplars: [{ ...ids, asInt: '1', timeUnixNano: '1' }] })),
    read: ({ gauge }) =>
      idsOf((gauge as { dataPoints: { exemplars: Plain[] }[] }).dataPoints[0]!.exemplars[0]!),
  },
];

function idsOf({ traceId, spanId }: Plain): unknown[] {
  return [traceId, spanId];
}

const ids: Check[] = WITH_IDS.flatMap(({ what, signal, request, read }) =>
  (['lower', 'upper', 'mixed'] as const).map(
    (letters): Check => ({
      rule: 19,
      door: 'http',
      title: `ids of ${what} in ${letters} case`,
      async run({ target }) {
        const name = newName('ids');
        const [traceId, spanId] = [newId(16), newId(8)];
        const json = jsonOf(
          request(name, { traceId: inLetters(traceId, letters), spanId: inLetters(spanId, letters) }),
        );
        const item = await sendTaken(target, { signal, name, json, what: `${letters} case in ${what}` });
        const got = read(item).map(hexOf);
        const sent = [traceId, spanId, spanId].map(hexOf).slice(0, got.length);
        must(isDeepStrictEqual(got, sent), `${what}: ids are changed`);
      },
    }),
  ),
);

function inLetters(id: Buffer, letters: 'lower' | 'upper' | 'mixed'): string {
  const hex = id.toString('hex');
  if (letters === 'lower') return hex;
  const upper = hex.toUpperCase();
  return letters === 'upper' ? upper : hex.slice(0, 7) + upper.slice(7);
}

const otherIds: Check[] = (
  [
    ['base64', (id: Buffer) => id.toString('base64')],
    ['one digit too few', (id: Buffer) => id.toString('hex').slice(1)],
    ['two digits too many', (id: Buffer) => `${id.toString('hex')}00`],
    ['no hex', () => 'g'.repeat(32)],
  ] as const
).map(([what, write]) => ({
  rule: 19,
  door: 'http',
  title: `an id as ${what} is not taken`,
  async run({ target }) {
    const name = newName('ids');
    const json = jsonOf(tracesOf(spanOf(name, { traceId: write(newId(16)) })));
    const { isTaken, body } = await sendJson(target, 'traces', json);
    must(!isTaken || toldIn(body).includes('rejected'), `a trace id as ${what} is taken`);
    must(target.recorder.items('traces', name).length === 0, `a trace id as ${what} is passed on`);
  },
}));

const bytes: Check = {
  rule: 19,
  door: 'http',
  title: 'other bytes are base64',
  async run({ target }) {
    const name = newName('bytes');
    const value = Buffer.from([0, 1, 250, 251, 252, 253, 254, 255]);
    const attributes = [{ key: 'raw', value: { bytesValue: value } }];
    const json = jsonOf(logsOf(logOf(name, { attributes })));
    const item = await sendTaken(target, { signal: 'logs', name, json, what: 'bytesValue' });
    const [attribute] = item.attributes as { value: { bytesValue: number[] } }[];
    must(Buffer.from(attribute!.value.bytesValue).equals(value), 'bytesValue is changed');
  },
};

const NAMES: readonly [what: string, signal: Signal, request: (name: string) => Plain][] = [
  ['SPAN_KIND_SERVER', 'traces', (name) => tracesOf(spanOf(name, { kind: 'SPAN_KIND_SERVER' }))],
  [
    'STATUS_CODE_ERROR',
    'traces',
    (name) => tracesOf(spanOf(name, { status: { code: 'STATUS_CODE_ERROR' } })),
  ],
  ['SEVERITY_NUMBER_WARN', 'logs', (name) => logsOf(logOf(name, { severityNumber: 'SEVERITY_NUMBER_WARN' }))],
];

const enums: Check[] = [
  {
    rule: 20,
    door: 'http',
    title: 'integers are taken, known ones and unknown ones',
    async run({ target }) {
      for (const kind of [0, 3, 77]) {
        const name = newName('enum');
        const json = jsonOf(tracesOf(spanOf(name, { kind })));
        const item = await sendTaken(target, { signal: 'traces', name, json, what: `kind ${kind}` });
        must(item.kind === kind, `kind ${kind} becomes ${item.kind}`);
      }
    },
  },
  ...NAMES.map(
    ([what, signal, request]): Check => ({
      rule: 20,
      door: 'http',
      title: `the name ${what} is refused`,
      async run({ target }) {
        const { isTaken, said, body } = await sendJson(target, signal, jsonOf(request(newName('enum'))));
        if (isTaken && toldIn(body) === '') partly('takes names of enums as well');
        must(isTaken || said === '400', `a name: ${said}`);
      },
    }),
  ),
];

const snakeCase: Check = {
  rule: 22,
  door: 'http',
  title: 'snake_case is an unknown field',
  async run({ target }) {
    const name = newName('snake');
    const json = jsonOf(tracesOf(spanOf(name, { dropped_events_count: 7, trace_state: 'a=b' })));
    const item = await sendTaken(target, { signal: 'traces', name, json, what: 'snake_case' });
    const isIgnored = item.droppedEventsCount === 0 && item.traceState === '';
    if (!isIgnored) partly('takes snake_case as well');
  },
};

const LARGE = '9223372036854775807';
const SMALL = '-9223372036854775808';
/** Written beside the rest as it is, so that it never goes through a double. */
const RAW = 'raw-number';

const integers: Check[] = ['text', 'number'].map((form) => ({
  rule: 23,
  door: 'http',
  title: `64-bit integers as ${form} are exact`,
  async run({ target }) {
    const name = newName('integers');
    const written = (value: string) => (form === 'text' ? value : `${RAW}${value}${RAW}`);
    const time = `${Date.now()}123457`;
    const attributes = [LARGE, SMALL].map((value) => ({ key: value, value: { intValue: written(value) } }));
    const span = spanOf(name, {
      startTimeUnixNano: written(time),
      endTimeUnixNano: written(time),
      attributes,
    });
    const json = jsonOf(tracesOf(span)).replaceAll(new RegExp(`"${RAW}(-?\\d+)${RAW}"`, 'g'), '$1');
    const item = await sendTaken(target, { signal: 'traces', name, json, what: `integers as ${form}` });
    must(item.startTimeUnixNano === time, `a time as ${form} is changed`);
    const got = (item.attributes as { value: { intValue: string } }[]).map(({ value }) => value.intValue);
    must(isDeepStrictEqual(got, [LARGE, SMALL]), `intValue as ${form} is changed`);
  },
}));

const doubles: Check = {
  rule: 23,
  door: 'http',
  title: 'NaN, Infinity and numbers as text are doubles',
  async run({ target }) {
    for (const doubleValue of ['NaN', 'Infinity', '-Infinity', 1.5, '2.5']) {
      const name = newName('doubles');
      const attributes = [{ key: 'double', value: { doubleValue } }];
      const json = jsonOf(logsOf(logOf(name, { attributes })));
      const what = `doubleValue ${JSON.stringify(doubleValue)}`;
      const item = await sendTaken(target, { signal: 'logs', name, json, what });
      const [attribute] = item.attributes as { value: { doubleValue: number } }[];
      must(Object.is(attribute!.value.doubleValue, Number(doubleValue)), `${what} is changed`);
    }
  },
};

const nulls: Check[] = ['severityText', 'attributes', 'traceId', 'flags', 'observedTimeUnixNano'].map(
  (key) => ({
    rule: 23,
    door: 'http',
    title: `null for ${key} is as if it were not there`,
    async run({ target }) {
      const name = newName('null');
      const json = jsonOf(logsOf(logOf(name, { [key]: null })));
      await sendTaken(target, { signal: 'logs', name, json, what: `\`null\` for ${key}` });
    },
  }),
);

/** Rules 19, 20, 22 and 23: OTLP/JSON. */
export const jsonChecks: readonly Check[] = [
  ...ids,
  ...otherIds,
  bytes,
  ...enums,
  snakeCase,
  ...integers,
  doubles,
  ...nulls,
];
