import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleMistakes } from './config.ts';
import { createSelect } from './select.ts';
import { configOf, isValid } from './testing/requests.ts';

test('without a section all is kept, and nothing is looked at', () => {
  const config = configOf({});
  assert.deepEqual(sampleMistakes(config), []);
  const select = createSelect(config, { random: () => 0, monotonicMs: () => 0 });
  assert.equal(select.isActive('traces') || select.isActive('logs') || select.isActive('metrics'), false);
});

test('only the signals that something is configured for are looked at', () => {
  const active = (section: object) => {
    const select = createSelect(configOf(section), { random: () => 0, monotonicMs: () => 0 });
    return (['traces', 'logs', 'metrics'] as const).filter((signal) => select.isActive(signal)).join(' ');
  };
  assert.equal(active({ drop_health_checks: true }), 'traces logs');
  assert.equal(active({ drop: [{ name: 'a', metric_name: 'x' }] }), 'metrics');
  assert.equal(active({ drop: [{ name: 'a', span_name: 'x' }] }), 'traces');
  assert.equal(active({ drop: [{ name: 'a', severity_below: 'info' }] }), 'logs');
  assert.equal(active({ drop: [{ name: 'a', service: 'x' }] }), 'traces logs metrics');
  assert.equal(active({ traces: { ratio: 0.5 } }), 'traces');
  assert.equal(active({ traces: { services: [{ service: 'a', ratio: 0.5 }] } }), 'traces');
  assert.equal(active({ rate_limits: [{ signal: 'metrics', per_second: 1 }] }), 'metrics');
  const rules = [{ ratio: 0.5 }];
  assert.equal(active({ logs: { rules } }), 'traces logs', 'which traces are kept is seen in spans');
  assert.equal(active({ logs: { rules, follow_traces: false } }), 'logs');
});

test('the schema refuses what is not known or out of range', () => {
  for (const section of [
    { ratio: 1 },
    { traces: { ratio: 1.1 } },
    { traces: { ratio: -0.1 } },
    { drop: [{ match: { a: 'b' } }] },
    { drop: [{ name: 'a b', match: { a: 'b' } }] },
    { drop: [{ name: 'a', match: { a: 1 } }] },
    { drop: [{ name: 'a', match: { a: [] } }] },
    { drop: [{ name: 'a', service: '' }] },
    { drop: [{ name: 'a', severity_below: 'loud' }] },
    { logs: { rules: [{ severity_at_most: 'info' }] } },
    { rate_limits: [{ signal: 'spans', per_second: 1 }] },
    { rate_limits: [{ signal: 'logs', per_second: 0 }] },
  ])
    assert.equal(isValid(section), false, JSON.stringify(section));
});

test('mistakes are told with their path', () => {
  const config = configOf({
    drop: [
      { name: 'everything', signal: 'logs' },
      { name: 'neither', span_name: 'a', metric_name: 'b' },
      { name: 'wrong', signal: 'logs', span_name: 'a' },
      { name: 'health_checks', service: 'a' },
      { name: 'fine', service: '*' },
      { name: 'fine', service: ['a', 'b'] },
    ],
    rate_limits: [
      { signal: 'traces', severity_at_most: 'info', per_second: 1 },
      { signal: 'logs', severity_at_most: 'info', per_second: 1 },
    ],
  });
  assert.deepEqual(
    sampleMistakes(config).map(({ message, path }) => `${path}: ${message}`),
    [
      'sample.drop.0: has no condition, so it would drop all; `service: "*"` if it should',
      'sample.drop.1: matches nothing: span_name and metric_name are of different signals',
      'sample.drop.2: matches nothing: signal and span_name are of different signals',
      'sample.drop.3.name: health_checks is the name of a rule that is built in',
      'sample.drop.5.name: is the name of sample.drop.4 too',
      'sample.rate_limits.0.severity_at_most: only logs have a severity, not traces',
    ],
  );
});
