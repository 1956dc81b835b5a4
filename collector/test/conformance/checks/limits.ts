import { isDeepStrictEqual } from 'node:util';
import { SIGNALS } from '#core/signal.ts';
import { callGrpc, METHODS } from '../grpc-client.ts';
import { call, type HttpCall, PROTOBUF, statusOf } from '../http-client.ts';
import { peakBytes, resetPeak } from '../memory.ts';
import { encodeRequest, newName, ONE, spanOf, tracesOf } from '../payloads.ts';
import { itemsOf } from '../recorder.ts';
import { RULES } from '../rules.ts';
import { type Message, send, sendTaken } from '../send.ts';
import type { Check } from '../suite.ts';
import { LIMIT_BYTES } from '../target.ts';
import { must, partly } from '../verdict.ts';

const MIB = 1024 * 1024;
const BOMB_BYTES = 256 * MIB;
/** Far above what a request under the limit costs, far below the bomb. */
const BOMB_MAY_COST_BYTES = 160 * MIB;
const RECOMMENDED_BYTES = 64 * MIB;

/** A valid request of about this many bytes, which compresses well. */
function requestOf(bytes: number, name = newName('large')): Uint8Array {
  return encodeRequest('traces', tracesOf(spanOf(name, { traceState: 'a'.repeat(bytes) })));
}

/** Many equal envelopes: one behind the other they are one message. */
function manyOf(bytes: number): Uint8Array {
  const one = requestOf(16_384);
  return Buffer.concat(Array.from({ length: Math.floor(bytes / one.length) }, () => one));
}

const TOO_LARGE: readonly [what: string, init: HttpCall][] = [
  ['with its length', { body: requestOf(2 * LIMIT_BYTES) }],
  ['in chunks', { body: requestOf(2 * LIMIT_BYTES), chunked: true }],
  ['after decompression', { body: requestOf(2 * LIMIT_BYTES), gzip: true }],
];

const compression: Check[] = RULES[0]!.doors.flatMap((door) =>
  SIGNALS.map((signal) => ({
    rule: 1,
    door,
    title: `${signal} arrive as they were, plain and in gzip`,
    async run({ target }) {
      for (const gzip of [false, true]) {
        const name = newName('compression');
        const bytes = encodeRequest(signal, ONE[signal](name));
        const what = gzip ? 'gzip' : 'plain';
        const item = await sendTaken(target, door, { signal, bytes, gzip, name, what });
        must(isDeepStrictEqual(item, itemsOf(signal, bytes)[0]), `${what}: ${signal} are changed`);
      }
    },
  })),
);

const limits: Check[] = RULES[1]!.doors.flatMap((door): Check[] => [
  {
    rule: 2,
    door,
    title: 'a request under the limit is taken, one over it is not, compressed or plain',
    async run({ target }) {
      const under = await send(target, door, { signal: 'traces', bytes: requestOf(LIMIT_BYTES - 4096) });
      must(under.isTaken, `under the limit: ${under.said}`);
      for (const gzip of [false, true]) {
        const name = newName('over');
        const over = await send(target, door, {
          signal: 'traces',
          bytes: requestOf(2 * LIMIT_BYTES, name),
          gzip,
        });
        must(!over.isTaken, `over the limit, ${gzip ? 'gzip' : 'plain'}: taken`);
      }
    },
  },
  {
    rule: 2,
    door,
    title: 'a gzip of 256 MiB costs no such memory',
    async run({ target }) {
      resetPeak(target.pid);
      const before = peakBytes(target.pid);
      const bomb: Message = { signal: 'traces', bytes: Buffer.alloc(BOMB_BYTES), gzip: true };
      const { isTaken } = await send(target, door, bomb);
      must(!isTaken, 'a gzip of 256 MiB is taken');
      const cost = peakBytes(target.pid) - before;
      must(
        cost < BOMB_MAY_COST_BYTES,
        `a gzip of 256 MiB costs more than ${BOMB_MAY_COST_BYTES / MIB} MiB of memory`,
      );
    },
  },
  {
    rule: 2,
    door,
    title: 'the limit is 64 MiB by default',
    async run({ plain }) {
      const bytes = manyOf(RECOMMENDED_BYTES - MIB);
      const { isTaken, said } = await send(plain, door, { signal: 'traces', bytes, gzip: true });
      if (!isTaken) partly(`63 MiB with the default limit: ${said}`);
      const over = await send(plain, door, {
        signal: 'traces',
        bytes: manyOf(RECOMMENDED_BYTES + MIB),
        gzip: true,
      });
      must(!over.isTaken, '65 MiB are taken with the default limit');
    },
  },
]);

const codes: Check[] = [
  ...TOO_LARGE.map(
    ([what, init]): Check => ({
      rule: 3,
      door: 'http',
      title: `a body that is too large ${what} is answered 413`,
      async run({ target }) {
        const answer = await call(`${target.httpUrl}/v1/traces`, init);
        must(answer.status === 413, `${answer.status} instead of 413`);
        statusOf(answer, PROTOBUF);
      },
    }),
  ),
  ...[false, true].map(
    (gzip): Check => ({
      rule: 4,
      door: 'grpc',
      title: `a message that is too large ${gzip ? 'after decompression' : 'as sent'} is RESOURCE_EXHAUSTED and not to be repeated`,
      async run({ target }) {
        const message = requestOf(2 * LIMIT_BYTES);
        const { code, details } = await callGrpc(target.grpcAddress, METHODS.traces, { message, gzip });
        must(code === 'RESOURCE_EXHAUSTED', `${code} instead of RESOURCE_EXHAUSTED`);
        must(details?.retryInfo !== true, 'RESOURCE_EXHAUSTED with RetryInfo');
      },
    }),
  ),
];

/** Rules 1 to 4: compression and size. */
export const limitChecks: readonly Check[] = [...compression, ...limits, ...codes];
