import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from '#core/exact-json.ts';
import { logsContract } from '#test/query-contract/logs.ts';
import { openStoreBackend } from '#test/query-contract/store-backend.ts';
import { EPOCH, logsPayload, SECOND } from '#test/support/otlp-payload.ts';
import { NEVER, openTempStore } from '#test/support/temp-store.ts';

logsContract(openStoreBackend);

test('records of the same time come in the reverse order of their arrival', async (context) => {
  const temp = await openTempStore(context);
  const records = Array.from({ length: 20 }, (_, n) => ({ body: BigInt(n), time: EPOCH + BigInt(n >> 3) }));
  await temp.accept(logsPayload({ service: 'shop' }, records));
  const filters = { service: null, minSeverity: 0, words: [], traceId: null, spanId: null, attributes: [] };
  const range = { from: EPOCH, to: EPOCH + SECOND };
  const { logs } = await temp.query.logs({ range, filters, page: { limit: 50, cursor: null } }, NEVER);
  assert.deepEqual(
    logs.map(({ body }) => Number(stringifyExact(body))),
    records.map((_, n) => 19 - n),
  );
});
