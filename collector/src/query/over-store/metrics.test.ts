import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricsContract } from '#test/query-contract/metrics.ts';
import { openStoreBackend } from '#test/query-contract/store-backend.ts';
import { EPOCH, metricsPayload, SECOND } from '#test/support/otlp-payload.ts';
import { makeTempFolder, NEVER, openTempStore } from '#test/support/temp-store.ts';

metricsContract(openStoreBackend);

const CUMULATIVE = 2;
/** A multiple of the steps, so that they begin with it. */
const START = EPOCH - (EPOCH % (60n * SECOND));
const at = (seconds: number) => START + BigInt(seconds) * SECOND;
const RANGE = { from: START, to: at(50) };

test('a restart of the store and a new day neither lose nor double what a cumulative sum grew', async (context) => {
  const folder = await makeTempFolder(context);
  const DAY = 86_400n * SECOND;
  for (const [n, asInt] of ['10', '30', '60', '100'].entries()) {
    const temp = await openTempStore(context, { folder });
    const dataPoints = [{ timeUnixNano: at(n * 10 + 5), startTimeUnixNano: at(1), asInt }];
    const sum = { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true };
    const from = { service: 'a', arrived: EPOCH + (n > 1 ? DAY : 0n) };
    await temp.accept(metricsPayload(from, [{ name: 'm', unit: 's', sum }]));
    if (n === 3) {
      const asked = { range: RANGE, name: 'm', service: null, by: null, attributes: [] };
      const detail = await temp.query.metric({ ...asked, stat: 'increase', stepSeconds: 10 }, NEVER);
      assert.deepEqual(
        detail!.series.map(({ points }) => points.map(([, value]) => value)),
        [[10, 20, 30, 40, null]],
      );
      const list = await temp.query.metrics(
        { range: RANGE, q: null, service: null, page: { limit: 9, cursor: null } },
        NEVER,
      );
      assert.equal(list.metrics[0]!.series, 1);
    }
    await temp.close();
  }
});

test('two kinds of metric under one name are two lines of the list, always on one page', async (context) => {
  const temp = await openTempStore(context);
  const points = (t: number) => [{ timeUnixNano: at(t), asInt: '1' }];
  const gauge = (name: string) => ({ name, gauge: { dataPoints: points(1) } });
  const sum = { name: 'b', sum: { dataPoints: points(2), aggregationTemporality: 1 } };
  await temp.accept(
    metricsPayload({ service: 'a' }, ['a', 'b', 'c'].map(gauge)),
    metricsPayload({ service: 'z' }, [sum]),
  );
  const found: string[][] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Awaited<ReturnType<typeof temp.query.metrics>> = await temp.query.metrics(
      { range: RANGE, q: null, service: null, page: { limit: 1, cursor: cursor ?? null } },
      NEVER,
    );
    found.push(page.metrics.map(({ name, services, type }) => `${name} ${type} ${services.join('+')}`));
    cursor = page.nextCursor;
  }
  assert.deepEqual(found, [['a gauge a'], ['b sum z', 'b gauge a'], ['c gauge a']]);
});
