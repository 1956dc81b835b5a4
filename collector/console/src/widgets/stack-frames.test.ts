import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStack } from './stack-frames.ts';

const kinds = (text: string) => readStack(text).map(({ kind }) => kind);

test('frames of the app stand apart from those of libraries', () => {
  const node = [
    'TypeError: x is undefined',
    '    at checkout (file:///app/checkout.ts:3:1)',
    '    at Object.<anonymous> (file:///app/payment.ts:23:11)',
    '    at run (/app/node_modules/fastify/lib/x.js:1:1)',
    '    at node:internal/process/task_queues:105:5',
  ];
  assert.deepEqual(kinds(node.join('\n')), ['head', 'app', 'app', 'library', 'library']);
});

test('Python, Java and their causes are read too', () => {
  assert.deepEqual(
    kinds(
      'Traceback:\n  File "/app/main.py", line 3\n  File "/usr/lib/python3.12/json/x.py", line 1\nValueError: no',
    ),
    ['head', 'app', 'library', 'head'],
  );
  assert.deepEqual(
    kinds(
      'java.lang.Error: no\n\tat com.shop.Pay.run(Pay.java:3)\n\tat java.base/java.lang.Thread.run(Thread.java:1)\nCaused by: x\n',
    ),
    ['head', 'app', 'library', 'head'],
  );
});
