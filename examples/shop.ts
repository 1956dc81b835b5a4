import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { urlOf } from './addresses.ts';
import { catalogue } from './catalogue.ts';
import { checkout } from './checkout.ts';
import { createService, HttpError } from './service.ts';

const { app, logger, start } = createService('shop');

const item = Type.Object({
  sku: Type.String({ maxLength: 40 }),
  quantity: Type.Integer({ minimum: 1, maximum: 10 }),
});
const items = Type.Array(item, { minItems: 1, maxItems: 10 });
type Items = Type.Static<typeof items>;

const maxCarts = 1_000;
const carts = new Map<string, { items: Items; totalCents: number }>();

function productOf(sku: string) {
  const product = catalogue.find((candidate) => candidate.sku === sku);
  if (!product) throw new HttpError(404, `no product ${sku}`);
  return product;
}

function totalCentsOf(list: Items): number {
  return list.reduce((sum, { sku, quantity }) => sum + productOf(sku).priceCents * quantity, 0);
}

app.get('/products', async () => ({ products: catalogue }));

app.get('/products/:sku', { schema: { params: Type.Object({ sku: Type.String() }) } }, async (request) =>
  productOf(request.params.sku),
);

app.post('/carts', { schema: { body: Type.Object({ items }) } }, async (request, reply) => {
  const cart = { items: request.body.items, totalCents: totalCentsOf(request.body.items) };
  const id = crypto.randomUUID();
  if (carts.size >= maxCarts) carts.delete(carts.keys().next().value ?? '');
  carts.set(id, cart);
  return reply.code(201).send({ id, ...cart });
});

app.get('/carts/:id', { schema: { params: Type.Object({ id: Type.String() }) } }, async (request) => {
  const cart = carts.get(request.params.id);
  if (!cart) throw new HttpError(404, 'no such cart');
  return { id: request.params.id, ...cart };
});

app.post('/checkout', { schema: { body: Type.Object({ items }) } }, async (request, reply) => {
  const orderId = crypto.randomUUID();
  const amountCents = totalCentsOf(request.body.items);
  await checkout({ orderId, items: request.body.items, amountCents, flaky: false }, logger);
  return reply.code(201).send({ orderId, amountCents });
});

// The whole system in one trace: fan-out, a retry, the queue and its worker, and an answer that streams.
const workflowBody = Type.Object({ items, question: Type.String({ minLength: 1, maxLength: 2_000 }) });
app.post('/workflow', { schema: { body: workflowBody } }, async (request, reply) => {
  const { question } = request.body;
  const orderId = crypto.randomUUID();
  const amountCents = totalCentsOf(request.body.items);
  await checkout({ orderId, items: request.body.items, amountCents, flaky: true }, logger);
  const answer = await fetch(`${urlOf('assistant')}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question, userId: 'user-1', conversationId: orderId }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!answer.ok || !answer.body) throw new HttpError(502, `the assistant answered ${answer.status}`);
  return reply.type('text/plain; charset=utf-8').send(Readable.fromWeb(answer.body as never));
});

app.get('/reports/sales', async () => {
  await sleep(700 + Math.random() * 1_300);
  return { carts: carts.size, products: catalogue.length };
});

const recommendationQuery = Type.Object({ history: Type.String({ default: '[]', maxLength: 1_000 }) });
app.get('/recommendations', { schema: { querystring: recommendationQuery } }, async (request) => {
  const history: string[] = JSON.parse(request.query.history);
  // The bug of this demo: nobody thought of a customer who has bought nothing.
  const last = history.at(-1) as string;
  return { products: catalogue.filter((product) => product.sku !== last.toLowerCase()) };
});

await start();
