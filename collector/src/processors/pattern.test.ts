import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePatterns } from './pattern.ts';

test('a pattern is text, with stars for any characters', () => {
  const matches = (pattern: string | string[], text: string) => compilePatterns(pattern)(text);
  assert.ok(matches('/healthz', '/healthz') && !matches('/healthz', '/healthz/'));
  assert.ok(matches('/static/*', '/static/') && !matches('/static/*', '/statics'));
  assert.ok(matches('*.css', '/a/b.css') && !matches('*.css', '/a.css?x'));
  assert.ok(matches('*admin*', 'the admin page') && !matches('*admin*', 'Admin'));
  assert.ok(matches('*', '') && matches('a*b*c', 'abxxbc') && !matches('a*b*c', 'acb'));
  assert.ok(!matches('aba*aba', 'aba') && !matches('ab*b*bc', 'abc'));
  assert.ok(matches(['a', 'b*'], 'bcd') && !matches(['a', 'b*'], 'ab'));
});

test('patterns match as the regular expression of the same meaning', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '$'), maxLength: 10 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '$', '*'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const source = pattern.split('*').map((part) => part.replace(/[.$]/g, '\\$&'));
      const wanted = new RegExp(`^${source.join('.*')}$`).test(text);
      assert.equal(compilePatterns(pattern)(text), wanted, `${pattern} on ${text}`);
    }),
    { numRuns: 2000, seed: 20260903 },
  );
});
