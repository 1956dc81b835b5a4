import { connect, constants } from 'node:http2';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SIGNALS } from '#core/signal.ts';
import { callGrpc, type GrpcAnswer, METHODS } from '../grpc-client.ts';
import { call, type HttpCall, JSON_TYPE, mediaType, PROTOBUF, statusOf } from '../http-client.ts';
import { encodeRequest, jsonOf, newName, ONE, oneSpan } from '../payloads.ts';
import { arrived } from '../send.ts';
import type { Bench, Check } from '../suite.ts';
import { LIMIT_BYTES, type Target } from '../target.ts';
import { broken, must, partly } from '../verdict.ts';

const TYPES = [PROTOBUF, JSON_TYPE] as const;

interface Refused {
  what: string;
  path?: string;
  init: Omit<HttpCall, 'type'>;
  /** What it should be; null where rule 10 asks for nothing but some 4xx or 5xx. */
  status: number | null;
}

const BAD: Buffer = Buffer.from([0x0a, 0x80]);

/** For a request of either type. */
const REFUSED: readonly Refused[] = [
  { what: 'bad data', init: { body: BAD }, status: 400 },
  { what: 'another path', path: '/v1/nothing', init: { body: BAD }, status: 404 },
  { what: 'profiles', path: '/v1development/profiles', init: { body: BAD }, status: null },
  { what: 'GET', init: { method: 'GET' }, status: 405 },
  { what: 'PUT', init: { method: 'PUT', body: BAD }, status: 405 },
  { what: 'too large', init: { body: Buffer.alloc(2 * LIMIT_BYTES, 'a') }, status: null },
  {
    what: 'an unknown compression',
    init: { headers: { 'content-encoding': 'br' }, body: BAD },
    status: null,
  },
  { what: 'broken gzip', init: { headers: { 'content-encoding': 'gzip' }, body: BAD }, status: 400 },
];

const statusBodies: Check[] = TYPES.flatMap((type) => [
  ...REFUSED.map(
    ({ what, path = '/v1/traces', init }): Check => ({
      rule: 10,
      door: 'http',
      title: `${what}, sent as ${type}, is refused with a Status of that type`,
      async run({ target }) {
        const answer = await call(target.httpUrl + path, { ...init, type });
        if (answer.status === 200) return;
        statusOf(answer, type);
      },
    }),
  ),
  {
    rule: 10,
    door: 'http',
    title: `overload, sent as ${type}, is refused with a Status of that type`,
    async run({ overloaded }) {
      const answer = await call(`${overloaded.httpUrl}/v1/traces`, { ...smallest(type), type });
      must(answer.status >= 400, `overload is answered ${answer.status}`);
      statusOf(answer, type);
    },
  },
]);

/** One span that may be sent. */
export function smallest(type: string): { body: string | Uint8Array } {
  const request = oneSpan(newName('one more'));
  return { body: type === JSON_TYPE ? jsonOf(request) : encodeRequest('traces', request) };
}

const CUT = encodeRequest('traces', oneSpan('cut')).subarray(0, -1);

const UNDECODABLE: readonly [what: string, init: HttpCall][] = [
  ['a cut varint', { body: BAD }],
  ['a cut message', { body: CUT }],
  ['a wrong wire type', { body: Buffer.from([0x0d, 1, 2, 3, 4]) }],
  ['broken gzip', { body: BAD, headers: { 'content-encoding': 'gzip' } }],
  ['cut gzip', { body: gzipSync(CUT).subarray(0, -9), headers: { 'content-encoding': 'gzip' } }],
  ['cut JSON', { type: JSON_TYPE, body: '{"resourceSpans":[' }],
  ['no JSON', { type: JSON_TYPE, body: 'resourceSpans' }],
  ['JSON of another form', { type: JSON_TYPE, body: '{"resourceSpans":7}' }],
  ['text after JSON', { type: JSON_TYPE, body: '{} x' }],
];

const undecodable: Check[] = UNDECODABLE.map(([what, init]) => ({
  rule: 12,
  door: 'http',
  title: `${what} is 400 with BadRequest`,
  async run({ target }) {
    const answer = await call(`${target.httpUrl}/v1/traces`, init);
    must(answer.status === 400, `${what}: ${answer.status} instead of 400`);
    if (!statusOf(answer, init.type ?? PROTOBUF).badRequest) partly('400 without BadRequest');
  },
}));

