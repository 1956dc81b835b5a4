import { SIGNALS, type Signal } from '#core/signal.ts';
import type { Plain } from '#otlp/testing/reference.ts';
import { call, type HttpAnswer, JSON_TYPE, mediaType, PROTOBUF } from '../http-client.ts';
import {
  encodeRequest,
  jsonOf,
  logOf,
  logsOf,
  metricOf,
  metricsOf,
  newName,
  ONE,
  spanOf,
  tracesOf,
} from '../payloads.ts';
import { type Door, RULES } from '../rules.ts';
import { partialOf, RESPONSES, send, sendJson } from '../send.ts';
import type { Check } from '../suite.ts';
import type { Target } from '../target.ts';
import { must, partly } from '../verdict.ts';

const LARGEST_ANSWER_BYTES = 64 * 1024;
const MANY_SPANS = 2000;

const ENVELOPES: Record<Signal, string> = {
  traces: 'resourceSpans',
  metrics: 'resourceMetrics',
  logs: 'resourceLogs',
};

/** 1 MiB of mistakes that invite to be quoted. */
const MISTAKES: readonly [what: string, path: string, type: string, body: string | Uint8Array][] = [
  ['a JSON name of 500 kB', '/v1/traces', JSON_TYPE, `{"${'a'.repeat(500_000)}`],
  ['a JSON value of 500 kB', '/v1/traces', JSON_TYPE, `{"resourceSpans":"${'a'.repeat(500_000)}"}`],
  ['a long path', `/v1/${'a'.repeat(6000)}`, PROTOBUF, ''],
  ['a long type', '/v1/traces', `application/${'a'.repeat(6000)}`, ''],
];

function manyInvalid(): Uint8Array {
  const spans = Array.from({ length: MANY_SPANS }, (_, index) =>
    spanOf(`${'invalid'.repeat(40)} ${index}`, { traceId: Buffer.alloc(0) }),
  );
  return encodeRequest('traces', tracesOf(...spans));
}

const bounded: Check[] = [
  ...MISTAKES.map(
    ([what, path, type, body]): Check => ({
      rule: 5,
      door: 'http',
      title: `${what} is not given back`,
      async run({ target }) {
        const answer = await call(target.httpUrl + path, { type, body });
        must(
          answer.body.length < LARGEST_ANSWER_BYTES,
          `${what}: an answer of ${Math.round(answer.body.length / 1000)} kB`,
        );
      },
    }),
  ),
  ...RULES[4]!.doors.map(
    (door): Check => ({
      rule: 5,
      door,
      title: 'two thousand rejected spans with long names make no long message',
      async run({ target }) {
        const { body } = await send(target, door, { signal: 'traces', bytes: manyInvalid() });
        must(body.length < LARGEST_ANSWER_BYTES, `2,000 invalid spans: an answer of ${body.length} bytes`);
      },
    }),
  ),
];

const success: Check[] = SIGNALS.flatMap((signal): Check[] => [
  {
    rule: 6,
    door: 'http',
    title: `${signal} in protobuf: 200 and no byte of a body`,
    async run({ target }) {
      const body = encodeRequest(signal, ONE[signal](newName('success')));
      const answer = await call(`${target.httpUrl}/v1/${signal}`, { body });
      mustBeSuccess(answer, PROTOBUF);
      must(!partialOf(signal, answer.body).isSet, 'protobuf: `partial_success` is set on full success');
    },
  },
  {
    rule: 6,
    door: 'http',
    title: `${signal} in JSON: 200 and {}`,
    async run({ target }) {
      const body = jsonOf(ONE[signal](newName('success')));
      const answer = await call(`${target.httpUrl}/v1/${signal}`, { type: JSON_TYPE, body });
      mustBeSuccess(answer, JSON_TYPE);
      const text = answer.body.toString();
      must(text === '{}', `JSON: \`${text}\` on full success`);
    },
  },
  {
    rule: 6,
    door: 'grpc',
    title: `${signal}: OK and an empty message`,
    async run({ target }) {
      const bytes = encodeRequest(signal, ONE[signal](newName('success')));
      const { isTaken, said, body } = await send(target, 'grpc', { signal, bytes });
      must(isTaken, `${said} instead of OK`);
      must(!partialOf(signal, body).isSet, '`partial_success` is set on full success');
    },
  },
]);

function mustBeSuccess(answer: HttpAnswer, type: string): void {
  must(answer.status === 200, `${answer.status} instead of 200`);
  must(mediaType(answer) === type, `200 of type ${mediaType(answer)}`);
}

