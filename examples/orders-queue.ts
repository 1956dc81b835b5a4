import { Type } from 'typebox';
import { createService, HttpError } from './service.ts';

const { app, isBroken, start } = createService('orders-queue');

const maxWaiting = 1_000;
const message = Type.Object({
  id: Type.String({ maxLength: 64 }),
  /** The producer's trace context, as in any message system: it travels with the message, not with the request. */
  headers: Type.Record(Type.String(), Type.String({ maxLength: 1_000 })),
  body: Type.Unknown(),
});
const receiveQuery = Type.Object({
  max: Type.Integer({ minimum: 1, maximum: 100, default: 10 }),
  waitMs: Type.Integer({ minimum: 0, maximum: 10_000, default: 0 }),
});

type Message = Type.Static<typeof message>;

const waiting: Message[] = [];
let wakeReceiver: () => void = () => {};

function untilMessageOr(waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    wakeReceiver = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

app.post('/messages', { schema: { body: message } }, async (request, reply) => {
  if (isBroken()) throw new HttpError(503, 'the queue takes no messages');
  if (waiting.length >= maxWaiting) throw new HttpError(503, 'the queue is full');
  waiting.push(request.body);
  wakeReceiver();
  return reply.code(202).send({ id: request.body.id, waiting: waiting.length });
});

app.post('/messages/receive', { schema: { querystring: receiveQuery } }, async (request) => {
  const { max, waitMs } = request.query;
  if (waiting.length === 0 && waitMs > 0) await untilMessageOr(waitMs);
  return { messages: waiting.splice(0, max) };
});

await start();
