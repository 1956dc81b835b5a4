import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { urlOf } from './addresses.ts';
import { type CallOutcome, callJson } from './call-json.ts';

export interface Order {
  orderId: string;
  items: { sku: string; quantity: number }[];
}

export interface OrderMessage {
  id: string;
  headers: Record<string, string>;
  body: Order;
}

export const messagingAttributes = {
  'messaging.system': 'demo_queue',
  'messaging.destination.name': 'orders',
} as const;

const tracer = trace.getTracer('orders');

/** Puts an order into the queue under a PRODUCER span, whose context goes with the message. */
export function sendOrder(order: Order): Promise<CallOutcome<{ id: string }>> {
  const attributes = {
    ...messagingAttributes,
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.message.id': order.orderId,
  };
  return tracer.startActiveSpan('send orders', { kind: SpanKind.PRODUCER, attributes }, async (span) => {
    const message: OrderMessage = { id: order.orderId, headers: {}, body: order };
    propagation.inject(context.active(), message.headers);
    const outcome = await callJson<{ id: string }>(`${urlOf('orders-queue')}/messages`, {
      method: 'POST',
      body: message,
    });
    if (outcome.kind !== 'ok') span.setStatus({ code: SpanStatusCode.ERROR, message: outcome.message });
    span.end();
    return outcome;
  });
}

/** The trace context a message brought with it; an empty one when it brought none. */
export function contextOfMessage(message: OrderMessage) {
  return propagation.extract(ROOT_CONTEXT, message.headers);
}
