import { callGrpc, type GrpcAnswer, METHODS } from '../grpc-client.ts';
import { call, type HttpAnswer, JSON_TYPE, PROTOBUF, statusOf } from '../http-client.ts';
import { encodeRequest, newName, oneSpan } from '../payloads.ts';
import { arrived } from '../send.ts';
import type { Check } from '../suite.ts';
import type { Guarded } from '../target.ts';
import { must, partly } from '../verdict.ts';
import { isRepeated, smallest } from './refusals.ts';

const TYPES = [PROTOBUF, JSON_TYPE] as const;
const WRONG_KEY = `sbk_aaaaaaaa_${'A'.repeat(43)}`;
const STRANGERS: readonly [who: string, key: string | undefined][] = [
  ['without a key', undefined],
  ['with a wrong key', WRONG_KEY],
];

function callHttp({ httpUrl }: Guarded, type: string, key: string | undefined): Promise<HttpAnswer> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return call(`${httpUrl}/v1/traces`, { ...smallest(type), type, headers });
}

function callOverGrpc({ grpcAddress }: Guarded, key: string | undefined, name = newName('guarded')) {
  const message = encodeRequest('traces', oneSpan(name));
  return callGrpc(grpcAddress, METHODS.traces, { message, key });
}

/** Keys of the Collector have no limits: then there is nothing to be seen. */
async function callTired(guarded: Guarded): Promise<GrpcAnswer | null> {
  return guarded.tiredKey === null ? null : callOverGrpc(guarded, guarded.tiredKey);
}

const http: Check[] = TYPES.flatMap((type): Check[] => [
  ...STRANGERS.map(
    ([who, key]): Check => ({
      rule: 10,
      door: 'http',
      title: `${type} ${who} is 401 with a Status of that type`,
      async run({ guarded }) {
        const answer = await callHttp(guarded, type, key);
        must(answer.status === 401, `a request ${who}: ${answer.status} instead of 401`);
        must(statusOf(answer, type).message !== '', '401 without a message');
      },
    }),
  ),
  {
    rule: 10,
    door: 'http',
    title: `${type} of a sender over its limit is 429 with a Status of that type`,
    async run({ guarded }) {
      if (guarded.tiredKey === null) return;
      const answer = await callHttp(guarded, type, guarded.tiredKey);
      must(answer.status === 429, `a sender over its limit: ${answer.status} instead of 429`);
      must(statusOf(answer, type).message !== '', '429 without a message');
    },
  },
]);

const throttled: Check = {
  rule: 13,
  door: 'http',
  title: 'a sender over its limit is told by Retry-After and RetryInfo when to come back',
  async run({ guarded }) {
    if (guarded.tiredKey === null) return;
    const answer = await callHttp(guarded, PROTOBUF, guarded.tiredKey);
    must(answer.status === 429, `a sender over its limit: ${answer.status} instead of 429`);
    must(Number(answer.headers['retry-after']) >= 1, '429 without Retry-After');
    if (!statusOf(answer, PROTOBUF).retryInfo) partly('429 without RetryInfo');
  },
};

const grpc: Check[] = [
  ...STRANGERS.map(
    ([who, key]): Check => ({
      rule: 17,
      door: 'grpc',
      title: `a call ${who} is UNAUTHENTICATED; the good key gets in, and nothing else does`,
      async run({ guarded }) {
        const [refused, taken] = [newName('refused'), newName('taken')];
        const { code } = await callOverGrpc(guarded, key, refused);
        must(code === 'UNAUTHENTICATED', `a call ${who}: ${code} instead of UNAUTHENTICATED`);
        const good = await callOverGrpc(guarded, guarded.goodKey, taken);
        must(good.code === 'OK', `a call with its key: ${good.code}`);
        await arrived(guarded, { signal: 'traces', name: taken, what: 'a call with its key' });
        must(guarded.recorder.items('traces', refused).length === 0, `a call ${who} is passed on`);
      },
    }),
  ),
  {
    rule: 17,
    door: 'grpc',
    title: 'a sender over its limit is RESOURCE_EXHAUSTED with RetryInfo',
    async run({ guarded }) {
      const answer = await callTired(guarded);
      if (answer === null) return;
      const { code, details } = answer;
      must(code === 'RESOURCE_EXHAUSTED', `a sender over its limit: ${code} instead of RESOURCE_EXHAUSTED`);
      must(details?.retryInfo === true, 'RESOURCE_EXHAUSTED without RetryInfo');
    },
  },
  {
    rule: 18,
    door: 'grpc',
    title: 'the refusal of a stranger is final, that of a sender over its limit is not',
    async run({ guarded }) {
      for (const [who, key] of STRANGERS) {
        const answer = await callOverGrpc(guarded, key);
        must(!isRepeated(answer), `a call ${who}: ${answer.code}, which is repeated`);
      }
      const tired = await callTired(guarded);
      must(tired === null || isRepeated(tired), `a sender over its limit: ${tired?.code}, which is final`);
    },
  },
];

/** Rules 10, 13, 17 and 18 for who may not send, or not now. */
export const guardedChecks: readonly Check[] = [...http, throttled, ...grpc];
