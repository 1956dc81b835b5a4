import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyList, isContentEvent, isContentInEvent, isContentKey } from './content-keys.ts';
import { ABOUT, CONTENT, CONTENT_EVENTS } from './testing/dialects.ts';

for (const [dialect, keys] of Object.entries(CONTENT)) {
  test(`content of ${dialect} is known by its keys`, () => {
    assert.deepEqual(
      keys.filter((key) => !isContentKey(key)),
      [],
    );
  });
}

for (const [dialect, keys] of Object.entries(ABOUT)) {
  test(`what ${dialect} says about content is not content`, () => {
    assert.deepEqual(
      keys.filter((key) => isContentKey(key)),
      [],
    );
  });
}

test('events that hold content are known by name', () => {
  assert.deepEqual(
    CONTENT_EVENTS.filter((name) => !isContentEvent(name)),
    [],
  );
  const others = [
    'exception',
    'message',
    'rpc.message',
    'gen_ai.evaluation.result',
    'claude_code.api_request',
    '',
  ];
  assert.deepEqual(others.filter(isContentEvent), []);
});

test('in such an event what has no namespace is content unless it is known', () => {
  for (const key of [
    'content',
    'message',
    'tool_calls',
    'prompt',
    'arguments',
    'whatever',
    'gen_ai.event.content',
  ]) {
    assert.ok(isContentInEvent(key), key);
  }
  for (const key of ['role', 'id', 'index', 'finish_reason', 'gen_ai.system', 'session.id', 'event.name']) {
    assert.ok(!isContentInEvent(key), key);
  }
});

test('what is given to tools is content whatever its fields are called', () => {
  for (const key of [
    'gen_ai.tool.call.arguments.name',
    'langfuse.observation.input.role',
    'gen_ai.completion.0.tool_calls.0.arguments.id',
    'http.request.body.name',
  ]) {
    assert.ok(isContentKey(key), key);
  }
});

test('more keys are known exactly or by what they are below', () => {
  const isMore = createKeyList(['acme.prompt', 'acme.llm.*']);
  assert.deepEqual(['acme.prompt', 'acme.llm.text', 'acme.llm.a.b'].filter(isMore).length, 3);
  assert.deepEqual(
    ['acme.prompts', 'acme.prompt.id', 'acme.llm', 'acme.llms.text', 'Acme.prompt'].filter(isMore),
    [],
  );
});

test('keys of a hundred kilobytes are judged: what would not be linear would not end', () => {
  for (const part of ['a.', '.', '0.', 'A', 'aB', '[']) assert.ok(!isContentKey(part.repeat(50_000)));
});

test('of a very long key of an event only the ends are judged', () => {
  assert.ok(isContentInEvent('a'.repeat(10_000_000)));
  assert.ok(!isContentInEvent('a.'.repeat(30_000_000)));
  assert.ok(isContentInEvent(`gen_ai.prompt.${'a.'.repeat(30_000_000)}content`));
});
