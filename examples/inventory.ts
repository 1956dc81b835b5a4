import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { catalogue } from './catalogue.ts';
import { createService, HttpError } from './service.ts';

const { app, isBroken, logger, start } = createService('inventory');

const stock = new Map(catalogue.map((product) => [product.sku, 1_000]));
const skuParams = Type.Object({ sku: Type.String({ maxLength: 40 }) });
const reservationBody = Type.Object({
  sku: Type.String({ maxLength: 40 }),
  quantity: Type.Integer({ minimum: 1, maximum: 10 }),
});

function stockOf(sku: string): number {
  if (isBroken()) throw new TypeError("Cannot read properties of undefined (reading 'rows')");
  const count = stock.get(sku);
  if (count === undefined) throw new HttpError(404, `no product ${sku}`);
  return count;
}

app.get('/stock/:sku', { schema: { params: skuParams } }, async (request) => {
  return { sku: request.params.sku, count: stockOf(request.params.sku) };
});

app.post('/reservations', { schema: { body: reservationBody } }, async (request, reply) => {
  const { sku, quantity } = request.body;
  await sleep(5 + Math.random() * 20);
  const count = stockOf(sku);
  if (count < quantity) {
    stock.set(sku, 1_000);
    logger.warn('stock ran out, restocked', { 'product.sku': sku, 'stock.left': count });
    throw new HttpError(409, `only ${count} of ${sku} left`);
  }
  stock.set(sku, count - quantity);
  return reply.code(201).send({ sku, reserved: quantity });
});

await start();
