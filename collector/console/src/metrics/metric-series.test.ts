import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricResponse } from '#api/schemas/metrics.ts';
import { metricLines, seriesLabels } from './metric-series.ts';

const series = (
  service: string,
  attributes: Record<string, unknown>,
  points: [number, number | null][] = [],
) => ({
  service,
  attributes,
  points,
});

test('labels name only what tells series apart', () => {
  assert.deepEqual(
    seriesLabels([series('shop', { route: '/a', env: 'x' }), series('shop', { route: '/b', env: 'x' })]),
    ['route=/a', 'route=/b'],
  );
  assert.deepEqual(seriesLabels([series('shop', {}), series('queue', {})]), ['shop', 'queue']);
  assert.deepEqual(seriesLabels([series('', { env: 'x' })]), ['all services']);
});

test('more lines than colours differ in their stroke', () => {
  const response = {
    stepSeconds: 10,
    series: Array.from({ length: 20 }, (_, index) => series('shop', { n: index }, [[0, index]])),
  } as unknown as MetricResponse;
  const { series: lines } = metricLines(response, new Set(['n=3']));
  const looks = new Set(lines.map(({ color, dash }) => `${color} ${dash?.join()}`));
  assert.equal(looks.size, 20);
  assert.equal(lines[3]?.hidden, true);
});
