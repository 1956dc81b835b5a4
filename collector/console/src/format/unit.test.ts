import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMetricValue, unitWord } from './unit.ts';

const value = (unit: string, stat = 'value', type = 'gauge') => ({ unit, stat, type });

test('times are durations and bytes are binary', () => {
  assert.equal(formatMetricValue(1.24, value('s')), '1.24 s');
  assert.equal(formatMetricValue(250, value('ms')), '250 ms');
  assert.equal(formatMetricValue(1536, value('By')), '1.5 KiB');
  assert.equal(formatMetricValue(1536, value('By', 'rate', 'sum')), '1.5 KiB/s');
});

test('units of UCUM are words', () => {
  assert.equal(unitWord('{request}'), 'request');
  assert.equal(unitWord('1'), '');
  assert.equal(formatMetricValue(12, value('{request}', 'rate', 'sum')), '12 request/s');
  assert.equal(formatMetricValue(0.5, value('1')), '0.5');
});

test('the rate of a histogram counts measurements, whatever they measure', () => {
  assert.equal(formatMetricValue(4, value('s', 'rate', 'histogram')), '4/s');
  assert.equal(formatMetricValue(4, value('s', 'p95', 'histogram')), '4.00 s');
});
