import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';
import { Type } from 'typebox';
import { createService, HttpError } from './service.ts';

const { app, isBroken, logger, start } = createService('payment');

const flakyShare = 0.15;
// Fewer than the shop tries: unless payment is broken, a retry always helps in the end.
const maxBusyAttempts = 3;
const chargeBody = Type.Object({
  orderId: Type.String({ maxLength: 64 }),
  amountCents: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  attempt: Type.Integer({ minimum: 1 }),
  /** Refuse the first attempt for certain, so that a retry can be seen. */
  flaky: Type.Boolean({ default: false }),
});

app.post('/charges', { schema: { body: chargeBody } }, async (request, reply) => {
  const { orderId, amountCents, attempt, flaky } = request.body;
  trace.getActiveSpan()?.setAttributes({ 'order.id': orderId, 'payment.attempt': attempt });
  await sleep(10 + Math.random() * 40);
  if (isBroken()) throw new HttpError(503, 'the card network does not answer');
  if (flaky ? attempt === 1 : attempt <= maxBusyAttempts && Math.random() < flakyShare)
    throw new HttpError(503, 'the card network is busy');
  logger.info('charged', { 'order.id': orderId, 'payment.amount_cents': amountCents });
  return reply.code(201).send({ orderId, status: 'charged' });
});

await start();
