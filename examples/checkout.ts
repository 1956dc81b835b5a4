import { setTimeout as sleep } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Logger } from 'winston';
import { urlOf } from './addresses.ts';
import { callJson } from './call-json.ts';
import { type Order, sendOrder } from './order-message.ts';
import { type Attempt, retry } from './retry.ts';
import { HttpError } from './service.ts';

const tracer = trace.getTracer('shop');

export interface CheckoutRequest extends Order {
  amountCents: number;
  /** Ask payment to refuse the first attempt, so that the retry can be seen. */
  flaky: boolean;
}

/** Reserves all items at once, charges with retries, and hands the order to the queue. Throws an HttpError. */
export function checkout(request: CheckoutRequest, logger: Logger): Promise<void> {
  const attributes = { 'order.id': request.orderId, 'order.items': request.items.length };
  return tracer.startActiveSpan('checkout', { attributes }, async (span) => {
    try {
      await Promise.all(request.items.map(reserve));
      await charge(request, logger);
      const sent = await sendOrder({ orderId: request.orderId, items: request.items });
      if (sent.kind !== 'ok') throw new HttpError(502, `the order was not queued: ${sent.message}`);
      logger.info('order placed', { 'order.id': request.orderId, 'order.amount_cents': request.amountCents });
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

async function reserve(item: Order['items'][number]): Promise<void> {
  const answer = await callJson(`${urlOf('inventory')}/reservations`, { method: 'POST', body: item });
  if (answer.kind === 'ok') return;
  const callersFault = answer.kind === 'refused' && answer.status < 500;
  throw new HttpError(callersFault ? answer.status : 502, `${item.sku} not reserved: ${answer.message}`);
}

async function charge(request: CheckoutRequest, logger: Logger): Promise<void> {
  const { orderId, amountCents, flaky } = request;
  const outcome = await retry(
    {
      attempts: 4,
      baseDelayMs: 50,
      wait: sleep,
      random: Math.random,
      onRetry: ({ attempt, delayMs, reason }) => {
        trace.getActiveSpan()?.addEvent('retry', { 'retry.attempt': attempt, 'retry.delay_ms': delayMs });
        logger.warn('payment refused, trying again', { 'order.id': orderId, attempt, reason });
      },
    },
    (attempt) => chargeOnce({ orderId, amountCents, flaky, attempt }),
  );
  if (outcome.kind === 'again') throw new HttpError(502, `payment failed: ${outcome.reason}`);
}

async function chargeOnce(body: Record<string, unknown>): Promise<Attempt<unknown>> {
  const answer = await callJson(`${urlOf('payment')}/charges`, { method: 'POST', body });
  if (answer.kind === 'ok') return { kind: 'done', value: answer.body };
  if (answer.kind === 'refused' && answer.status < 500) throw new HttpError(402, answer.message);
  return { kind: 'again', reason: answer.message };
}
