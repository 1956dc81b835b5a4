import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGUAGES, snippet } from './snippets.ts';

const context = { url: 'http://127.0.0.1:4318', now: Date.parse('2026-01-31T10:00:00Z') };

test('every language says where to send to', () => {
  for (const language of LANGUAGES) {
    const code = snippet(language, context)
      .map((step) => step.code)
      .join('\n');
    assert.ok(code.includes(context.url), language);
  }
});

test('curl sends a valid span of now', () => {
  const code = snippet('curl', context)[0]?.code ?? '';
  const body = JSON.parse(/-d '(.*)'/s.exec(code)?.[1] ?? '');
  const span = body.resourceSpans[0].scopeSpans[0].spans[0];
  assert.match(span.traceId, /^[0-9a-f]{32}$/);
  assert.match(span.spanId, /^[0-9a-f]{16}$/);
  assert.equal(span.endTimeUnixNano, '1769853600000000000');
  assert.ok(BigInt(span.startTimeUnixNano) < BigInt(span.endTimeUnixNano));
});
