import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './count.fixture.ts';
import { processorsVerdict } from './verdict.ts';

test('what was done is said in words, and what people look for also when there was none', () => {
  const { kind, text } = processorsVerdict([
    counted({ action: 'redacted', count: 1200, service: 'shop' }),
    counted({ action: 'redacted', count: 4, service: 'stock' }),
    counted({ action: 'dropped', count: 96, signal: 'traces' }),
  ]);
  assert.equal(kind, 'done');
  assert.equal(text, '1,204 values redacted, 96 spans dropped, nothing cut');
});

test('dropped items are counted by what they are', () => {
  const { text } = processorsVerdict([
    counted({ action: 'dropped', count: 1, signal: 'logs' }),
    counted({ action: 'dropped', count: 2, signal: 'traces' }),
    counted({ action: 'dropped', count: 3, signal: 'metrics' }),
  ]);
  assert.equal(text, 'Nothing redacted, 2 spans and 1 log record and 3 data points dropped, nothing cut');
});

test('each action has its words, in the singular too', () => {
  const actions = ['hashed', 'stripped', 'cut', 'clamped', 'merged', 'inserted'];
  const { text } = processorsVerdict(actions.map((action) => counted({ action, count: 1 })));
  assert.equal(
    text,
    'Nothing redacted, 1 id hashed, 1 piece of content taken out, nothing dropped, 1 value or member cut, ' +
      '1 time set right, 1 data point merged, 1 attribute added',
  );
  assert.match(processorsVerdict([counted({ action: 'cut', count: 2 })]).text, /2 values or members cut/);
});

test('without counts nothing is claimed', () => {
  assert.deepEqual(processorsVerdict([]), { kind: 'nothing', text: 'Nothing had to be changed or dropped' });
  assert.equal(processorsVerdict([counted({ count: 0 })]).kind, 'nothing');
});