const overloadedHttp: Check = {
  rule: 13,
  door: 'http',
  title: 'a program that has too much answers 429 or 503 and says when to come back',
  async run({ overloaded }) {
    const { status, headers } = await call(`${overloaded.httpUrl}/v1/traces`, smallest(PROTOBUF));
    must(status === 429 || status === 503, `${status} instead of 429 or 503`);
    const wait = headers['retry-after'];
    if (wait === undefined) partly(`${status} without Retry-After`);
    must(/^\d+$/.test(wait) || !Number.isNaN(Date.parse(wait)), `Retry-After is \`${wait}\``);
  },
};

const TYPES_IN_USE: readonly [sent: string, type: (typeof TYPES)[number]][] = [
  [PROTOBUF, PROTOBUF],
  [JSON_TYPE, JSON_TYPE],
  ['application/json; charset=utf-8', JSON_TYPE],
  ['Application/JSON', JSON_TYPE],
  ['application/x-protobuf; charset=utf-8', PROTOBUF],
];

const types: Check[] = TYPES_IN_USE.map(([sent, type]) => ({
  rule: 14,
  door: 'http',
  title: `${sent} is taken and answered in ${type}`,
  async run({ target }) {
    const name = newName('type');
    const request = oneSpan(name);
    const body = type === JSON_TYPE ? jsonOf(request) : encodeRequest('traces', request);
    const answer = await call(`${target.httpUrl}/v1/traces`, { type: sent, body });
    must(answer.status === 200, `\`${sent}\`: ${answer.status}`);
    must(mediaType(answer) === type, `\`${sent}\` is answered in ${mediaType(answer)}`);
    await arrived(target, { signal: 'traces', name, what: sent });
    const refused = await call(`${target.httpUrl}/v1/traces`, { type: sent, body: 'no request' });
    must(mediaType(refused) === type, `\`${sent}\`: a refusal in ${mediaType(refused)}`);
  },
}));

const connection: Check[] = [
  {
    rule: 15,
    door: 'http',
    title: 'who accepts gzip can read the answer',
    async run({ target }) {
      const headers = { 'accept-encoding': 'gzip' };
      const answer = await call(`${target.httpUrl}/v1/traces`, { type: JSON_TYPE, body: '{}', headers });
      const isGzip = answer.headers['content-encoding'] === 'gzip';
      const text = String(isGzip ? gunzipSync(answer.body) : answer.body);
      must(typeof JSON.parse(text) === 'object', 'an answer that cannot be read');
    },
  },
  {
    rule: 15,
    door: 'http',
    title: 'HTTP/1.1 is spoken, and if HTTP/2 is as well, with the same answer',
    async run({ target }) {
      const { status } = await call(`${target.httpUrl}/v1/traces`);
      must(status === 200, `HTTP/1.1: ${status}`);
      const overHttp2 = await callHttp2(target.httpUrl).catch(() => null);
      must(overHttp2 === null || overHttp2 === 200, `HTTP/2: ${overHttp2}`);
    },
  },
];

/** One empty request by prior knowledge (RFC 9113, section 3.3). */
function callHttp2(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connect(url);
    session.once('error', reject);
    const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_CONTENT_TYPE } = constants;
    const stream = session.request({
      [HTTP2_HEADER_METHOD]: 'POST',
      [HTTP2_HEADER_PATH]: '/v1/traces',
      [HTTP2_HEADER_CONTENT_TYPE]: PROTOBUF,
    });
    stream.once('error', reject);
    stream.once('response', (headers) => {
      resolve(Number(headers[':status']));
      session.destroy();
    });
    stream.end();
  });
}

const PROFILES = '/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export';

