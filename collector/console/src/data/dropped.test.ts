import assert from 'node:assert/strict';
import { test } from 'node:test';
import { droppedText } from './dropped.ts';

test('what was dropped on purpose is said by signal and rule, the largest first', () => {
  const dropped = { processor: 'sample' };
  const text = droppedText([
    { ...dropped, signal: 'logs', reason: 'rate_limit:rate_limits[0]', items: 1 },
    { ...dropped, signal: 'traces', reason: 'drop:health_checks', items: 1096 },
  ]);
  assert.equal(text, '1,096 spans (drop:health_checks), 1 log record (rate_limit:rate_limits[0])');
  assert.equal(droppedText([]), '');
});
