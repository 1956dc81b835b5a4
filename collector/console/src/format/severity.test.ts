import assert from 'node:assert/strict';
import { test } from 'node:test';
import { severityLevel } from './severity.ts';

test('each level has four numbers, and none is not a level', () => {
  assert.deepEqual([1, 4, 5, 9, 12, 13, 17, 20, 21, 24].map(severityLevel), [
    'TRACE',
    'TRACE',
    'DEBUG',
    'INFO',
    'INFO',
    'WARN',
    'ERROR',
    'ERROR',
    'FATAL',
    'FATAL',
  ]);
  assert.equal(severityLevel(0), null);
  assert.equal(severityLevel(25), null);
});
