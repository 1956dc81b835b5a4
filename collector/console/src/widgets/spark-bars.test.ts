import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkBars } from './spark-bars.ts';

const bars = (path: string) => path.split('M').length - 1;

test('each bucket with requests is a bar, each with errors also a red one and a notch', () => {
  const paths = sparkBars({ requests: [0, 10, 5], errors: [0, 0, 1], width: 30, height: 20 });
  assert.equal(bars(paths.requests), 2);
  assert.equal(bars(paths.errors), 1);
  assert.equal(bars(paths.notches), 1);
  assert.ok(paths.requests.includes('v20'), 'the tallest bar fills the height');
});

test('one failure among a million requests is still seen', () => {
  assert.ok(sparkBars({ requests: [1e6], errors: [1], width: 10, height: 20 }).errors.includes('v1.5'));
});

test('nothing draws nothing', () => {
  assert.deepEqual(sparkBars({ requests: [], errors: [], width: 10, height: 20 }), {
    requests: '',
    errors: '',
    notches: '',
  });
});

test('fractions of requests fill the height as whole ones do', () => {
  const bars = sparkBars({ requests: [0.5, 0.25], errors: [0, 0], width: 20, height: 20 });
  assert.match(bars.requests, /v20h.*v10h/);
});
