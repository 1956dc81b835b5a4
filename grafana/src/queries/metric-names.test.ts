import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asksForPushed, metricNamesIn } from './metric-names.ts';

it('names every metric of a query once, and no function or label', () => {
  const query = `(sum by (job) (rate(a_total{job="x"}[$__rate_interval])) or vector(0)) / sum(a_total)
    + max_over_time(b_bytes[1h:30s]) and on (c) d`;
  assert.deepEqual(metricNamesIn(query).sort(), ['a_total', 'b_bytes', 'd']);
});

it('tells what applications send from what Prometheus scrapes or makes itself', () => {
  assert.equal(asksForPushed('sum(rate(a_total{service_name="shop"}[$__rate_interval])) or vector(0)'), true);
  assert.equal(asksForPushed('a{job="loki"} / b'), true);
  assert.equal(
    asksForPushed('sum(rate(a_total{job=~"loki|tempo", x="y"}[$__rate_interval])) or vector(0)'),
    false,
  );
  assert.equal(asksForPushed('count(up == 0) + count(ALERTS{alertstate="firing"}) + time()'), false);
});