const places: Check[] = [
  ...(
    [
      ['http', 4318],
      ['grpc', 4317],
    ] as const
  ).map(
    ([door, port]): Check => ({
      rule: 16,
      door,
      title: `it listens on ${port} by default`,
      async run({ program }: Bench) {
        const ports = await program.defaultPorts();
        must(ports.includes(port), `does not listen on ${port} by default`);
      },
    }),
  ),
  ...SIGNALS.map(
    (signal): Check => ({
      rule: 16,
      door: 'http',
      title: `POST /v1/${signal} takes ${signal}, GET is 405`,
      async run({ target }) {
        const url = `${target.httpUrl}/v1/${signal}`;
        const taken = await call(url, { body: encodeRequest(signal, ONE[signal](newName('path'))) });
        must(taken.status === 200, `POST /v1/${signal}: ${taken.status}`);
        const got = await call(url, { method: 'GET' });
        must(got.status === 405, `GET: ${got.status} instead of 405`);
      },
    }),
  ),
  ...['/v1/nothing', '/', '/v1development/profiles'].map(
    (path): Check => ({
      rule: 16,
      door: 'http',
      title: `POST ${path} is 404`,
      async run({ target }) {
        const answer = await call(target.httpUrl + path);
        must(answer.status === 404, `POST ${path}: ${answer.status} instead of 404`);
      },
    }),
  ),
  {
    rule: 16,
    door: 'grpc',
    title: 'the services of three signals are there, profiles are UNIMPLEMENTED',
    async run({ target }) {
      for (const signal of SIGNALS) {
        const { code } = await callEmpty(target, METHODS[signal]);
        must(code === 'OK', `${signal}: ${code}`);
      }
      const { code } = await callEmpty(target, PROFILES);
      must(code === 'UNIMPLEMENTED', `profiles: ${code} instead of UNIMPLEMENTED`);
    },
  },
];

function callEmpty(target: Target, method: string): Promise<GrpcAnswer> {
  return callGrpc(target.grpcAddress, method, { message: new Uint8Array() });
}

/** Of gRPC's codes, those that OTLP's clients repeat ("Failures"); RESOURCE_EXHAUSTED only with RetryInfo. */
const REPEATED = new Set([
  'CANCELLED',
  'DEADLINE_EXCEEDED',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** Whether an OTLP client sends again after this answer. */
export function isRepeated({ code, details }: GrpcAnswer): boolean {
  return REPEATED.has(code) || (code === 'RESOURCE_EXHAUSTED' && details?.retryInfo === true);
}

function callOverloaded({ overloaded }: Bench): Promise<GrpcAnswer> {
  const message = encodeRequest('traces', oneSpan(newName('one more')));
  return callGrpc(overloaded.grpcAddress, METHODS.traces, { message });
}

const grpcFailures: Check[] = [
  {
    rule: 17,
    door: 'grpc',
    title: 'overload is UNAVAILABLE with RetryInfo',
    async run(bench) {
      const answer = await callOverloaded(bench);
      must(isRepeated(answer), `overload: ${answer.code}`);
      if (answer.details?.retryInfo !== true) partly(`overload: ${answer.code} without RetryInfo`);
    },
  },
  ...[BAD, CUT, Buffer.from([0x0d, 1, 2, 3, 4])].map(
    (message): Check => ({
      rule: 17,
      door: 'grpc',
      title: `bytes that are no request (${message.length}) are INVALID_ARGUMENT with BadRequest`,
      async run({ target }) {
        const { code, details } = await callGrpc(target.grpcAddress, METHODS.traces, { message });
        must(code === 'INVALID_ARGUMENT', `bad data: ${code} instead of INVALID_ARGUMENT`);
        if (details?.badRequest !== true) partly('INVALID_ARGUMENT without BadRequest');
      },
    }),
  ),
  {
    rule: 18,
    door: 'grpc',
    title: 'what may pass later has a code that is repeated, everything else has not',
    async run(bench) {
      must(isRepeated(await callOverloaded(bench)), 'overload has a code that is final');
      const { grpcAddress } = bench.target;
      const final: [string, GrpcAnswer][] = [
        ['bad data', await callGrpc(grpcAddress, METHODS.traces, { message: BAD })],
        [
          'too large',
          await callGrpc(grpcAddress, METHODS.traces, { message: Buffer.alloc(2 * LIMIT_BYTES) }),
        ],
        ['an unknown method', await callGrpc(grpcAddress, `${METHODS.traces}All`, { message: BAD })],
        ['an unknown service', await callGrpc(grpcAddress, '/no.Service/Export', { message: BAD })],
      ];
      for (const [what, answer] of final) {
        if (answer.code === 'OK') broken(`${what}: OK`);
        must(!isRepeated(answer), `${what}: ${answer.code}, which is repeated`);
      }
    },
  },
];

/** Rules 10 and 12 to 18: what is refused, and where. */
export const refusalChecks: readonly Check[] = [
  ...statusBodies,
  ...undecodable,
  overloadedHttp,
  ...types,
  ...connection,
  ...places,
  ...grpcFailures,
];