const empty: Check[] = SIGNALS.flatMap((signal) => {
  const envelope = { [ENVELOPES[signal]]: [{ resource: {} }] };
  const json = ['{}', `{"${ENVELOPES[signal]}":[]}`, JSON.stringify(envelope)];
  return [
    ...RULES[6]!.doors.map(
      (door): Check => ({
        rule: 7,
        door,
        title: `${signal}: no byte, and an envelope without items`,
        async run({ target }) {
          for (const bytes of [new Uint8Array(), encodeRequest(signal, envelope)]) {
            for (const gzip of [false, true]) {
              const { isTaken, said } = await send(target, door, { signal, bytes, gzip });
              must(isTaken, `an empty request: ${said}`);
            }
          }
        },
      }),
    ),
    {
      rule: 7,
      door: 'http' as const,
      title: `${signal}: JSON without items`,
      async run({ target }: { target: Target }) {
        for (const body of json) {
          const { isTaken, said } = await sendJson(target, signal, body);
          must(isTaken, `${body.length > 40 ? 'an empty envelope' : body}: ${said}`);
        }
      },
    },
  ];
});

/** Three items, of which the one in the middle is invalid: a span without a trace id, a metric without a name. */
const ONE_OF_THREE: Record<'traces' | 'metrics', (good: string, bad: string) => Plain> = {
  traces: (good, bad) => tracesOf(spanOf(good), spanOf(bad, { traceId: Buffer.alloc(0) }), spanOf(good)),
  metrics: (good) => metricsOf(metricOf(good), metricOf(''), metricOf(good)),
};

const partial: Check[] = RULES[7]!.doors.flatMap((door) =>
  (['traces', 'metrics'] as const).map((signal) => ({
    rule: 8,
    door,
    title: `${signal}: of three items one is invalid, and 1 is counted`,
    async run({ target }: { target: Target }) {
      const [good, bad] = [newName('good'), signal === 'metrics' ? '' : newName('bad')];
      const bytes = encodeRequest(signal, ONE_OF_THREE[signal](good, bad));
      const { isTaken, said, body } = await send(target, door, { signal, bytes });
      must(isTaken, `three ${signal}, one invalid: ${said} for all`);
      const { isTold, rejected, message } = partialOf(signal, body);
      const items = await target.recorder.untilItems(signal, good, 2);
      must(items?.length === 2, `three ${signal}, one invalid: the valid ones are lost`);
      if (!isTold) await toldNothing(target, signal, bad);
      must(rejected === 1, `${rejected} rejected instead of 1`);
      must(message !== '', 'rejected without a message');
      must(target.recorder.items(signal, bad).length === 0, 'rejected and passed on');
    },
  })),
);

async function toldNothing(target: Target, signal: Signal, bad: string): Promise<never> {
  const passedOn = await target.recorder.untilItems(signal, bad);
  must(passedOn !== undefined, 'an invalid item is left out without a word');
  return partly('passes invalid items on; never answers with `partial_success`');
}

const LONG = 400 * 1024;

const warning: Check[] = RULES[8]!.doors.map((door: Door) => ({
  rule: 9,
  door,
  title: 'a text that is cut is told, with nothing rejected',
  async run({ target }) {
    const name = newName('cut');
    const attributes = [{ key: 'long', value: { stringValue: 'a '.repeat(LONG / 2) } }];
    const bytes = encodeRequest('logs', logsOf(logOf(name, { attributes })));
    const { isTaken, said, body } = await send(target, door, { signal: 'logs', bytes });
    must(isTaken, `a long text: ${said}`);
    const { isTold, rejected, message } = partialOf('logs', body);
    if (!isTold) partly('changes nothing, so never warns');
    must(rejected === 0 && message !== '', `a warning with ${rejected} rejected`);
    const items = await target.recorder.untilItems('logs', name);
    must(items?.length === 1, 'a warning for what was lost');
  },
}));

const rejectedAsText: Check = {
  rule: 8,
  door: 'http',
  title: 'JSON: the number of rejected items is written as text, as 64-bit integers are',
  async run({ target }) {
    const body = jsonOf(ONE_OF_THREE.traces(newName('good'), newName('bad')));
    const sent = await sendJson(target, 'traces', body);
    must(sent.isTaken, `three traces, one invalid: ${sent.said} for all`);
    const answer = JSON.parse(sent.body.toString()) as { partialSuccess?: Plain };
    const rejected = answer.partialSuccess?.[RESPONSES.traces[1]];
    if (rejected === undefined) partly('passes invalid items on; never answers with `partial_success`');
    must(rejected === '1', `\`${JSON.stringify(rejected)}\` instead of \`"1"\``);
  },
};

/** Rules 5 to 9: bodies of answers. */
export const answerChecks: readonly Check[] = [
  ...bounded,
  ...success,
  ...empty,
  ...partial,
  rejectedAsText,
  ...warning,
];
