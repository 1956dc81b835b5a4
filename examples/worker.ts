import { setTimeout as sleep } from 'node:timers/promises';
import { context, type Link, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { urlOf } from './addresses.ts';
import { callJson } from './call-json.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLogger, exceptionAttributes } from './logger.ts';
import { contextOfMessage, messagingAttributes, type OrderMessage } from './order-message.ts';

const logger = createLogger();
const tracer = trace.getTracer('orders');
let stopping = false;

const lifecycle = createLifecycle(async () => {
  stopping = true;
  await working;
});

async function receive(waitMs: number): Promise<OrderMessage[] | undefined> {
  const answer = await callJson<{ messages: OrderMessage[] }>(
    `${urlOf('orders-queue')}/messages/receive?max=10&waitMs=${waitMs}`,
    { method: 'POST', timeoutMs: waitMs + 2_000 },
  );
  return answer.kind === 'ok' ? answer.body.messages : undefined;
}

/**
 * One CONSUMER span for the batch, in a trace of its own and linked to every producer (a span has one parent,
 * a batch has many), and one span per message that continues the producer's trace.
 */
async function processBatch(messages: OrderMessage[]): Promise<void> {
  const links: Link[] = messages.flatMap((message) => {
    const producer = trace.getSpanContext(contextOfMessage(message));
    return producer ? [{ context: producer, attributes: { 'messaging.message.id': message.id } }] : [];
  });
  const attributes = {
    ...messagingAttributes,
    'messaging.operation.name': 'receive',
    'messaging.operation.type': 'receive',
    'messaging.batch.message_count': messages.length,
  };
  const options = { kind: SpanKind.CONSUMER, root: true, links, attributes };
  await tracer.startActiveSpan('receive orders', options, async (batchSpan) => {
    logger.info('batch received', { 'messaging.batch.message_count': messages.length });
    await Promise.all(
      messages.map((message) => processMessage(message, { context: batchSpan.spanContext() })),
    );
    batchSpan.end();
  });
}

async function processMessage(message: OrderMessage, batch: Link): Promise<void> {
  const parent = contextOfMessage(message);
  const attributes = {
    ...messagingAttributes,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.message.id': message.id,
  };
  const span = tracer.startSpan(
    'process orders',
    { kind: SpanKind.CONSUMER, links: [batch], attributes },
    parent,
  );
  await context.with(trace.setSpan(parent, span), async () => {
    try {
      await pack(message);
      logger.info('order packed', { 'order.id': message.id, 'order.items': message.body.items.length });
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      logger.error('order could not be packed', { 'order.id': message.id, ...exceptionAttributes(error) });
    }
  });
  span.end();
}

async function pack(message: OrderMessage): Promise<void> {
  if (lifecycle.isBroken()) throw new Error('the packing machine is jammed');
  for (const { sku } of message.body.items) {
    const answer = await callJson(`${urlOf('inventory')}/stock/${sku}`, { method: 'GET' });
    if (answer.kind !== 'ok') throw new Error(`stock of ${sku} unknown: ${answer.message}`);
  }
  await sleep(20 + Math.random() * 60);
}

async function work(): Promise<void> {
  for (;;) {
    const messages = await receive(stopping ? 0 : 2_000);
    if (messages === undefined && stopping) return;
    if (messages === undefined) await sleep(500);
    else if (messages.length > 0) {
      await processBatch(messages);
      // Orders gather meanwhile, so that a batch holds more than one.
      if (!stopping) await sleep(400);
    } else if (stopping) return;
  }
}

const working = work();
lifecycle.ready();
