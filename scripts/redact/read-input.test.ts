import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, readLines } from './read-input.ts';

const LONG = `{"resourceSpans":[${'{},'.repeat(40_000)}`;

for (const [what, name, head, kind] of [
  ['plain lines', 'a.log', 'GET / 200\n', 'text'],
  ['nothing', 'a.log', '', 'text'],
  ['logs in JSON', 'a.json', '{"level":"info"}\n{"level":"warn"}\n', 'text'],
  ['a request on one line', 'a', '{"resourceLogs":[]}', 'json_lines'],
  [
    'requests on lines, after a byte order mark',
    'a',
    '\ufeff{"resourceLogs":[]}\n{"resourceSpans":[]}\n',
    'json_lines',
  ],
  ['a request over many lines', 'a', '{\n "resourceMetrics" : []\n}', 'json'],
  ['a line longer than what is looked at', 'a', LONG, 'json_lines'],
  ['bytes', 'a', Buffer.from([0x0a, 0x02, 0x12, 0x00]), 'protobuf'],
  ['bytes that are not UTF-8', 'a', Buffer.from([0x41, 0xff, 0x41]), 'protobuf'],
  ['text cut within a character', 'a', Buffer.from('caf\u00e9').subarray(0, 4), 'text'],
  ['text by the name of protobuf', 'a.binpb', 'text', 'protobuf'],
  ['colours of a terminal', 'a', '\u001b[31mred\u001b[0m\tx\r\n', 'text'],
] as const) {
  test(`${what}: ${kind}`, () => assert.equal(kindOf(name, Buffer.from(head as string)), kind));
}

async function linesOf(chunks: string[]): Promise<string[]> {
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: string[] = [];
  for await (const line of readLines({ name: 'a', kind: 'text', bytes: 0, chunks: stream() }))
    lines.push(line.toString());
  return lines;
}

test('lines are put together over the ends of what is read at once', async () => {
  assert.deepEqual(await linesOf(['a\nb', 'c', '\r', '\n\nd\n']), ['a', 'bc', '', 'd']);
  assert.deepEqual(await linesOf(['no end']), ['no end']);
  assert.deepEqual(await linesOf([]), []);
});
