import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAsking } from './ask.ts';

test('answers find their questions in any order', async () => {
  const asking = createAsking<string>();
  const sent: number[] = [];
  const first = asking.ask((id) => sent.push(id));
  const second = asking.ask((id) => sent.push(id));
  asking.answer(sent[1]!, 'second');
  asking.answer(sent[0]!, 'first');
  assert.deepEqual(await Promise.all([first, second]), ['first', 'second']);
});

test('an answer nobody asked for, or that comes twice, does nothing', async () => {
  const asking = createAsking<string>();
  let sent = 0;
  const question = asking.ask((id) => {
    sent = id;
  });
  asking.answer(999, 'stray');
  asking.answer(sent, 'right');
  asking.answer(sent, 'late');
  assert.equal(await question, 'right');
});

test('when the other side is gone, all open questions are answered alike', async () => {
  const asking = createAsking<string>();
  const questions = [asking.ask(() => {}), asking.ask(() => {})];
  asking.answerAll('gone');
  assert.deepEqual(await Promise.all(questions), ['gone', 'gone']);
});
